"""Nodes of the built program, and what the tests of the network ask of them."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

from poaid_process import Checks

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import testnet  # noqa: E402

checks = Checks("network")
check = checks.check
NODES = []
DEV_KEY = "dddb63b2f68fabfd5542c172a661b4916a71823ede83252ef9edbac022ceb7e7"


def start(index, folder, *options, mines=True):
    """A node that meets nobody but those it is told of."""
    options = ["--target", "1000", "--dev-accounts", "3", "--no-discovery", *options]
    options += ["--miner-address", f"{index:040x}"] if mines else ["--no-mine"]
    node = testnet.Node(index, folder, options)
    NODES.append(node)
    node.wait_ready()
    return node


def until(condition, seconds=120):
    """Whether a condition holds within some time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False


def events(node, name):
    """The log lines of an event."""
    lines = node.log.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.startswith("{")]
    return [record for record in records if record.get("event") == name]


def peers(node):
    """How many nodes of its chain a node is connected to."""
    return int(node.call("net_peerCount") or "0x0", 16)


def dev_keys(node):
    """The keys of the development accounts that a node's log names."""
    return [event["key"][2:] for event in events(node, "dev account")]


def stop(*nodes):
    """Ends nodes in order."""
    for node in nodes:
        node.stop()
    for node in nodes:
        check(f"node {node.index} ends in order", node.join() == 0, node.log)


def send(node, key):
    """Sends a transfer through a node; its hash."""
    path = node.data.parent / f"key{node.index}.txt"
    path.write_text(key + "\n", encoding="ascii")
    path.chmod(0o600)
    done = subprocess.run(
        [testnet.POAID, "send", "--to", "ff" * 20, "--amount", "1", "--key-file", path, "--rpc-url", node.url],
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    check(f"a transfer through node {node.index}", done.returncode == 0, done.stderr)
    return "0x" + done.stdout.strip().rpartition("0x")[2]


class Usage:
    """What a running process takes of the machine."""

    def __init__(self, process):
        self.path = pathlib.Path(f"/proc/{process.pid}")

    def files(self):
        """Open files and sockets."""
        return len(os.listdir(self.path / "fd"))

    def memory(self):
        """MiB in memory."""
        return int((self.path / "status").read_text().partition("VmRSS:")[2].split()[0]) >> 10


def clean_up(folder):
    """Ends what still runs, and removes the nodes' data and logs unless something failed."""
    for node in NODES:
        if node.process.poll() is None:
            os.killpg(node.process.pid, signal.SIGKILL)
    if checks.failed == 0:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"the logs are in {folder}")
