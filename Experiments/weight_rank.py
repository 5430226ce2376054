#!/usr/bin/env python3
"""Whether the pinned model's weights hide an exact shortcut in their integers.

The contract's matrix product takes exact integer dots over blocks of 32 inputs. A matrix of 4-bit weights, cut into such
column blocks (outputs x 32), can be multiplied with fewer operations and the same bits if a block has a rank below 32, if
rows repeat, or if whole columns or rows are constant. A model made with such a trapdoor would favour whoever knows of it.

    weight_rank.py FILE.gguf      checks all Q4_0 and Q4_1 matrices; about a minute
"""
import collections
import struct
import sys

PRIME = 2_147_483_647  # a rank modulo a prime is never above the true one, so "full" is proven
SCALAR = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
BLOCK_BYTES = {2: 18, 3: 20}  # GGUF type: bytes per block of 32 weights (Q4_0, Q4_1); the last 16 bytes are the weights


def tensors(file):
    """Yields (name, type, dimensions, offset in the file) of a GGUF v3 file."""
    def take(fmt):
        return struct.unpack("<" + fmt, file.read(struct.calcsize("<" + fmt)))[0]

    def text():
        return file.read(take("Q")).decode("utf-8", "replace")

    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            inner, count = take("I"), take("Q")
            return [value(inner) for _ in range(count)]
        return take(SCALAR[kind])

    if file.read(4) != b"GGUF" or take("I") != 3:
        sys.exit("error: not a GGUF v3 file")
    count, pairs = take("Q"), take("Q")
    metadata = {text(): value(take("I")) for _ in range(pairs)}
    found = []
    for _ in range(count):
        name, dimensions = text(), [take("Q") for _ in range(take("I"))]
        found.append((name, take("I"), dimensions, take("Q")))
    alignment = metadata.get("general.alignment", 32)
    start = -(-file.tell() // alignment) * alignment
    return [(name, kind, dimensions, start + offset) for name, kind, dimensions, offset in found]


def quants(block):
    """The 32 integers of a block: low halves of 16 bytes, then high halves."""
    return [byte & 15 for byte in block] + [byte >> 4 for byte in block]


def rank(rows):
    """Rank modulo PRIME of rows of 32 integers; stops as soon as it is full."""
    basis = {}
    for row in rows:
        row = [x % PRIME for x in row]
        for pivot in range(32):
            if row[pivot] == 0:
                continue
            if pivot not in basis:
                inverse = pow(row[pivot], -1, PRIME)
                basis[pivot] = [x * inverse % PRIME for x in row]
                break
            factor, base = row[pivot], basis[pivot]
            row = [(x - factor * y) % PRIME for x, y in zip(row, base)]
        if len(basis) == 32:
            break
    return len(basis)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        found = tensors(file)
        file.seek(0)
        data = file.read()
    blocks, ranks, repeated, constant, matrices, weights = 0, collections.Counter(), 0, 0, 0, 0
    for _, kind, dimensions, offset in found:
        if kind not in BLOCK_BYTES or len(dimensions) != 2:
            continue
        size, (inputs, outputs) = BLOCK_BYTES[kind], dimensions
        columns = inputs // 32
        row_bytes = columns * size
        matrices, weights = matrices + 1, weights + inputs * outputs
        for column in range(columns):
            starts = range(offset + (column + 1) * size - 16, offset + outputs * row_bytes, row_bytes)
            rows = [data[start : start + 16] for start in starts]
            blocks += 1
            repeated += len(rows) - len(set(rows))
            constant += sum(1 for row in rows if len(set(quants(row))) == 1)
            ranks[rank(map(quants, rows))] += 1
    print(f"{matrices} matrices, {weights} weights, {blocks} column blocks of 32 inputs")
    print("rank: blocks  ", ", ".join(f"{r}: {n}" for r, n in sorted(ranks.items())))
    print(f"block rows that repeat another of their column block: {repeated}; with all 32 weights equal: {constant}")


if __name__ == "__main__":
    main()
