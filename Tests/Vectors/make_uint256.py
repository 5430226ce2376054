"""Writes uint256.txt: operations on 256-bit integers, computed with Python's integers.

    python3 Tests/Vectors/make_uint256.py > Tests/Vectors/uint256.txt
"""
import random

random.seed(256)
SIZE = 1 << 256


def operand():
    kind = random.randrange(6)
    if kind == 0:
        return random.choice([0, 1, 2, 3, 10, (1 << 64) - 1, 1 << 64, (1 << 128) - 1, 1 << 128, 1 << 192,
                              SIZE - 1, SIZE - 2, 1 << 255, (1 << 255) - 1])
    if kind == 1:  # runs of ones and zeros, which provoke wrong quotient estimates
        value = 0
        for _ in range(random.randrange(1, 6)):
            low, high = sorted(random.randrange(257) for _ in range(2))
            value ^= (1 << high) - (1 << low)
        return value % SIZE
    if kind == 2:  # limbs at their limits
        return sum(random.choice([0, 1, (1 << 64) - 1, (1 << 64) - 2, 1 << 63]) << (64 * i) for i in range(4))
    return random.getrandbits(random.randrange(1, 257))


print("# a b m k: add carry, subtract borrow, product high low, a/b a%b, (a*2^256+b)/m if it fits and remainder,")
print("# (a+b)%m, (a*b)%m, a**b, a<<k, a>>k, decimal a; hex but for k and decimal; '-' where there is no result")
for _ in range(160):
    a, b, m, k = operand(), operand(), operand(), random.choice([0, 1, 63, 64, 65, 127, 128, 191, 192, 255, 256, 300])
    row = [a, b, m]
    out = [(a + b) % SIZE, (a + b) // SIZE, (a - b) % SIZE, int(a < b), a * b // SIZE, a * b % SIZE]
    out += [a // b, a % b] if b else ["-", "-"]
    out += [(a * SIZE + b) // m, (a * SIZE + b) % m] if a < m else ["-", "-"]
    out += [(a + b) % m, a * b % m] if m else ["-", "-"]
    out += [pow(a, b, SIZE), (a << k) % SIZE, a >> k]
    hexed = lambda v: v if v == "-" else format(v, "x")
    print(*map(hexed, row), k, *map(hexed, out), a)
