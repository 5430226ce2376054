"""A real node with JSON-RPC for black-box tests: starts it on a fast network of its own, calls it, and keeps what it
answered."""

import http.client
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time
import venv

from poaid_process import CRASH_MARKS, MINER, MODEL, PEER_OPTIONS, POAID, Checks

PACKAGES = ["web3==8.0.0", "eth-account==0.14.0", "vyper==0.4.3", "rlp==5.0.0", "PyYAML==6.0.4", "jsonschema==4.26.0"]
CHAIN_ID, RICH, SUBSIDY = 27425, 10_000 * 10**18, 5 * 10**18
LONGEST_WAIT = 90.0  # seconds until something must have happened, also on a busy machine


def enter_environment():
    """Starts this program again within the virtual environment with PACKAGES, which is made when there is none."""
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    cache = pathlib.Path(os.environ.get("POAI_CACHE_DIR") or pathlib.Path(home) / "poai")
    folder = cache / "web3-venv"
    python, ready = folder / "bin/python", folder / "packages.txt"
    if sys.prefix == str(folder):
        return
    if not ready.exists() or ready.read_text().split() != PACKAGES:
        print(f"Installing {' '.join(PACKAGES)} into {folder}", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=folder.exists())
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True
        )
        ready.write_text("\n".join(PACKAGES))
    os.execv(python, [str(python), "-B", *sys.argv])


class Progress(Checks):
    """Checks with a line for each group of them."""

    def group(self, name):
        print(f"{self.name}: {name}", flush=True)

    def raises(self, name, words, body):
        """Checks that `body()` fails with an error whose text has `words`; returns the error."""
        try:
            result = body()
        except Exception as error:  # pylint: disable=broad-except
            self.check(name, words in str(error), f"{type(error).__name__}: {error}")
            return error
        self.check(name, False, f"no error, but {result}")
        return None

    def finish(self):
        print(f"{self.name}: {self.count - self.failed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


class RPCFault(Exception):
    """An error that the node answered."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code, self.message, self.data = error["code"], error["message"], error.get("data")


def write_spec(path, accounts, target="0x207fffff"):
    """A network with a constant target that every second try meets, where `accounts` are rich from the start."""
    spec = {
        "name": "rpc-test",
        "chainID": CHAIN_ID,
        "blockInterval": 1,
        "retargetInterval": 1_000_000,
        "epochBlocks": 20,
        "maxFutureSeconds": 3600,
        "medianTimeBlocks": 11,
        "powLimitBits": "0x2100ffff",
        "genesisBits": target,
        "genesisTimestamp": 1767225600,
        "genesisGasLimit": 30_000_000,
        "genesisBaseFee": "1000000000",
        "initialSubsidy": str(SUBSIDY),
        "halvingInterval": 210_000,
        "quiz": {"tokenCount": 64, "scoredTokens": 8},
        "models": [
            {
                "activationHeight": 0,
                "engine": "exact-1",
                "name": "SmolLM2-135M-Instruct-Q4_1",
                "sha256": "0xb179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            }
        ],
        "alloc": [{"address": address.lower(), "wei": str(RICH)} for address in sorted(accounts, key=str.lower)],
    }
    path.write_text(json.dumps(spec), encoding="ascii")
    return path


class Node:
    """One `poaid run`; use it in a `with`, which ends it. `exchanges` has what was answered, of all nodes."""

    exchanges = []
    keeps_exchanges = True

    def __init__(self, data, spec, *options):
        self.arguments = [
            POAID,
            "run",
            "--data-dir",
            str(data),
            "--model-path",
            MODEL,
            "--miner-address",
            MINER,
            "--log-format",
            "json",
            "--threads",
            "1",
            "--batch-size",
            "1",
            "--rpc-port",
            "0",
            *(["--chain-spec", str(spec)] if spec else []),
            *([] if PEER_OPTIONS & set(map(str, options)) else ["--no-p2p"]),
            *map(str, options),
        ]
        self.data, self.lines, self.numbers = data, [], itertools.count(1)

    def __enter__(self):
        self.process = subprocess.Popen(
            self.arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout), daemon=True)
        self.reader.start()
        self.port = wait_for("the node to open its port", self.announced_port)
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()

    def announced_port(self):
        if self.process.poll() is not None:
            sys.exit(f"error: the node ended with exit code {self.process.returncode}:\n{self.log()}")
        found = re.search(r"rpc ready.*?http://127\.0\.0\.1:(\d+)", "".join(list(self.lines)), re.DOTALL)
        return int(found[1]) if found else None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def log(self):
        return "".join(list(self.lines)[-20:])

    def stop(self):
        """Ends the node with SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=LONGEST_WAIT)
        self.reader.join()
        return self.process.returncode

    def crash(self):
        """Why the node counts as crashed, or None."""
        if self.process.poll() is not None:
            return f"ended with exit code {self.process.returncode}: {self.log()}"
        text = "".join(list(self.lines))
        return next((f"printed '{mark}'" for mark in CRASH_MARKS if mark in text), None)

    def memory(self, name="VmRSS"):
        """Resident memory in MiB: now, or with `VmHWM` the most it was."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024

    def post(self, body, timeout=LONGEST_WAIT, headers=()):
        """HTTP status and body of the answer to a POST."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json", **dict(headers)})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def rpc(self, method, *params, timeout=LONGEST_WAIT):
        """The result of a call. Raises RPCFault."""
        number = next(self.numbers)
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        status, body = self.post(json.dumps(request), timeout)
        answer = json.loads(body)
        if "error" in answer:
            raise RPCFault(answer["error"])
        if status != 200 or answer["id"] != number:
            raise ValueError(f"{method}: HTTP status {status}, {body[:200]}")
        if self.keeps_exchanges:
            self.exchanges.append({"method": method, "params": list(params), "result": answer["result"]})
        return answer["result"]

    def height(self):
        return int(self.rpc("eth_blockNumber"), 16)

    def wait_for_block(self, height):
        wait_for(f"block {height}", lambda: self.height() >= height)


def wait_for(what, condition, seconds=LONGEST_WAIT):
    """The first value of `condition()` that counts as true."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            sys.exit(f"error: waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.05)
