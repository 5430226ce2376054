#!/usr/bin/env python3
"""What a miner would gain by guessing if l-hat hashed the scalar loss alone, as the design does not.

For a nonce the miner hashes every plausible loss (2^b of them, taken as equally likely) and runs the model only where one
of them would win. A try costs 2^b hashes plus the forward pass for the share 1 - (1 - p)^(2^b) of nonces that pass;
wins per nonce stay p. The gain is the cost of the honest way (a forward pass per nonce) over that.
"""
import math

PASS_IN_HASHES = {"a CPU that hashes": 2e5, "a GPU that hashes": 1e8}  # hashes done in the time of one forward pass


def gain(bits, p, pass_cost):
    candidates = 2.0**bits
    passing = -math.expm1(candidates * math.log1p(-p))
    return pass_cost / (candidates + passing * pass_cost)


def main():
    for deviation in (1, 5):
        entropy = math.log2(deviation * 65536 * math.sqrt(2 * math.pi * math.e))
        print(f"a loss with standard deviation {deviation} nats at steps of 2^-16 nats has {entropy:.1f} bits")
    for name, cost in PASS_IN_HASHES.items():
        print(f"\ngain with {name} ({cost:.0e} hashes per forward pass)")
        print("bits of the guess    p = 1e-3    p = 1e-5    p = 1e-7")
        for bits in (4, 8, 12, 16, 20, 256):
            print(f"{bits:17}", *(f"{gain(bits, p, cost):11.4g}" for p in (1e-3, 1e-5, 1e-7)))


if __name__ == "__main__":
    main()
