#!/usr/bin/env python3
"""Whether some nonces are cheaper than others: counts the multiply-adds of the forward pass of each quiz, and how often the
generator had to draw again.

    cost_spread.py --model FILE.gguf [--count N]   quizzes of the second implementation of docs/spec/quiz.md
    cost_spread.py --quizzes FILE    one JSON object with "tokens", "scored" and "subSeed" per line, as `poaid quiz --json` prints

Also counts what every miner may compute once per model and keep, whatever the nonce.
"""
import argparse
import collections

import quizzes

LAYERS, WIDTH, FEED_FORWARD, KEY_WIDTH, VOCABULARY = 30, 576, 1536, 192, 49152


def layer_weights():
    """Multiply-adds of one layer's matrices for one token: (query, key and value; the rest)."""
    inputs = WIDTH * WIDTH + 2 * WIDTH * KEY_WIDTH
    return inputs, WIDTH * WIDTH + 3 * WIDTH * FEED_FORWARD


def multiply_adds(token_count, scored_count):
    """Of a forward pass: matrices, attention (scores and values, causal) and the scored rows of the output."""
    matrices = token_count * LAYERS * sum(layer_weights())
    attention = LAYERS * 2 * WIDTH * token_count * (token_count + 1) // 2
    return matrices, attention, scored_count * VOCABULARY * WIDTH


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model")
    parser.add_argument("--reference", default=quizzes.REFERENCE, help="path of quiz_reference.py")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--quizzes")
    options = parser.parse_args()
    if options.model:
        made = quizzes.generate(*quizzes.vocabulary(options.model, options.reference), options.count)
    elif options.quizzes:
        made = quizzes.read(options.quizzes)
    else:
        parser.error("give --model or --quizzes")
    costs = collections.Counter(multiply_adds(len(quiz["tokens"]), len(quiz["scored"])) for quiz in made)
    redrawn = collections.Counter(quiz["subSeed"] for quiz in made)
    total = sum(costs.values())
    print(f"{total} quizzes, {len(costs)} different costs")
    for parts, count in sorted(costs.items()):
        print(f"{count} x {sum(parts) / 1e9:.3f} G multiply-adds: matrices {parts[0] / sum(parts):.1%},"
              f" attention {parts[1] / sum(parts):.1%}, output {parts[2] / sum(parts):.1%}")
    print(f"spread: {(max(map(sum, costs)) - min(map(sum, costs))) / max(map(sum, costs)):.2%}")
    print("draws needed:", ", ".join(f"{sub_seed + 1}: {count}" for sub_seed, count in sorted(redrawn.items())))

    inputs, rest = layer_weights()
    whole = sum(multiply_adds(64, 8))
    first_layer = 64 * inputs
    first_position = LAYERS * (inputs + rest)
    both = first_layer + first_position - inputs
    print("\nthe same for every nonce, so open to every miner (f32 tables kept in memory):")
    print(f"query, key and value of layer 1 by token: {first_layer / whole:.2%} of a pass,"
          f" {VOCABULARY * (WIDTH + 2 * KEY_WIDTH) * 4 / 1e6:.0f} MB")
    print(f"keys and values of position 0 by token:   {first_position / whole:.2%} of a pass,"
          f" {VOCABULARY * (LAYERS * 2 * KEY_WIDTH + WIDTH) * 4 / 1e6:.0f} MB")
    print(f"both:                                     {both / whole:.2%}")


if __name__ == "__main__":
    main()
