#!/usr/bin/env python3
"""Lying about time at retargets, under three sets of rules (docs/spec/consensus.md, "Difficulty" and "Timestamps"):
- "Bitcoin's": windows run from a period's first block to its last: N - 1 intervals.
- "overlap": windows begin with the last block of the period before: N intervals.
- "ours": overlap, and a window's last block is not dated before its first.

All timestamps are later than the median of the last 11 and at most F seconds ahead of real time. Printed is how many times
faster than the schedule the chain grows, and the difficulty at the end (1 is honest, 1e-6 the floor of the model).

First an attacker with all the power, in whose chain a block takes its expected time. All blocks are dated as early as
allowed but the last of each window, which is dated
- "early": correctly.
- "warp": F ahead.
- "saw": further ahead window by window, up to F, then not at all; the number of windows per tooth is the attacker's best.
- "backward" (the attack that Murch and Zawy described): four windows' time after the last block of the window before,
  until that would lie more than F ahead; then, for some windows, as early as allowed; their number is the attacker's best.
"long" is the best of the four again over five times as many windows: it says whether a gain lasts.

Then an attacker with a share of the power, under our rules: a window's last block, where it is the attacker's, is dated as
far ahead as eases the target most; all others are dated correctly. Who finds a block, and when, is random.
"""
import random

MIN_DIFFICULTY = 1e-6
CLAMP = 4
EARLY = float("-inf")
TEETH = (1, 2, 5, 12, 30)


class Chain:
    """Timestamps and difficulty of a chain; time in seconds."""

    def __init__(self, n, interval, future, rule):
        self.n, self.interval, self.future, self.rule = n, interval, future, rule
        self.expected = n * interval
        self.difficulty, self.now, self.stamps, self.height = 1.0, 0.0, [0.0], 0

    def add(self, wanted, waited=1.0):
        """A block after `waited` expected intervals, dated by the clock to which `wanted` is added, within the rules."""
        self.now += self.interval * self.difficulty * waited
        earliest = sorted(self.stamps[-11:])[min(len(self.stamps), 11) // 2] + 1
        self.height += 1
        closes = self.height % self.n == 0
        if closes and self.rule == "ours":
            earliest = max(earliest, self.stamps[-self.n])
        self.stamps.append(max(earliest, min(self.now + wanted, self.now + self.future)))
        if closes:
            first = self.stamps[-self.n] if self.rule == "Bitcoin's" else self.stamps[-1 - self.n]
            elapsed = min(max(self.stamps[-1] - first, self.expected / CLAMP), self.expected * CLAMP)
            self.difficulty = max(self.difficulty * self.expected / elapsed, MIN_DIFFICULTY)
            del self.stamps[: -self.n - 12]

    def ahead_of_last(self, seconds):
        """What to add to the clock to date the next block so long after the window before."""
        return self.stamps[-self.n] + seconds - (self.now + self.interval * self.difficulty)

    def result(self):
        return self.height * self.interval / self.now, self.difficulty


def all_power(network, rule, windows, last, others=EARLY):
    """`last(chain, k)` says what to add to the clock for the last block of window k."""
    chain = Chain(*network, rule)
    for k in range(windows):
        for _ in range(chain.n - 1):
            chain.add(others)
        chain.add(last(chain, k))
    return chain.result()


def saw(length):
    return lambda chain, k: chain.future * (k % (length + 1)) / length


def backward(rest):
    resting = 0

    def last(chain, _):
        nonlocal resting
        offset = chain.ahead_of_last(CLAMP * chain.expected)
        if resting == 0 and offset > chain.future:
            resting = rest
        if resting > 0:
            resting -= 1
            return EARLY
        return offset

    return last


def attacks(network, rule, windows):
    run = lambda last: all_power(network, rule, windows, last)
    return [
        run(lambda chain, k: 0), run(lambda chain, k: chain.future),
        max(run(saw(length)) for length in TEETH), max(run(backward(rest)) for rest in TEETH),
    ]


def some_power(network, share, windows, seed=1):
    """The greedy attacker with a share of the power, under our rules."""
    chain, draw = Chain(*network, "ours"), random.Random(seed)
    for _ in range(windows):
        for i in range(chain.n):
            waited, offset = draw.expovariate(1.0), 0.0
            if i == chain.n - 1 and draw.random() < share:
                easiest = chain.stamps[-chain.n] + CLAMP * chain.expected
                offset = max(0.0, easiest - (chain.now + chain.interval * chain.difficulty * waited))
            chain.add(offset, waited)
    return chain.result()


NETWORKS = {  # name: (blocks per window, seconds per block, seconds ahead allowed), windows of the run
    "mainnet": ((2016, 600, 7200), 20),
    "testnet": ((288, 60, 3600), 40),
    "testnet, F = 7200 s": ((288, 60, 7200), 40),
    "devnet": ((16, 5, 30), 200),
    "devnet, F = 7200 s": ((16, 5, 7200), 200),
}


def cell(result):
    return f"{result[0]:7.2f} x ({result[1]:.0e})"


def main():
    print("all the power        rules       windows  honest  early              warp               saw               ",
          "backward           long")
    for name, (network, windows) in NETWORKS.items():
        for rule in ("Bitcoin's", "overlap", "ours"):
            honest = all_power(network, rule, windows, lambda chain, k: 0, others=0)
            cells = [cell(result) for result in attacks(network, rule, windows)]
            long = max(attacks(network, rule, 5 * windows)) if network[0] < 1000 else None
            print(f"{name:20} {rule:10} {windows:8} {honest[0]:5.2f} x", "  ".join(cells), "", cell(long) if long else "-")
    print("\na share of the power, our rules: growth against the schedule (difficulty at the end)")
    print("network              share 0            share 0.1          share 0.3          share 0.5")
    for name, (network, _) in NETWORKS.items():
        windows = 2000 if network[0] < 1000 else 100
        print(f"{name:19}", "  ".join(cell(some_power(network, share, windows)) for share in (0.0, 0.1, 0.3, 0.5)))


if __name__ == "__main__":
    main()
