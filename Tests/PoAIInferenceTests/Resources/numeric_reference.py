#!/usr/bin/env python3
"""A second engine for the numeric contract, written from docs/spec/numeric.md alone (section numbers are its).

usage: numeric_reference.py MODEL.gguf SEQUENCES.json > TRACES.json

SEQUENCES.json is a list of {"tokens": [...], "scored": [...]}; the output repeats each with its digest and losses. Needs
numpy. Every numpy operation below works on float32 (float64 in section 4.4) element by element, one rounding each; arrays
only put independent results side by side. The one matrix product is of integers below 2^20, exact in float64 in any order.
"""
import hashlib
import json
import struct
import sys

import numpy as np

F = np.float32
np.seterr(all="ignore")


def f32(bits):
    return np.uint32(bits).view(np.float32)


def f64(bits):
    return np.uint64(bits).view(np.float64)


# ---- Keccak-256 (section 5)

ROTATIONS = [0, 1, 62, 28, 27, 36, 44, 6, 55, 20, 3, 10, 43, 25, 39, 41, 45, 15, 21, 8, 18, 2, 61, 56, 14]
MASK = (1 << 64) - 1


def round_constants():
    state, constants = 1, []
    for _ in range(24):
        value = 0
        for j in range(7):
            if state & 1:
                value |= 1 << ((1 << j) - 1)
            state = state << 1 ^ (0x171 if state & 0x80 else 0)
        constants.append(value)
    return constants


ROUND_CONSTANTS = round_constants()


def rotate(value, count):
    return ((value << count) | (value >> (64 - count))) & MASK if count else value


