#!/usr/bin/env python3
"""Power that comes for a while: overtaking confirmed blocks, and mining only while the difficulty is low."""
import math


def overtakes(q, confirmations):
    """Chance that a share q of the power ever overtakes a block with so many confirmations (Rosenfeld, 2012)."""
    if q >= 0.5:
        return 1.0
    p, z = 1 - q, confirmations
    kept = sum(math.comb(k + z - 1, k) * (p**z * q**k - p**k * q**z) for k in range(z + 1))
    return 1 - kept


def hopping(ratio, windows=400):
    """A hopper with `ratio` times the loyal power mines a window if its difficulty is at most 1, the loyal ones always.

    Returns (hopper's share of the blocks, hopper's share of the work spent, mean block interval in targets).
    """
    difficulty = time = hopper_blocks = hopper_work = work = 0.0
    difficulty = 1.0
    for _ in range(windows):
        present = difficulty <= 1.0000001
        power = 1 + (ratio if present else 0)
        elapsed = difficulty / power
        time += elapsed
        work += elapsed * power
        if present:
            hopper_work += elapsed * ratio
            hopper_blocks += ratio / power
        difficulty /= min(max(elapsed, 0.25), 4.0)
    return hopper_blocks / windows, hopper_work / work, time / windows


def main():
    print("chance that an attacker overtakes a payment with n confirmations")
    print("share of power   n = 1    n = 3    n = 6   n = 12   n = 24")
    for q in (0.1, 0.2, 0.3, 0.4, 0.45, 0.5):
        print(f"{q:14.2f}", *(f"{overtakes(q, n):8.4f}" for n in (1, 3, 6, 12, 24)))
    print("\nmining only in windows of difficulty <= 1 (the loyal power alone has difficulty 1)")
    print("hopper / loyal power   share of blocks   share of work   blocks per work, hopper : loyal   mean interval")
    for ratio in (1, 3, 9):
        blocks, work, interval = hopping(ratio)
        loyal = (1 - blocks) / (1 - work)
        print(f"{ratio:20} {blocks:17.3f} {work:15.3f} {blocks / work / loyal:33.2f} {interval:14.2f} x target")


if __name__ == "__main__":
    main()
