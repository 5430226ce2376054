"""Writes bn254.txt: the precompiles at addresses 6, 7 and 8 by py-ecc (8.0.0).

    pip install py-ecc && python3 Tests/Vectors/make_bn254.py > Tests/Vectors/bn254.txt
"""
import random

from py_ecc.optimized_bn128 import (
    FQ, FQ2, FQ12, G1, G2, add, b2, curve_order, field_modulus, multiply, neg, normalize, pairing)

random.seed(254)
p, r = field_modulus, curve_order
u = 4965661367192848881
cofactor = 2 * p - r
Z1 = (FQ(1), FQ(1), FQ(0))
Z2 = (FQ2.one(), FQ2.one(), FQ2.zero())


def word(n):
    return int(n).to_bytes(32, "big")


def g1(point):
    if point[2] == FQ(0):
        return bytes(64)
    x, y = normalize(point)
    return word(x) + word(y)


def g2(point):
    if point[2] == FQ2.zero():
        return bytes(128)
    x, y = normalize(point)
    return b"".join(word(n) for n in (x.coeffs[1], x.coeffs[0], y.coeffs[1], y.coeffs[0]))


def line(index, data, output):
    print(index, data.hex(), "fail" if output is None else output.hex())


def scalar():
    return random.randrange(1, r)


def root(a):
    """A square root in Fp2, or None."""
    norm = (int(a.coeffs[0]) ** 2 + int(a.coeffs[1]) ** 2) % p
    n = pow(norm, (p + 1) // 4, p)
    if n * n % p != norm:
        return None
    for s in (n, p - n):
        half = (int(a.coeffs[0]) + s) * pow(2, -1, p) % p
        x = pow(half, (p + 1) // 4, p)
        if x and x * x % p == half:
            y = int(a.coeffs[1]) * pow(2 * x, -1, p) % p
            found = FQ2([x, y])
            if found * found == a:
                return found
    return None


def twist_point():
    while True:
        x = FQ2([random.randrange(p), random.randrange(p)])
        y = root(x * x * x + b2)
        if y is not None:
            return (x, y, FQ2.one())


def on_twist_of_order(divisor):
    """A point whose order is the prime `divisor` of the cofactor."""
    assert cofactor % divisor == 0
    while True:
        point = multiply(twist_point(), r * (cofactor // divisor))
        if point[2] != FQ2.zero():
            assert multiply(point, divisor)[2] == FQ2.zero()
            return point


print("# precompile, input, output or 'fail'; 'value' lines: input of one pair, its pairing to the power of")
print("# 2u(6u^2+3u+1) as the twelve coefficients of (a + b i) w^k, k in 0..<6; see make_bn254.py")

a, b = multiply(G1, scalar()), multiply(G1, scalar())
for first, second in [(a, b), (b, a), (a, a), (a, neg(a)), (a, Z1), (Z1, a), (Z1, Z1), (G1, G1)] + [
        (multiply(G1, scalar()), multiply(G1, scalar())) for _ in range(24)]:
    line(6, g1(first) + g1(second), g1(add(first, second)))
line(6, g1(a), g1(a))
line(6, b"", bytes(64))
line(6, g1(a) + g1(b) + b"\xff" * 7, g1(add(a, b)))
line(6, word(p) + word(0) + g1(b), None)
line(6, word(1) + word(p + 2) + g1(b), None)
line(6, word(1) + word(3) + g1(b), None)
line(6, g1(b) + word(0) + word(1), None)
line(6, g1(b) + word(int(normalize(a)[0]) + p) + word(normalize(a)[1]), None)

for point in (G1, a):
    for n in [0, 1, 2, 3, 15, 16, 17, r - 2, r - 1, r, r + 1, p - 1, p, p + 1, 2**255, 2**256 - 1, 2**128] + [
            random.randrange(2**256) for _ in range(8)]:
        line(7, g1(point) + word(n), g1(multiply(point, n % r) if n % r else Z1))
line(7, g1(Z1) + word(5), bytes(64))
line(7, g1(a), bytes(64))
line(7, word(2) + word(2) + word(1), None)

ONE, ZERO = word(1), word(0)


def pairs(*items):
    return b"".join(g1(x) + g2(y) for x, y in items)


for _ in range(8):
    m, n = scalar(), scalar()
    line(8, pairs((multiply(G1, m), multiply(G2, n)), (multiply(G1, r - m * n % r), G2)), ONE)
    line(8, pairs((multiply(G1, m), multiply(G2, n)), (multiply(G1, r - n), multiply(G2, m))), ONE)
    line(8, pairs((multiply(G1, m), multiply(G2, n)), (multiply(G1, m * n % r), G2)), ZERO)
    line(8, pairs((multiply(G1, m), multiply(G2, n)), (multiply(G1, (1 - m * n) % r), G2)), ZERO)
for count in (3, 4, 5, 8):
    items = [(scalar(), scalar()) for _ in range(count - 1)]
    total = sum(m * n for m, n in items) % r
    points = [(multiply(G1, m), multiply(G2, n)) for m, n in items]
    line(8, pairs(*points, (multiply(G1, r - total), G2)), ONE)
    line(8, pairs(*points, (multiply(G1, r - total + 1), G2)), ZERO)
    line(8, pairs(*points, (Z1, G2), (multiply(G1, r - total), G2), (G1, Z2)), ONE)
q = multiply(G2, scalar())
line(8, pairs((a, q)), ZERO)
line(8, pairs((a, q), (a, q)), ZERO)
line(8, pairs((a, q), (neg(a), q)), ONE)
line(8, pairs((a, q), (a, neg(q))), ONE)
line(8, pairs((a, Z2)), ONE)
line(8, pairs((Z1, q)), ONE)
line(8, pairs((Z1, Z2)), ONE)
line(8, b"", ONE)
line(8, pairs((a, q))[:-1], None)
line(8, pairs((a, q)) + b"\x00", None)
line(8, g1(a) + b"".join(word(n) for n in (0, 0, 0, p)), None)
line(8, g1(a) + b"".join(word(n) for n in (p, 0, 0, 0)), None)
line(8, word(1) + word(1) + g2(q), None)
# The twist's order is r times a cofactor with these prime factors.
factors = [10069, 5864401, 1875725156269, 197620364512881247228717050342013327560683201906968909]
assert 10069 * 5864401 * 1875725156269 * factors[3] == cofactor
for point in [twist_point() for _ in range(12)] + [on_twist_of_order(factor) for factor in factors]:
    line(8, pairs((a, point)), None)
    line(8, pairs((Z1, point)), None)
    line(8, pairs((a, add(point, q))), None)
    line(8, pairs((a, multiply(point, r))), None)
for factor in factors[:2]:
    line(8, pairs((a, multiply(on_twist_of_order(factor), factor))), ONE)
for _ in range(3):
    line(8, pairs((Z1, multiply(twist_point(), cofactor))), ONE)

for m, n in [(1, 1), (r - 1, 1), (2, 3)] + [(scalar(), scalar()) for _ in range(3)]:
    first, second = multiply(G1, m), multiply(G2, n)
    value = pairing(second, first) ** (2 * u * (6 * u * u + 3 * u + 1))
    c = [int(x) for x in value.coeffs]
    print("value", pairs((first, second)).hex(), b"".join(
        word((c[k] + 9 * c[k + 6]) % p) + word(c[k + 6]) for k in range(6)).hex())
