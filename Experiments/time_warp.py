#!/usr/bin/env python3
"""Lying about time at retargets: Bitcoin's windows (from a period's first block to its last: N - 1 intervals) against ours,
which begin with the last block of the period before (N intervals; docs/spec/consensus.md, "Difficulty").

Timestamps obey the rules: later than the median of the last 11, at most F seconds ahead of real time. Printed is how many
times faster than the schedule the chain grows, and the difficulty at the end (1 is honest, 1e-6 the floor of the model).

First an attacker with all the power, over 60 windows in which blocks take their expected time:
- "early": every block is dated as early as allowed, only the last of each window is dated correctly.
- "warp": the same, with the last block of each window dated F ahead.
- "saw": the same, with the last block dated further ahead window by window, up to F, then not at all; the number of
  windows per tooth is the one that serves the attacker best.
Then an attacker with a share of the power, over 2000 windows: a window's last block, where it is the attacker's, is dated
as far ahead as eases the target most; all others are dated correctly. Who finds a block, and when, is random.
"""
import random

MIN_DIFFICULTY = 1e-6
WINDOWS = 60
CLAMP = 4
EARLY = None


class Chain:
    """Timestamps and difficulty of a chain; time in seconds."""

    def __init__(self, n, interval, future, overlap):
        self.n, self.interval, self.future, self.overlap = n, interval, future, overlap
        self.expected = n * interval
        self.difficulty, self.now, self.stamps, self.height = 1.0, 0.0, [0.0], 0

    def add(self, offset, waited=1.0):
        """A block after `waited` expected intervals, dated `offset` seconds ahead, or as early as allowed."""
        self.now += self.interval * self.difficulty * waited
        recent = sorted(self.stamps[-11:])
        earliest = recent[len(recent) // 2] + 1
        latest = self.now + self.future
        self.stamps.append(earliest if offset is EARLY else max(earliest, min(self.now + offset, latest)))
        self.height += 1
        if self.height % self.n == 0:
            elapsed = min(max(self.stamps[-1] - self.first(), self.expected / CLAMP), self.expected * CLAMP)
            self.difficulty = max(self.difficulty * self.expected / elapsed, MIN_DIFFICULTY)
            del self.stamps[: -self.n - 12]

    def first(self):
        """Timestamp that the window's last block is compared with, once that block is added."""
        return self.stamps[-1 - self.n] if self.overlap else self.stamps[-self.n]

    def result(self):
        return self.height * self.interval / self.now, self.difficulty


def all_power(network, overlap, others, offsets):
    chain = Chain(*network, overlap)
    for offset in offsets:
        for _ in range(chain.n - 1):
            chain.add(others)
        chain.add(offset)
    return chain.result()


def saw(length, future):
    """Offsets of teeth that rise over `length` windows to `future` and then fall to 0 in one."""
    return [future * (k % (length + 1)) / length for k in range(WINDOWS)]


def some_power(network, share, windows, seed=1):
    """The greedy saw of an attacker with a share of the power, under our rule."""
    chain, draw = Chain(*network, True), random.Random(seed)
    for _ in range(windows):
        for i in range(chain.n):
            waited, offset = draw.expovariate(1.0), 0.0
            if i == chain.n - 1 and draw.random() < share:
                easiest = chain.stamps[-chain.n] + CLAMP * chain.expected  # stamps[-n]: the last of the window before
                offset = max(0.0, easiest - (chain.now + chain.interval * chain.difficulty * waited))
            chain.add(offset, waited)
    return chain.result()


NETWORKS = {  # name: (blocks per window, seconds per block, seconds ahead allowed)
    "mainnet": (2016, 600, 7200),
    "testnet": (288, 60, 7200),
    "devnet": (16, 5, 7200),
    "devnet, F = 30 s": (16, 5, 30),
}


def main():
    print("all the power       windows      honest   early              warp               saw (windows per tooth)")
    for name, network in NETWORKS.items():
        future = network[2]
        for rule, overlap in (("Bitcoin's", False), ("ours", True)):
            honest = all_power(network, overlap, 0, [0] * WINDOWS)
            early = all_power(network, overlap, EARLY, [0] * WINDOWS)
            warp = all_power(network, overlap, EARLY, [future] * WINDOWS)
            teeth = (1, 2, 3, 5, 8, 12, 20, 30)
            best = max(all_power(network, overlap, EARLY, saw(m, future)) + (m,) for m in teeth)
            cells = [f"{speed:7.2f} x ({left:.0e})" for speed, left in (early, warp, best[:2])]
            print(f"{name:19} {rule:10} {honest[0]:6.2f} x ", "  ".join(cells), f"({best[2]})")
    print("\na share of the power, our windows, greedy saw: growth against the schedule (difficulty at the end)")
    print("network              share 0            share 0.1          share 0.3          share 0.5")
    for name, network in NETWORKS.items():
        windows = 2000 if network[0] < 1000 else 100
        cells = [some_power(network, share, windows) for share in (0.0, 0.1, 0.3, 0.5)]
        print(f"{name:19}", "  ".join(f"{speed:7.2f} x ({left:.0e})" for speed, left in cells))


if __name__ == "__main__":
    main()
