#!/usr/bin/env python3
"""Selfish mining (Eyal and Sirer, 2013) against "most work, first seen on a tie".

alpha is the attacker's share of the power, gamma the share of honest power that hears the attacker's block first in a
race. Prints the attacker's share of the blocks that end in the chain: above alpha, withholding pays.
"""
import random

STEPS = 400_000


def revenue(alpha, gamma, seed=1):
    """Attacker's share of the final blocks over a random run."""
    draw = random.Random(seed)
    lead, racing, attacker, honest = 0, False, 0, 0
    for _ in range(STEPS):
        mine = draw.random() < alpha
        if racing:  # two branches of equal length; whoever finds the next block decides
            racing = False
            if mine:
                attacker += 2
            elif draw.random() < gamma:
                attacker, honest = attacker + 1, honest + 1
            else:
                honest += 2
        elif mine:
            lead += 1
        elif lead == 0:
            honest += 1
        elif lead == 1:
            lead, racing = 0, True
        elif lead == 2:
            lead, attacker = 0, attacker + 2
        else:
            lead, attacker = lead - 1, attacker + 1
    return attacker / (attacker + honest)


def formula(a, g):
    """The published closed form."""
    return (a * (1 - a) ** 2 * (4 * a + g * (1 - 2 * a)) - a**3) / (1 - a * (1 + (2 - a) * a))


def main():
    print("share of the blocks (closed form in brackets)")
    print("alpha       gamma = 0          gamma = 0.5        gamma = 1")
    for alpha in (0.10, 0.20, 0.25, 0.30, 0.3334, 0.40, 0.45):
        cells = []
        for gamma in (0.0, 0.5, 1.0):
            share = revenue(alpha, gamma)
            mark = "*" if formula(alpha, gamma) > alpha else " "
            cells.append(f"{share:.3f} ({formula(alpha, gamma):.3f}){mark}")
        print(f"{alpha:.4f}   " + "    ".join(cells))
    print("* pays. Smallest alpha that pays, (1 - gamma) / (3 - 2 gamma):",
          ", ".join(f"gamma {g}: {(1 - g) / (3 - 2 * g):.3f}" for g in (0.0, 0.1, 0.5, 0.9, 1.0)))


if __name__ == "__main__":
    main()
