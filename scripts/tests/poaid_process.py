"""How the black-box tests call the built program: one place for its flags and for the shape of what it prints."""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
POAID = os.environ.get("POAID", str(ROOT / ".build/release/poaid"))
MODEL = os.environ.get("POAI_MODEL", str(ROOT / "models/SmolLM2-135M-Instruct.Q4_1.gguf"))
MINER = "00112233445566778899aabbccddeeff00112233"
# Options that say how a node meets others; without any of them a tested node meets nobody.
PEER_OPTIONS = {"--p2p-port", "--p2p-host", "--peer-multiaddr", "--bootstrap", "--max-peers", "--no-discovery", "--nat-address"}
# What a program that died of a trap, a signal or an uncaught error leaves in its output.
CRASH_MARKS = ("Fatal error", "Stack dump", "Crashed", "AddressSanitizer", "Segmentation fault", "*** Signal")


class Checks:
    """Counts checks, says at once which failed, and ends the test with a summary."""

    def __init__(self, name):
        self.name, self.count, self.failed = name, 0, 0

    def check(self, name, good, detail=""):
        """Counts one check and prints it when it is not good."""
        self.count += 1
        if not good:
            self.failed += 1
            print(f"FAILED {name}: {detail}")

    def finish(self):
        """Ends the process: exit code 0 if all checks were good."""
        print(f"{self.name}: {self.count - self.failed} of {self.count} checks passed")
        sys.exit(1 if self.failed else 0)


def mining(data, *extra, model=MODEL, miner=MINER, target="1000"):
    """Arguments that mine a devnet where every try wins at first."""
    options = {
        "--data-dir": data, "--model-path": model, "--miner-address": miner, "--target": target, "--rpc-port": 0,
    }
    given = {str(argument).split("=")[0] for argument in extra}
    flags = [part for name, value in options.items() if name not in given for part in (name, str(value))]
    network = [] if "--network" in given else ["--network", "devnet"]
    if not given & PEER_OPTIONS:
        flags.append("--no-p2p")
    return ["run", *flags, *network, "--log-format", "json", *map(str, extra)]


def call(*arguments, timeout=300, **options):
    """Runs poaid to its end without standard input and returns the finished process with its output as text."""
    return subprocess.run(
        [POAID, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, errors="replace", timeout=timeout, **options)


def crash_of(process):
    """Why the finished process counts as crashed rather than as refusing, or None."""
    if process.returncode < 0 or process.returncode in (132, 133, 134, 135, 136, 138, 139):
        return f"died of a signal (exit code {process.returncode})"
    output = process.stdout + process.stderr
    return next((f"printed '{mark}'" for mark in CRASH_MARKS if mark in output), None)


def announced_height(line):
    """Height of the block that a JSON log line announces as stored, or None: the line has `height` and `hash`."""
    try:
        record = json.loads(line)
    except ValueError:
        return None
    if isinstance(record, dict) and "height" in record and "hash" in record:
        return int(record["height"])
    return None


def verify(data, *extra):
    """Runs `poaid verify --json`; returns the process and what it printed as JSON (None when it is no JSON)."""
    process = call("verify", "--data-dir", data, "--model-path", MODEL, "--json", *extra)
    try:
        return process, json.loads(process.stdout)
    except ValueError:
        return process, None


def error_line(process):
    """The line that tells the person what is wrong, or an empty text."""
    lines = (process.stderr + process.stdout).splitlines()
    return next((line for line in lines if re.search(r"\berror\b", line, re.IGNORECASE)), "")


def need_program():
    """Stops unless there is a program and a model to test with."""
    for path in (POAID, MODEL):
        if not os.path.exists(path):
            sys.exit(f"error: {path} does not exist; scripts/test.sh builds the program and fetches the model")