def permute(a):
    for constant in ROUND_CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
        b = [0] * 25
        for i in range(25):
            x, y = i % 5, i // 5
            b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(a[i] ^ d[x], ROTATIONS[i])
        a = [b[i] ^ (~b[i // 5 * 5 + (i + 1) % 5] & b[i // 5 * 5 + (i + 2) % 5] & MASK) for i in range(25)]
        a[0] ^= constant
    return a


def keccak256(data):
    data += b"\x01" + b"\x00" * (135 - len(data) % 136)
    data = data[:-1] + bytes([data[-1] | 0x80])
    state = [0] * 25
    for at in range(0, len(data), 136):
        for i, word in enumerate(struct.unpack_from("<17Q", data, at)):
            state[i] ^= word
        state = permute(state)
    return struct.pack("<4Q", *state[:4])


# ---- GGUF (section 1)

SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}


class GGUF:
    def __init__(self, path):
        self.data = open(path, "rb").read()
        self.at = 4
        version, tensors, entries = self.take("<IQQ")
        assert self.data[:4] == b"GGUF" and version == 3, "not a GGUF version 3 file"
        self.metadata = {}
        for _ in range(entries):
            key = self.text()
            self.metadata[key] = self.value(self.take("<I")[0])
        self.tensors = {}
        for _ in range(tensors):
            name = self.text()
            shape = self.take("<%dQ" % self.take("<I")[0])
            kind, offset = self.take("<IQ")
            self.tensors[name] = (kind, shape, offset)
        alignment = self.metadata.get("general.alignment", 32)
        self.start = -(-self.at // alignment) * alignment

    def take(self, form):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def text(self):
        length = self.take("<Q")[0]
        self.at += length
        return self.data[self.at - length : self.at].decode("utf-8", "surrogateescape")

    def value(self, kind):
        if kind == 8:
            return self.text()
        if kind != 9:
            return self.take(SCALARS[kind])[0]
        element, count = self.take("<IQ")
        return [self.value(element) for _ in range(count)]

    def bytes(self, name, count):
        begin = self.start + self.tensors[name][2]
        return np.frombuffer(self.data, np.uint8, count, begin)


# ---- matrices (section 3)


def finite(x):
    if not np.isfinite(x).all():
        sys.exit("error: a number is NaN or infinite, the sequence has no trace")
    return x


class Matrix:
    """Section 3.1. quants: float64 [block][row][32] holding integers; scale, minimum: f32 [block][row]."""

    BYTES = {2: 18, 3: 20, 8: 34}

    def __init__(self, gguf, name):
        kind, (columns, rows), _ = gguf.tensors[name]
        self.floats = self.minimum = None
        if kind == 0:
            self.floats = finite(gguf.bytes(name, rows * columns * 4).view("<f4").reshape(rows, columns))
        elif kind == 1:
            half = gguf.bytes(name, rows * columns * 2).view("<f2")
            self.floats = finite(half.astype(np.float32).reshape(rows, columns))
        else:
            size, blocks = self.BYTES[kind], columns // 32
            raw = gguf.bytes(name, rows * blocks * size).reshape(rows, blocks, size).transpose(1, 0, 2)
            half = lambda at: finite(np.ascontiguousarray(raw[:, :, at : at + 2]).view("<f2")[:, :, 0].astype(np.float32))
            self.scale = half(0)
            if kind == 8:
                quants = np.ascontiguousarray(raw[:, :, 2:]).view(np.int8)
            else:
                nibbles = raw[:, :, size - 16 :]
                quants = np.concatenate([nibbles & 15, nibbles >> 4], axis=2)
                self.minimum = F(-8) * self.scale if kind == 2 else half(2)
            self.quants = quants

    def row(self, index):
        if self.floats is not None:
            return self.floats[index].copy()
        weights = self.quants[:, index, :].astype(np.float32) * self.scale[:, index, None]
        if self.minimum is not None:
            weights = weights + self.minimum[:, index, None]
        return weights.reshape(-1)

    def times(self, x):
        """x: f32 [token][columns] -> f32 [token][row]."""
        finite(x)
        if self.floats is not None:  # section 3.4
            acc = np.zeros((x.shape[0], self.floats.shape[0]), np.float32)
            for k in range(x.shape[1]):
                acc = acc + self.floats[None, :, k] * x[:, k, None]
            return acc
        quants, scales, sums = quantize(x)  # section 3.3
        acc = np.zeros((x.shape[0], self.quants.shape[1]), np.float32)
        for b in range(self.quants.shape[0]):
            dot = quants[:, b, :].astype(np.float64) @ self.quants[b].astype(np.float64).T
            acc = acc + dot.astype(np.float32) * (self.scale[b][None, :] * scales[:, b, None])
            if self.minimum is not None:
                acc = acc + self.minimum[b][None, :] * sums[:, b, None]
        return acc


def quantize(x):
    """Section 3.2."""
    blocks = x.reshape(x.shape[0], -1, 32)
    magnitude = (np.ascontiguousarray(blocks).view(np.uint32) & np.uint32(0x7FFFFFFF)).max(axis=2)
    tiny = magnitude < np.uint32(0x17800000)
    amax = np.where(tiny, F(1), magnitude.view(np.float32))
    inverse, scale = F(127) / amax, amax / F(127)
    magic = f32(0x4B400000)
    quants = (blocks * inverse[:, :, None] + magic) - magic
    quants[tiny] = 0
    scale[tiny] = 0
    sums = scale * quants.astype(np.int64).sum(axis=2).astype(np.float32)
    sums[tiny] = 0
    return quants, scale, sums


# ---- the forward pass (section 4)


def sum16(values):
    """Section 2.3, along the last axis."""
    lanes = np.zeros(values.shape[:-1] + (16,), np.float32)
    for i in range(values.shape[-1]):
        lanes[..., i % 16] = lanes[..., i % 16] + values[..., i]
    for half in (8, 4, 2, 1):
        lanes = lanes[..., :half] + lanes[..., half : 2 * half]
    return lanes[..., 0]


EXP = [f32(b) for b in (0x39506967, 0x3AB743CE, 0x3C088908, 0x3D2AA9C1, 0x3E2AAAAA, 0x3F000000)]
LOG = [
    f32(b)
    for b in (
        0x3D9021BB, 0xBDEBD1B8, 0x3DEF251A, 0xBDFE5D4F, 0x3E11E9BF, 0xBE2AAE50, 0x3E4CCEAC, 0xBE7FFFFC, 0x3EAAAAAA,
    )
]
LN2_HIGH, LN2_LOW = f32(0x3F318000), f32(0xB95E8083)


def exp(x):
    """Section 4.1."""
    magic = f32(0x4B400000)
    t = np.where(x > F(88), F(88), x)
    u = t * f32(0x3FB8AA3B) + magic
    n = u - magic
    r = (t - n * LN2_HIGH) - n * LN2_LOW
    p = EXP[0]
    for coefficient in EXP[1:]:
        p = p * r + coefficient
    p = (p * (r * r) + r) + F(1)
    power = (u.view(np.uint32) - np.uint32(0x4B400000) + np.uint32(127)) << np.uint32(23)
    return np.where(x < F(-87), F(0), p * power.view(np.float32))


def log(x):
    """Section 4.2, of one number."""
    bits = int(x.view(np.uint32))
    e = (bits >> 23) - 126
    m = f32((bits & 0x007FFFFF) | 0x3F000000)
    if m < f32(0x3F3504F3):
        e, m = e - 1, m + m
    f = m - F(1)
    z = f * f
    p = LOG[0]
    for coefficient in LOG[1:]:
        p = p * f + coefficient
    y = (p * f) * z
    y = y + F(e) * LN2_LOW
    y = y - F(0.5) * z
    return (f + y) + F(e) * LN2_HIGH


def rope_tables(base, half, positions):
    """Section 4.4: cosines and sines, f32 [position][half]."""
    root, h = np.float64(base), half
    while h > 1:
        root, h = np.sqrt(root), h // 2
    frequency = [np.float64(1)]
    for _ in range(half - 1):
        frequency.append(frequency[-1] / root)
    a = np.arange(positions, dtype=np.float64)[:, None] * np.array(frequency)[None, :]
    w = f64(0x4338000000000000)
    n = (a * f64(0x3FE45F306DC9C883) + w) - w
    r = ((a - n * f64(0x3FF921FB54400000)) - n * f64(0x3DD0B4611A600000)) - n * f64(0x3BA3198A2E037073)
    z = r * r
    s = f64(0x3DE5D93A5ACFD57C)
    for bits in (0xBE5AE5E68A2B9CEB, 0x3EC71DE357B1FE7D, 0xBF2A01A019C161D5, 0x3F8111111110F8A6, 0xBFC5555555555549):
        s = s * z + f64(bits)
    s = r + (r * z) * s
    c = f64(0xBDA8FAE9BE8838D4)
    for bits in (0x3E21EE9EBDB4B1C4, 0xBE927E4F809C52AD, 0x3EFA01A019CB1590, 0xBF56C16C16C15177, 0x3FA555555555554C):
        c = c * z + f64(bits)
    c = (np.float64(1) - np.float64(0.5) * z) + (z * z) * c
    quarter = n.astype(np.int64) % 4
    sine = np.choose(quarter, [s, c, -s, -c])
    cosine = np.choose(quarter, [c, -s, -c, s])
    return cosine.astype(np.float32), sine.astype(np.float32)


def rotate_heads(x, heads, cosine, sine):
    pairs = x.reshape(x.shape[0], heads, -1, 2)
    a, b = pairs[..., 0], pairs[..., 1]
    c, s = cosine[:, None, :], sine[:, None, :]
    return np.stack([a * c - b * s, a * s + b * c], axis=-1).reshape(x.shape[0], heads, -1)


class Engine:
    def __init__(self, path):
        gguf = GGUF(path)
        self.sha256 = hashlib.sha256(gguf.data).hexdigest()
        number = lambda key, absent=None: gguf.metadata.get("llama." + key, absent)
        self.heads = number("attention.head_count")
        self.kv_heads = number("attention.head_count_kv", self.heads)
        self.eps = F(number("attention.layer_norm_rms_epsilon"))
        self.base = F(number("rope.freq_base", 10000.0))
        self.width = number("embedding_length")
        self.embedding = Matrix(gguf, "token_embd.weight")
        self.output = Matrix(gguf, "output.weight") if "output.weight" in gguf.tensors else self.embedding
        vector = lambda name: finite(gguf.bytes(name, self.width * 4).view("<f4"))
        self.output_norm = vector("output_norm.weight")
        self.layers = []
        for n in range(number("block_count")):
            names = ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]
            layer = {name: Matrix(gguf, f"blk.{n}.{name}.weight") for name in names}
            for name in ["attn_norm", "ffn_norm"]:
                layer[name] = vector(f"blk.{n}.{name}.weight")
            self.layers.append(layer)

    def norm(self, x, weights):
        """Section 4.3."""
        mean = sum16(x * x) / F(self.width)
        factor = F(1) / np.sqrt(mean + self.eps)
        return (x * factor[:, None]) * weights[None, :]

    def attention(self, q, k, v):
        """Section 4.5 for one position: q [head][size], k and v [position][key head][size] up to this position."""
        size = q.shape[1]
        factor = F(1) / np.sqrt(F(size))
        key_head = np.arange(self.heads) // (self.heads // self.kv_heads)
        keys, values = k[:, key_head, :], v[:, key_head, :]
        score = sum16(q[None] * keys) * factor
        largest = score[0]
        for row in score[1:]:
            largest = np.where(row > largest, row, largest)
        e = exp(score - largest)
        inverse = F(1) / sum16(e.T)
        acc = np.zeros(q.shape, np.float32)
        for j in range(e.shape[0]):
            acc = acc + e[j][:, None] * values[j]
        return (acc * inverse[:, None]).reshape(-1)

    def states(self, tokens):
        n = len(tokens)
        cosine, sine = rope_tables(self.base, self.width // self.heads // 2, n)
        h = np.stack([self.embedding.row(token) for token in tokens])
        for layer in self.layers:
            a = self.norm(h, layer["attn_norm"])
            q = rotate_heads(layer["attn_q"].times(a), self.heads, cosine, sine)
            k = rotate_heads(layer["attn_k"].times(a), self.kv_heads, cosine, sine)
            v = layer["attn_v"].times(a).reshape(n, self.kv_heads, -1)
            o = np.stack([self.attention(q[p], k[: p + 1], v[: p + 1]) for p in range(n)])
            h = h + layer["attn_output"].times(o)
            c = self.norm(h, layer["ffn_norm"])
            g, u = layer["ffn_gate"].times(c), layer["ffn_up"].times(c)
            h = h + layer["ffn_down"].times((g / (F(1) + exp(-g))) * u)  # section 4.6
        return finite(self.norm(h, self.output_norm))

    def loss(self, logits, target):
        """Sections 4.7 and 4.8."""
        largest = logits[0]
        for x in logits[1:]:
            if x > largest:
                largest = x
        largest = largest + F(0)
        total = finite(sum16(exp(logits - largest)))
        units = ((log(total) + largest) - logits[target]) * F(65536)
        if not units < F(2**40):
            sys.exit("error: a loss is not finite, the sequence has no trace")
        if units <= 0:
            return 0
        return int((units + F(2**23)) - F(2**23)) if units < F(2**23) else int(units)

    def trace(self, tokens, scored):
        y = self.states(tokens)
        losses = []
        if scored:
            logits = self.output.times(y[[p - 1 for p in scored]])
            losses = [self.loss(logits[i], tokens[p]) for i, p in enumerate(scored)]
        data = y.astype("<f4").tobytes() + b"".join(struct.pack("<Q", loss) for loss in losses)
        return {"tokens": tokens, "scored": scored, "digest": "0x" + keccak256(data).hex(), "losses": losses}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    engine = Engine(sys.argv[1])
    sequences = json.load(open(sys.argv[2]))
    traces = [engine.trace(sequence["tokens"], sequence["scored"]) for sequence in sequences]
    lines = ",\n".join("    " + json.dumps(trace) for trace in traces)
    print('{\n  "model": "%s",\n  "traces": [\n%s\n  ]\n}' % (engine.sha256, lines))


if __name__ == "__main__":
    main()
