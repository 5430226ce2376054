#!/usr/bin/env python3
"""What false headers that pass the l-hat check cost their sender and their receiver.

A sender tries made-up mixHash values until l-hat < T: D hashes on average, where D = 2^256 / T is the difficulty in
tries. The receiver learns that it is false by one forward pass. The rates assumed are those of the two-core reference
machine: one core's Keccak-256 permutations (`ComponentBenchmarks`: 430 MB/s) and `poaid bench` with both cores.
"""
import argparse


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hashes", type=float, default=3e6, help="l-hat hashes per second of the sender")
    parser.add_argument("--passes", type=float, default=27.0, help="forward passes per second of the receiver")
    parser.add_argument("--interval", type=float, default=600.0, help="seconds per block")
    options = parser.parse_args()
    print(f"{options.hashes:.0f} hashes/s against {options.passes:g} passes/s, one block in {options.interval:g} s")
    print("difficulty   network tries/s   false headers/s   receivers kept busy by one sender")
    for exponent in range(1, 10):
        difficulty = 10.0**exponent
        false = options.hashes / difficulty
        print(f"{difficulty:10.0e} {difficulty / options.interval:17.4g} {false:17.4g} {false / options.passes:19.4g}")
    print(f"one sender keeps one receiver busy up to difficulty {options.hashes / options.passes:.3g}")


if __name__ == "__main__":
    main()
