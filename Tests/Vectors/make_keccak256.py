"""Writes keccak256.txt: digests of messages of many lengths, by a plain implementation of FIPS 202 in Python that is first
checked against hashlib's SHA3-256 (the same permutation with another padding byte).

    python3 Tests/Vectors/make_keccak256.py > Tests/Vectors/keccak256.txt
"""
import hashlib

MASK = (1 << 64) - 1


def rol(a, n):
    return ((a << n) | (a >> (64 - n))) & MASK if n else a


def permute(lanes):
    lfsr = 1
    for _ in range(24):
        c = [lanes[x][0] ^ lanes[x][1] ^ lanes[x][2] ^ lanes[x][3] ^ lanes[x][4] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rol(c[(x + 1) % 5], 1) for x in range(5)]
        lanes = [[lanes[x][y] ^ d[x] for y in range(5)] for x in range(5)]
        x, y, current = 1, 0, lanes[1][0]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, lanes[x][y] = lanes[x][y], rol(current, (t + 1) * (t + 2) // 2 % 64)
        for y in range(5):
            row = [lanes[x][y] for x in range(5)]
            for x in range(5):
                lanes[x][y] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5] & MASK)
        for j in range(7):
            lfsr = ((lfsr << 1) ^ ((lfsr >> 7) * 0x71)) % 256
            if lfsr & 2:
                lanes[0][0] ^= 1 << ((1 << j) - 1)
    return lanes


def keccak(message, suffix):
    rate = 136
    data = bytearray(message) + bytes([suffix])
    data += bytes(-len(data) % rate)
    data[-1] |= 0x80
    lanes = [[0] * 5 for _ in range(5)]
    for start in range(0, len(data), rate):
        for i in range(rate // 8):
            lanes[i % 5][i // 5] ^= int.from_bytes(data[start + 8 * i:start + 8 * i + 8], "little")
        lanes = permute(lanes)
    return b"".join(lanes[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


def message(length):
    return bytes((i * i + 7 * i + length) % 251 for i in range(length))


lengths = list(range(0, 20)) + [31, 32, 33, 63, 64, 65] + list(range(126, 146)) + list(range(268, 276))
lengths += [407, 408, 409, 1000, 4096, 13599, 13600, 13601, 100000]
for n in lengths:
    assert keccak(message(n), 0x06) == hashlib.sha3_256(message(n)).digest()
assert keccak(b"", 0x01).hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
print("# length, Keccak-256 of the bytes (i*i + 7*i + length) mod 251 for i in 0..<length; see make_keccak256.py")
for n in lengths:
    print(n, keccak(message(n), 0x01).hex())
