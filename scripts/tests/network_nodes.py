"""What tests of networks of the built program share: waiting, log events, peers, transfers, and what a node holds."""
import json
import os
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
import testnet  # noqa: E402

DEV_KEY = "dddb63b2f68fabfd5542c172a661b4916a71823ede83252ef9edbac022ceb7e7"


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


def dev_keys(node):
    """The keys of the development accounts that a node's log names."""
    return [event["key"][2:] for event in events(node, "dev account")]


def peers(node):
    """How many nodes of its chain a node is connected to."""
    return int(node.call("net_peerCount") or "0x0", 16)


def stop(checks, *nodes):
    """Ends nodes in order."""
    for node in nodes:
        node.stop()
    for node in nodes:
        checks.check(f"node {node.index} ends in order", node.join() == 0, node.log)


def send(checks, node, key):
    """Sends a transfer through a node; its hash."""
    path = node.data.parent / f"key{node.index}.txt"
    path.write_text(key + "\n", encoding="ascii")
    path.chmod(0o600)
    done = subprocess.run(
        [testnet.POAID, "send", "--to", "ff" * 20, "--amount", "1", "--key-file", path, "--rpc-url", node.url],
        stdin=subprocess.DEVNULL, capture_output=True, text=True)
    checks.check(f"a transfer through node {node.index}", done.returncode == 0, done.stderr)
    return "0x" + done.stdout.strip().rpartition("0x")[2]


def files(node):
    """How many files and sockets a node has open."""
    return len(os.listdir(f"/proc/{node.process.pid}/fd"))


def memory(node):
    """Resident memory of a node in MiB."""
    status = pathlib.Path(f"/proc/{node.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) >> 10
