"""The nodes of scripts/testnet.sh: starts them, shows them, stops them, and checks what they leave."""
import argparse
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
POAID = os.environ.get("POAID", str(ROOT / ".build/release/poaid"))
MODEL = os.environ.get("POAI_MODEL", str(ROOT / "models/SmolLM2-135M-Instruct.Q4_1.gguf"))


def fail(message):
    """Ends the program with an error."""
    sys.exit(f"error: {message}")


class Node:
    """One `poaid run` and what it says of itself."""

    def __init__(self, index, folder, options):
        self.index, self.data = index, folder / f"node{index}"
        self.address = f"{index:040x}"
        self.log = folder / f"node{index}.log"
        arguments = [
            POAID, "run", "--network", "devnet", "--data-dir", str(self.data), "--model-path", MODEL,
            "--rpc-port", "0", "--p2p-port", "0", "--log-format", "json", "--threads", "1", *options,
        ]
        # What an earlier run left in the log is not this one's.
        self.skipped = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
        self.url = self.multiaddr = None

    def event(self, name, field):
        """The field of the first such event in the log, waiting for it."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            for line in self.log.read_bytes()[self.skipped:].decode("utf-8", "replace").splitlines():
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if record.get("event") == name:
                    return record[field]
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        tail = self.log.read_text(encoding="utf-8").strip().splitlines()[-1:]
        fail(f"node {self.index} did not get ready: {tail[0] if tail else 'it said nothing'} (see {self.log})")

    def wait_ready(self):
        """Waits until others can connect and JSON-RPC answers."""
        self.multiaddr = self.event("p2p ready", "multiaddr")
        self.url = self.event("rpc ready", "url")

    def call(self, method, *parameters):
        """The result of a JSON-RPC call; None when the node does not answer."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.load(answer).get("result")
        except OSError:
            return None

    def head(self):
        """Height and hash of the head; (0, '?') when the node does not answer."""
        block = self.call("eth_getBlockByNumber", "latest", False)
        return (int(block["number"], 16), block["hash"]) if block else (0, "?")

    def stop(self):
        """Asks the node to end."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)

    def join(self):
        """Waits for the end; the exit code."""
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def show(nodes, is_live):
    """Prints heights, heads and peers; over the last table when it is live."""
    rows = [f"{'node':>4}  {'height':>6}  {'head':<14}{'peers':>5}  state"]
    for node in nodes:
        height, head = node.head()
        peers = int(node.call("net_peerCount") or "0x0", 16)
        state = "stopped" if node.process.poll() is not None else "syncing" if node.call("eth_syncing") else "mining" if node.call("eth_mining") else "resting"
        rows.append(f"{node.index:>4}  {height:>6}  {head[:12]:<14}{peers:>5}  {state}")
    up = f"\x1b[{len(rows)}A\x1b[J" if is_live and show.before else ""
    show.before = True
    print(up + "\n".join(rows), flush=True)


show.before = False


def one_head(nodes, patience=20, rest=5):
    """The head of all nodes once it stayed the same for `rest` seconds, since a block may still be on its way when mining
    begins to rest; None if that takes longer than `patience`."""
    began = since = time.monotonic()
    before = None
    while time.monotonic() - began < patience:
        heads = {node.head() for node in nodes}
        if len(heads) > 1 or (0, "?") in heads or heads != before:
            since, before = time.monotonic(), heads
        elif time.monotonic() - since >= rest:
            return heads.pop()
        time.sleep(0.5)
    return None


def settle(nodes):
    """Lets mining rest and waits for one head; a tie is broken by one more block of one node."""
    for node in nodes:
        node.call("miner_stop")
    deadline, turn = time.monotonic() + 600, 0
    while time.monotonic() < deadline:
        head = one_head(nodes)
        if head:
            return head
        # The same work on two branches: whoever finds the next block decides.
        miner = nodes[turn % len(nodes)]
        turn += 1
        before = miner.head()[0]
        miner.call("miner_start")
        while miner.head()[0] <= before and time.monotonic() < deadline:
            time.sleep(0.1)
        miner.call("miner_stop")
    return None


def check(nodes, head):
    """Verifies every chain from its bytes and shows the rewards; whether all is well."""
    good = True
    for node in nodes:
        done = subprocess.run(
            [POAID, "verify", "--data-dir", str(node.data), "--model-path", MODEL, "--json"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = {"ok": False, "error": done.stderr.strip()}
        is_good = report.get("ok") is True and (report.get("height"), report.get("head")) == head
        good = good and is_good
        balance = subprocess.run(
            [POAID, "balance", "--addr", node.address, "--data-dir", str(node.data)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout.strip()
        print(f"node {node.index}: verify {'true' if is_good else 'FALSE ' + json.dumps(report)}, {balance}", flush=True)
    return good


def arguments():
    """The command line."""
    parser = argparse.ArgumentParser(prog="scripts/testnet.sh", add_help=False)
    parser.add_argument("count", type=int)
    parser.add_argument("--stop-at-height", type=int)
    parser.add_argument("--data-dir", type=pathlib.Path)
    parser.add_argument("--target", type=int, default=25)
    parser.add_argument("--no-mine-from", type=int)
    given = parser.parse_args()
    if not 1 <= given.count <= 64:
        fail(f"{given.count} nodes? It must be 1 to 64")
    if given.stop_at_height is not None and given.stop_at_height < 1:
        fail(f"--stop-at-height: {given.stop_at_height} is no height from 1 up")
    return given


def main():
    """Runs the network."""
    given = arguments()
    folder = given.data_dir or ROOT / "testnet" / time.strftime("%Y%m%d-%H%M%S")
    if folder.exists() and any(folder.iterdir()):
        fail(f"{folder}: it is not empty (give a new --data-dir)")
    folder.mkdir(parents=True, exist_ok=True)
    stopping = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.append(True))
    nodes = []
    try:
        for index in range(1, given.count + 1):
            options = ["--target", str(given.target)]
            is_idle = given.no_mine_from is not None and index >= given.no_mine_from
            options += ["--no-mine"] if is_idle else ["--miner-address", f"{index:040x}"]
            options += ["--peer-multiaddr", nodes[0].multiaddr] if nodes else []
            nodes.append(Node(index, folder, options))
            if index == 1:
                nodes[0].wait_ready()
        for node in nodes:
            node.wait_ready()
        print(f"{given.count} nodes, data and logs in {folder}", flush=True)
        is_live, shown = sys.stdout.isatty(), 0.0
        while not stopping and all(node.process.poll() is None for node in nodes):
            if time.monotonic() - shown > (1 if is_live else 15):
                show(nodes, is_live)
                shown = time.monotonic()
            if given.stop_at_height and max(node.head()[0] for node in nodes) >= given.stop_at_height:
                break
            time.sleep(0.3)
        head = settle(nodes) if given.stop_at_height and not stopping else None
        show(nodes, False)
    finally:
        for node in nodes:
            node.stop()
        codes = [node.join() for node in nodes]
    if any(codes):
        fail(f"exit codes of the nodes: {codes} (see the logs in {folder})")
    if given.stop_at_height and not stopping:
        if head is None:
            fail("the nodes did not come to one head")
        print(f"one chain on all {given.count}: height {head[0]}, head {head[1]}", flush=True)
        if not check(nodes, head):
            fail("a chain is not as it must be")
    print("stopped: all nodes ended in order", flush=True)


if __name__ == "__main__":
    main()
