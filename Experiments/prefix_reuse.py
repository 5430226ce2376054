#!/usr/bin/env python3
"""How much work a miner saves by running a shared beginning of several quizzes once, with and without the salt.

In a causal transformer the state at a position depends only on the tokens up to it, so a miner who lays M quizzes into a
prefix tree needs one evaluation per node of the tree instead of M x 64. The saving is 1 - nodes / (M x 64).

    prefix_reuse.py --model FILE.gguf [--count M]     quizzes of the second implementation of docs/spec/quiz.md
    prefix_reuse.py --salted A --unsalted B           one JSON object with "tokens" per line, as `poaid quiz --json` prints

"best tenth" is a miner who makes M quizzes and evaluates only the tenth that shares most: quizzes are ordered by the
largest groups with the same first d tokens, for the d that serves best.
"""
import argparse
import collections
import itertools
import math

import quizzes

ORDINARY = 49135  # ordinary ids of the default model, for the calculated table


def nodes(sequences):
    """Nodes of the prefix tree of the sequences."""
    total, previous = 0, ()
    for sequence in sorted(sequences):
        shared = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(previous, sequence)))
        total, previous = total + len(sequence) - shared, sequence
    return total


def saving(sequences):
    return 1 - nodes(sequences) / sum(map(len, sequences))


def best_part(sequences, part):
    """Largest saving that choosing `part` of the sequences by shared first tokens gives, and the depth that gives it."""
    best = (0.0, 0)
    for depth in range(1, 33):
        groups = collections.defaultdict(list)
        for sequence in sequences:
            groups[tuple(sequence[:depth])].append(sequence)
        ordered = itertools.chain.from_iterable(sorted(groups.values(), key=lambda group: (-len(group), group)))
        best = max(best, (saving(list(itertools.islice(ordered, part))), depth))
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model")
    parser.add_argument("--reference", default=quizzes.REFERENCE, help="path of quiz_reference.py")
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--salted")
    parser.add_argument("--unsalted")
    options = parser.parse_args()
    if options.model:
        module, words = quizzes.vocabulary(options.model, options.reference)
        made = [quizzes.generate(module, words, options.count, salted) for salted in (True, False)]
    elif options.salted and options.unsalted:
        made = [quizzes.read(options.salted), quizzes.read(options.unsalted)]
    else:
        parser.error("give --model, or --salted and --unsalted")
    salted, unsalted = ([quiz["tokens"] for quiz in part] for part in made)
    print("   quizzes  without salt    best tenth (depth)  with salt    best tenth (depth)")
    count = 100
    while count <= min(len(salted), len(unsalted)):
        cells = []
        for sequences in (unsalted[:count], salted[:count]):
            share, depth = best_part(sequences, count // 10)
            cells.append(f"{saving(sequences):11.2%} {share:13.2%} ({depth:2})")
        print(f"{count:10}" + "   ".join(cells))
        count *= 10

    print(f"\nwith salt, calculated: share of the 64 positions saved, drawing 4 of {ORDINARY} ordinary ids")
    print("   quizzes   all evaluated   pairs with 3, 4 equal salt tokens")
    for exponent in (4, 6, 8, 10, 12):
        count = 10.0**exponent
        # Of n equally likely beginnings, m draws are expected to hit n (1 - (1 - 1/n)^m).
        distinct = sum(-n * math.expm1(count * math.log1p(-1 / n)) for n in (float(ORDINARY) ** k for k in range(1, 5)))
        pairs = [count * (count - 1) / 2 / ORDINARY**k for k in (3, 4)]
        print(f"{count:10.0e} {(4 * count - distinct) / (64 * count):15.2%} {pairs[0]:15.3g} {pairs[1]:11.3g}")


if __name__ == "__main__":
    main()
