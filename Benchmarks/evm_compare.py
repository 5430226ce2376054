#!/usr/bin/env python3
"""Compares the speed of `poaid bench evm` with revm (pyrevm 0.3.7) on the same loops, in one run.

usage: Benchmarks/evm_compare.py [--rounds 5] [--poaid .build/release/poaid] [--json]

Rounds alternate between the two, so that both see the same machine; the best round of each counts, as whatever else runs
only ever slows a round down. pyrevm is installed into a virtual environment in ~/.cache/poai (or POAI_CACHE_DIR).
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import time
import venv

VERSION = "0.3.7"
CALLER, CONTRACT = "0x" + "ca11".zfill(40), "0x" + "c0de".zfill(40)


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(os.environ.get("POAI_CACHE_DIR") or pathlib.Path(home) / "poai")


def enter_environment():
    """Starts this script again within the virtual environment, unless pyrevm is there already."""
    try:
        import pyrevm  # noqa: F401
        return
    except ImportError:
        folder = cache() / f"pyrevm-{VERSION}"
        python = folder / "bin/python"
        if sys.executable == str(python):
            sys.exit(f"error: {folder} has no pyrevm (remove the folder and try again)")
        if not python.exists():
            print(f"Installing pyrevm {VERSION} into {folder}", file=sys.stderr)
            venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"pyrevm=={VERSION}"], check=True)
        os.execv(python, [str(python), *sys.argv])


def revm(loop):
    """Millions of gas per second of one run, on a machine of its own."""
    import pyrevm
    machine = pyrevm.EVM(spec_id="CANCUN")
    machine.insert_account_info(CONTRACT, pyrevm.AccountInfo(code=bytes.fromhex(loop["code"][2:])))
    start = time.perf_counter()
    machine.message_call(CALLER, CONTRACT, gas=2 * loop["gasUsed"])
    seconds = time.perf_counter() - start
    used = machine.result.gas_used
    # pyrevm counts what it was given as written in the transaction itself, so that only storage may differ, by a little.
    if abs(used - loop["gasUsed"]) > 10_000:
        sys.exit(f"error: {loop['name']} used {loop['gasUsed']} gas here and {used} in revm")
    return used / seconds / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--poaid", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent / ".build/release/poaid")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    if not options.poaid.exists():
        sys.exit(f"error: {options.poaid} is missing (build it: swift build -c release --product poaid)")
    enter_environment()
    ours, theirs = {}, {}
    for _ in range(options.rounds):
        report = subprocess.run([options.poaid, "bench", "evm", "--json"], capture_output=True, text=True, check=True)
        for loop in json.loads(report.stdout)["loops"]:
            name = loop["name"]
            ours[name] = max(ours.get(name, 0), loop["mgasPerSecond"])
            # As many tries as poaid makes.
            theirs[name] = max([theirs.get(name, 0)] + [revm(loop) for _ in range(3)])
    if options.json:
        print(json.dumps({name: {"poaid": round(ours[name], 1), "revm": round(theirs[name], 1),
                                 "ratio": round(ours[name] / theirs[name], 3)} for name in ours}))
    else:
        for name in ours:
            print(f"{name:18} poaid {ours[name]:6.0f} Mgas/s, revm {theirs[name]:6.0f} Mgas/s, "
                  f"ratio {ours[name] / theirs[name]:.2f}")
    slower = [name for name in ours if ours[name] < theirs[name]]
    if slower:
        sys.exit(f"slower than revm: {', '.join(slower)}")


if __name__ == "__main__":
    main()
