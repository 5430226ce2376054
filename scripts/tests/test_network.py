"""Nodes of the built program on one machine: partitions joined, kill -9 during a synchronisation, strangers, floods of
sockets, clocks that are wrong, and peers that lie. Prints what failed; exit code 0 if nothing did."""
import os
import pathlib
import signal
import socket
import tempfile
import time

from network_adversary import adversaries
from network_nodes import DEV_KEY, Usage, check, checks, clean_up, dev_keys, events, peers, send, start, stop, testnet, until
from poaid_process import verify


def partitions(folder):
    """Two pairs mine apart for more than 30 blocks and are joined."""
    one, three = start(1, folder), start(3, folder)
    two = start(2, folder, "--peer-multiaddr", one.multiaddr)
    four = start(4, folder, "--peer-multiaddr", three.multiaddr)
    nodes = [one, two, three, four]
    check("the pairs meet", until(lambda: all(peers(node) == 1 for node in nodes)))
    # The keys of the development accounts 0 and 1, so that neither transfer hinders the other.
    dev = dev_keys(one)
    check("the first development key is the known one", dev[0] == DEV_KEY, dev)
    sent = [send(two, dev[0]), send(four, dev[1])]
    check("both sides mine 31 blocks", until(lambda: min(one.head()[0], three.head()[0]) >= 31, 240))
    left, right = one.head(), three.head()
    check("the sides differ", one.call("eth_getBlockByNumber", "0x1", False)["hash"]
          != three.call("eth_getBlockByNumber", "0x1", False)["hash"], f"{left} {right}")
    check("a node is added", one.call("admin_addPeer", three.multiaddr) is True)
    check("the sides meet", until(lambda: peers(one) == 2 and peers(three) == 2))
    check("one first block on all", until(
        lambda: len({node.call("eth_getBlockByNumber", "0x1", False)["hash"] for node in nodes}) == 1), nodes[0].log)
    depth = max(int(event["removed"]) for node in nodes for event in events(node, "chain reorganized") or [{"removed": 0}])
    check("more than 30 blocks were taken back", depth > 30, depth)
    check("the transfers of both sides are in the one chain", until(
        lambda: all(node.call("eth_getTransactionReceipt", name) for node in nodes for name in sent), 60), sent)
    head = testnet.settle(nodes)
    check("one head on all", head is not None)
    check("nobody was banned", not any(events(node, "peer banned") for node in nodes))
    stop(two, three, four)
    process, report = verify(two.data)
    check("verify after the join", process.returncode == 0 and report["ok"] and report["head"] == head[1], report)
    return one, head


def kill_during_sync(folder, source, head):
    """kill -9 while a fresh node synchronises, again and again; the chain is whole every time."""
    for _ in range(3):
        fresh = start(5, folder, "--peer-multiaddr", source.multiaddr, mines=False)
        begun = fresh.head()[0]
        until(lambda: fresh.head()[0] > min(begun + 3, head[0] - 1), 60)
        fresh.process.send_signal(signal.SIGKILL)
        fresh.join()
        process, report = verify(fresh.data)
        check("verify after kill -9", process.returncode == 0 and report and report["ok"], process.stderr)
    fresh = start(5, folder, "--peer-multiaddr", source.multiaddr, mines=False)
    check("it comes to the head", until(lambda: fresh.head() == head), fresh.head())
    check("it is synchronised", until(lambda: fresh.call("eth_syncing") is False, 30))
    stop(fresh)


def strangers(folder, source):
    """Nodes of another chain, and a wrong peer id, are refused with a reason."""
    other = start(6, folder, "--epoch-blocks", "7", "--peer-multiaddr", source.multiaddr, mines=False)
    check("a node of another chain is refused", until(lambda: events(other, "peer refused"), 30), other.log)
    check("it is no peer", peers(other) == 0 and peers(source) == 0)
    wrong = source.multiaddr.rpartition("/")[0] + "/" + other.multiaddr.rpartition("/")[2]
    other.call("admin_addPeer", wrong)
    time.sleep(2)
    check("a wrong peer id is nobody", peers(other) == 0)
    check("a text that is no multiaddr is an error", other.call("admin_addPeer", "nonsense") is None)
    check("nobody was banned for being of another chain", not events(source, "peer banned"))
    stop(other)


def sockets(source):
    """Sockets that send nothing, garbage, or one byte at a time: memory and files stay bounded, the node serves on."""
    port = int(source.multiaddr.split("/")[4])
    usage = Usage(source.process)
    before, resident = usage.files(), usage.memory()
    opened = []
    for index in range(300):
        try:
            peer = socket.create_connection(("127.0.0.1", port), timeout=5)
            if index % 3 == 1:
                peer.sendall(os.urandom(4096))
            if index % 3 == 2:
                peer.sendall(b"\x13/multistream/1.0.0\n")
            opened.append(peer)
        except OSError:
            pass
    most = usage.files()
    check("files are bounded", most - before <= 200, f"{before} before, {most} at most")
    check("the node answers meanwhile", source.call("eth_chainId") is not None)
    check("the sockets are closed in the end", until(lambda: usage.files() <= before + 8, 60), f"{before} {usage.files()}")
    check("memory is bounded", usage.memory() - resident < 128, f"{resident} MiB before, {usage.memory()} MiB after")
    for peer in opened:
        peer.close()


def clocks(folder, source):
    """A node whose clock is 3 h fast: its blocks wait, nobody is banned. One that is 3 h slow neither."""
    for index, offset in ((7, 10800), (8, -10800)):
        node = start(index, folder, "--peer-multiaddr", source.multiaddr, f"--clock-offset={offset}")
        check(f"clock {offset}: it meets the others", until(lambda: peers(node) == 1, 60), node.log)
        start_height = source.head()[0]
        source.call("miner_start")
        check(f"clock {offset}: the others mine on", until(lambda: source.head()[0] > start_height + 1, 120))
        source.call("miner_stop")
        banned = events(source, "peer banned") + events(node, "peer banned")
        check(f"clock {offset}: nobody is banned", not banned, banned)
        check(f"clock {offset}: still connected", peers(source) == 1, peers(source))
        stop(node)
        until(lambda: peers(source) == 0, 30)


def main():
    """All of it, on data of its own."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="poai-network-"))
    try:
        source, head = partitions(folder)
        kill_during_sync(folder, source, head)
        strangers(folder, source)
        sockets(source)
        clocks(folder, source)
        stop(source)
        adversaries(folder)
    finally:
        clean_up(folder)
    checks.finish()


if __name__ == "__main__":
    main()
