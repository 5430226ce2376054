#!/usr/bin/env python3
"""Compares the throughput of one stream (Noise, Yamux, TCP) between two of our hosts with that between two of go-libp2p.

usage: Benchmarks/p2p_throughput.py [--mebibytes 256] [--rounds 5] [--json]

Both pairs carry the same bytes from a Unix socket of this script over one stream to another Unix socket of this script: that
is how p2pd is used, and LibP2PPeer does the same. Rounds alternate; the medians count. Exit code 1: we are slower. See
Benchmarks/README.md for what is measured. LIBP2P_PEER names another LibP2PPeer.
"""

import argparse
import contextlib
import json
import os
import pathlib
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts/tests"))
from interop_environment import go_daemon  # noqa: E402
from interop_go import GoPeer, Pipe, unix_listener  # noqa: E402
from interop_peers import OURS, ours  # noqa: E402
from interop_wire import read_prefixed  # noqa: E402

PROTOCOL = "/throughput/1"
DIRECT = "/throughput/direct/1"
MEBIBYTE = 1 << 20
WARM_UP = 64 * MEBIBYTE


class GoPair:
    """Two p2pd that are connected."""

    def __init__(self, stack):
        program = go_daemon()
        self.peers = [stack.enter_context(GoPeer(program)) for _ in range(2)]
        self.listeners = [peer.listen(PROTOCOL) for peer in self.peers]
        self.peers[0].connect(self.peers[1].address)

    def open(self, sender):
        """The two ends of a stream that peer number `sender` opens."""
        outgoing = self.peers[sender].open(PROTOCOL, self.peers[1 - sender].id)
        incoming = Pipe(self.listeners[1 - sender].accept()[0])
        read_prefixed(incoming.read)  # which says whose stream it is
        return outgoing, incoming


class OurPair:
    """Two LibP2PPeer that are connected."""

    def __init__(self, stack):
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="throughput"))
        self.peers = [stack.enter_context(ours()) for _ in range(2)]
        self.paths = [f"{folder}/{name}" for name in ("in0", "in1", "out")]
        self.listeners = [stack.enter_context(unix_listener(path)) for path in self.paths]
        for peer, path in zip(self.peers, self.paths):
            peer.call("serve", name=PROTOCOL, mode="socket", path=path)
            peer.serve(DIRECT, "discard")
        self.peers[0].connect(self.peers[1].address)

    def open(self, sender):
        self.peers[sender].call("join", peer=self.peers[1 - sender].id, name=PROTOCOL, path=self.paths[2])
        return Pipe(self.listeners[2].accept()[0]), Pipe(self.listeners[1 - sender].accept()[0])

    def direct(self, sender, count):
        """Seconds for bytes that neither come from nor go to a Unix socket."""
        other = self.peers[1 - sender].id
        told = self.peers[sender].call(
            "send", 600, peer=other, name=DIRECT, bytes=count, hashes=False, isCounted=True, reply=32
        )
        return told["seconds"]


def processor_seconds(pair):
    """What the two processes used so far."""
    ticks = 0
    for peer in pair.peers:
        stat = pathlib.Path(f"/proc/{peer.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(stat[11]) + int(stat[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def transfer(pair, sender, count):
    """Seconds from the first byte written to the last one read, on a new stream."""
    outgoing, incoming = pair.open(sender)
    piece, buffer = memoryview(os.urandom(MEBIBYTE)), bytearray(MEBIBYTE)

    def fill():
        for _ in range(count // MEBIBYTE):
            outgoing.write(piece)

    with outgoing, incoming:
        writer = threading.Thread(target=fill)
        start, received = time.perf_counter(), 0
        writer.start()
        while received < count:
            part = incoming.socket.recv_into(buffer)
            if part == 0:
                sys.exit(f"error: the stream ended after {received} of {count} bytes")
            received += part
        seconds = time.perf_counter() - start
        writer.join()
    return seconds


def measure(pair, sender, count):
    """Megabytes per second, and milliseconds of both processes per MiB."""
    before = processor_seconds(pair)
    seconds = transfer(pair, sender, count)
    used = processor_seconds(pair) - before
    return count / seconds / 1e6, used * 1000 / (count / MEBIBYTE)


def run(options):
    """The medians of each way: from who dialled to who was dialled, and back."""
    count, report = options.mebibytes * MEBIBYTE, {}
    with contextlib.ExitStack() as stack:
        pairs = {"go": GoPair(stack), "ours": OurPair(stack)}
        for sender, way in enumerate(("out", "back")):
            for pair in pairs.values():
                transfer(pair, sender, WARM_UP)
            results = {"go": [], "ours": []}
            for number in range(options.rounds):
                for name in sorted(pairs, reverse=number % 2 == 1):
                    results[name].append(measure(pairs[name], sender, count))
            direct = [count / pairs["ours"].direct(sender, count) / 1e6 for _ in range(options.rounds)]
            speeds, costs = (
                {name: statistics.median(result[index] for result in results[name]) for name in results}
                for index in range(2)
            )
            report[way] = {
                "go": round(speeds["go"], 1),
                "ours": round(speeds["ours"], 1),
                "ratio": round(speeds["ours"] / speeds["go"], 3),
                "goProcessor": round(costs["go"], 3),
                "oursProcessor": round(costs["ours"], 3),
                "processorRatio": round(costs["go"] / costs["ours"], 3),
                "oursWithoutSockets": round(statistics.median(direct), 1),
            }
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mebibytes", type=int, default=256, help="sent on each stream")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.mebibytes < 1 or options.rounds < 1:
        parser.error("--mebibytes and --rounds must be at least 1")
    if not pathlib.Path(OURS).exists():
        sys.exit(f"error: there is no {OURS}; build it: swift build -c release --product LibP2PPeer")
    report = run(options)
    if options.json:
        print(json.dumps(report))
    else:
        for way, told in report.items():
            print(
                f"{way:4}  ours {told['ours']:6.1f} MB/s, go-libp2p {told['go']:6.1f} MB/s, ratio {told['ratio']:.2f}; "
                f"processor ms/MiB {told['oursProcessor']:.2f} and {told['goProcessor']:.2f}; "
                f"ours without sockets {told['oursWithoutSockets']:.1f} MB/s"
            )
    slower = [way for way, told in report.items() if told["ratio"] < 1]
    if slower:
        sys.exit(f"slower than go-libp2p: {', '.join(slower)}")


if __name__ == "__main__":
    main()
