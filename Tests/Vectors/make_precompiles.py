"""Writes precompiles.txt: the precompiles at addresses 2, 3, 5 and 9 by Python's integers and hashlib, which must have
RIPEMD-160. BLAKE2b's F is written here and first checked against hashlib.

    python3 Tests/Vectors/make_precompiles.py > Tests/Vectors/precompiles.txt
"""
import hashlib
import random

random.seed(5)
MASK = (1 << 64) - 1


def line(index, gas, data, output):
    print(index, gas, data.hex() or "-", output.hex() or "-")


def words(data):
    return (len(data) + 31) // 32


def modexp(base_length, exponent_length, modulus_length, data):
    """Price (EIP-2565) and output (EIP-198) for input `data` after the three lengths."""
    padded = data + bytes(max(0, base_length + exponent_length + modulus_length - len(data)))
    base = int.from_bytes(padded[:base_length], "big")
    exponent = padded[base_length:base_length + exponent_length]
    modulus = int.from_bytes(padded[base_length + exponent_length:][:modulus_length], "big")
    complexity = ((max(base_length, modulus_length) + 7) // 8) ** 2
    head = int.from_bytes(exponent[:32], "big")
    iterations = max(head.bit_length() - 1, 0) + 8 * max(exponent_length - 32, 0)
    gas = max(200, complexity * max(iterations, 1) // 3)
    result = pow(base, int.from_bytes(exponent, "big"), modulus) if modulus else 0
    return gas, result.to_bytes(modulus_length, "big")


def modexp_line(base_length, exponent_length, modulus_length, data):
    gas, output = modexp(base_length, exponent_length, modulus_length, data)
    lengths = b"".join(n.to_bytes(32, "big") for n in (base_length, exponent_length, modulus_length))
    line(5, gas, lengths + data, output)


def modexp_numbers(base, exponent, modulus, lengths=(32, 32, 32)):
    data = b"".join(n.to_bytes(size, "big") for n, size in zip((base, exponent, modulus), lengths))
    modexp_line(*lengths, data)


ROWS = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4], [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13], [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11], [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5], [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0]]
IV = [
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179]


def compress(rounds, state, block, counters, final):
    v = state + IV
    v[12] ^= counters[0]
    v[13] ^= counters[1]
    v[14] ^= MASK if final else 0

    def turn(a, n):
        return (a >> n | a << (64 - n)) & MASK

    def mix(a, b, c, d, x, y):
        v[a] = (v[a] + v[b] + x) & MASK
        v[d] = turn(v[d] ^ v[a], 32)
        v[c] = (v[c] + v[d]) & MASK
        v[b] = turn(v[b] ^ v[c], 24)
        v[a] = (v[a] + v[b] + y) & MASK
        v[d] = turn(v[d] ^ v[a], 16)
        v[c] = (v[c] + v[d]) & MASK
        v[b] = turn(v[b] ^ v[c], 63)

    m = [int.from_bytes(block[8 * i:8 * i + 8], "little") for i in range(16)]
    for number in range(rounds):
        s = ROWS[number % 10]
        for i in range(4):
            mix(i, 4 + i, 8 + i, 12 + i, m[s[2 * i]], m[s[2 * i + 1]])
        for i in range(4):
            mix(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4, m[s[8 + 2 * i]], m[s[9 + 2 * i]])
    return [state[i] ^ v[i] ^ v[i + 8] for i in range(8)]


def little(numbers):
    return b"".join(n.to_bytes(8, "little") for n in numbers)


def blake2f(rounds, state, block, counters, final):
    data = rounds.to_bytes(4, "big") + little(state) + block + little(counters) + bytes([final])
    output = little(compress(rounds, state, block, counters, final))
    line(9, rounds, data, output)
    return output


print("# precompile, price, input, output; '-' is empty; see make_precompiles.py")
for size in list(range(0, 70)) + [111, 112, 119, 120, 121, 127, 128, 129, 191, 192, 193, 1000]:
    data = random.randbytes(size)
    line(2, 60 + 12 * words(data), data, hashlib.sha256(data).digest())
    line(3, 600 + 120 * words(data), data, bytes(12) + hashlib.new("ripemd160", data).digest())

for base, exponent, modulus in [
        (0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 2), (5, 0, 1), (5, 0, 7), (5, 1, 7), (7, 3, 7), (1, 2**256 - 1, 9),
        (2, 2**256 - 1, 2**256 - 1), (2**256 - 1, 2**256 - 1, 2**256 - 2), (3, 5, 0), (2, 255, 2**255), (6, 2, 4)]:
    modexp_numbers(base, exponent, modulus)
for lengths in [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (0, 1, 1), (1, 0, 1)]:
    modexp_line(*lengths, b"\x05" * sum(lengths))
for _ in range(120):
    sizes = [random.choice([0, 1, 2, 7, 8, 9, 15, 16, 31, 32, 33, 40, 64, 65, 100]) for _ in range(3)]
    data = random.randbytes(sum(sizes))
    if random.random() < 0.3:
        data = bytes(random.choice([0, 0, 255, b]) for b in data)
    modexp_line(*sizes, data)
    if data:
        modexp_line(*sizes, data[:random.randrange(len(data))])
# Even moduli: powers of 2 of every size next to a word's, odd parts from 1 on.
for twos in [1, 2, 3, 31, 32, 62, 63, 64, 65, 66, 127, 128]:
    for odd in (1, 3, random.getrandbits(60) | 1, random.getrandbits(200) | 1):
        modulus = odd << twos
        size = (modulus.bit_length() + 7) // 8
        for base in (random.getrandbits(100) | 1, random.getrandbits(100) & ~1, 2, 2**63, 2**64):
            exponent = random.choice([0, 1, 2, 31, 62, 63, 64, 65, 2**64 - 1, 2**64, random.getrandbits(90), 1 << 200])
            modexp_numbers(base, exponent, modulus, (13, random.choice([26, 27, 40]), size))
    # Trailing zeros of the exponent that are not in the input, and a modulus that then is 0 or even by its zeros.
    modexp_line(2, 10, 12, b"\x06\x03" + random.randbytes(10) + b"\x05")
    modexp_line(2, 10, 12, b"\x06\x03" + random.randbytes(2))
modexp_line(3, 5000, 20, b"\x02\x03\x04\x01")
modexp_line(3, 3, 5000, b"\x02\x03\x04\x01\x02\x03\x01")
modexp_line(5000, 1, 2, b"\x02" * 300)

for size in list(range(0, 10)) + [64, 127, 128]:
    message = random.randbytes(size)
    state = [IV[0] ^ 0x01010040] + IV[1:]
    digest = blake2f(12, state, message + bytes(128 - size), [size, 0], 1)
    assert digest == hashlib.blake2b(message).digest()
for rounds in [0, 1, 2, 5, 9, 10, 11, 13, 19, 20, 21, 100, 300]:
    blake2f(
        rounds, [random.getrandbits(64) for _ in range(8)], random.randbytes(128),
        [random.getrandbits(64), random.getrandbits(64)], rounds % 2)
