#!/usr/bin/env python3
"""A second implementation of the quiz generator, written from docs/spec/quiz.md. Standard library only.

It reads the tables out of the specification and, for a real tokenizer, vocabulary and merges out of the model file.

    quiz_reference.py --bytes                        quizzes over a vocabulary of the 256 single bytes
    quiz_reference.py --model FILE.gguf              quizzes over the model's own vocabulary
    quiz_reference.py ... --stats 2000               how often draws are repeated, families, answer positions

The committed files beside this one were made with

    quiz_reference.py --bytes --count 24 > quiz_bytes.json
    quiz_reference.py --model FILE.gguf --count 16 --also 61 366 > quiz_smollm2.json
    quiz_reference.py --model FILE.gguf --count 6 --tokens 200 --scored 25 > quiz_smollm2_200.json

with FILE.gguf the default model, SmolLM2-135M-Instruct.Q4_1.gguf
"""
import argparse
import json
import os
import re
import struct

# ---- Keccak-256 (the original padding, as Ethereum uses it)

RATE = 136
MASK = (1 << 64) - 1


def round_constants():
    out, lfsr = [], 1
    for _ in range(24):
        constant = 0
        for j in range(7):
            if lfsr & 1:
                constant |= 1 << ((1 << j) - 1)
            lfsr <<= 1
            if lfsr & 0x100:
                lfsr ^= 0x171
        out.append(constant)
    return out


ROUND_CONSTANTS = round_constants()


def rotate(v, n):
    n %= 64
    return ((v << n) | (v >> (64 - n))) & MASK if n else v


def permute(a):
    for constant in ROUND_CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[(x + 4) % 5] ^ rotate(c[(x + 1) % 5], 1) for x in range(5)]
        a = [a[i] ^ d[i % 5] for i in range(25)]
        x, y, current = 1, 0, a[1]
        for t in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            current, a[x + 5 * y] = a[x + 5 * y], rotate(current, (t + 1) * (t + 2) // 2)
        for y in range(0, 25, 5):
            row = a[y:y + 5]
            for x in range(5):
                a[y + x] = row[x] ^ (~row[(x + 1) % 5] & MASK & row[(x + 2) % 5])
        a[0] ^= constant
    return a


def keccak256(data):
    data = bytearray(data) + b"\x01"
    data += bytes(-len(data) % RATE)
    data[-1] |= 0x80
    state = [0] * 25
    for at in range(0, len(data), RATE):
        for i, word in enumerate(struct.unpack("<17Q", data[at:at + RATE])):
            state[i] ^= word
        state = permute(state)
    return struct.pack("<4Q", *state[:4])


assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"

# ---- Section 2: random words


class Stream:
    def __init__(self, seed, sub_seed):
        self.prefix = b"poai/quiz/1" + seed + struct.pack(">I", sub_seed)
        self.counter = 0
        self.words = []

    def word(self):
        if not self.words:
            self.words = list(struct.unpack(">4Q", keccak256(self.prefix + struct.pack(">Q", self.counter))))
            self.counter += 1
        return self.words.pop(0)

    def below(self, n):
        limit = 2**64 - 2**64 % n
        while True:
            w = self.word()
            if w < limit:
                return w % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def choose(self, k, n):
        left = list(range(n))
        return [left.pop(self.below(len(left))) for _ in range(k)]


# ---- Section 4: items

FAMILIES = ["addition", "subtraction", "multiplication", "pattern", "alphabetical", "logic", "completion"]
TABLES = {}


def read_tables(path):
    with open(path, encoding="utf-8") as file:
        for name, body in re.findall(r"^```table (\w+)\n(.*?)^```$", file.read(), re.S | re.M):
            TABLES[name] = [line.split("|") for line in body.splitlines()]


def listing(values):
    return ", ".join(str(v) for v in values)


def letters(indices):
    return listing(chr(65 + i) for i in indices)


def arithmetic(s, name):
    wide = s.below(2)
    line = s.below(len(TABLES[name]))
    if name == "addition":
        a, b = (s.between(100, 999), s.between(100, 999)) if wide else (s.between(2, 99), s.between(2, 99))
        c = a + b
    elif name == "subtraction":
        b, c = (s.between(100, 899), s.between(100, 899)) if wide else (s.between(2, 99), s.between(2, 99))
        a = b + c
    else:
        a, b = (s.between(11, 99), s.between(2, 12)) if wide else (s.between(2, 12), s.between(2, 12))
        c = a * b
    return name, line, {"a": a, "b": b, "c": c}


def pattern(s):
    kind = s.below(4)
    line = s.below(len(TABLES["pattern"]))
    if kind == 0:
        f, d = s.between(1, 60), s.between(2, 15)
        terms, shown = [f + i * d for i in range(7)], 4
    elif kind == 1:
        f, d = s.between(1, 60), s.between(2, 15)
        terms, shown = [f + (6 - i) * d for i in range(7)], 4
    elif kind == 2:
        f, r = s.between(1, 9), s.between(2, 4)
        terms, shown = [f * r**i for i in range(6)], 4
    else:
        f, d, e = s.between(1, 20), s.between(1, 9), s.between(1, 5)
        terms, shown = [f], 5
        for i in range(6):
            terms.append(terms[-1] + d + i * e)
    return "pattern", line, {"s": listing(terms[:shown]), "n": listing(terms[shown:])}


def alphabetical(s):
    kind = s.below(3)
    name = ["sorting", "onward", "backward"][kind]
    line = s.below(len(TABLES[name]))
    if kind == 0:
        m = s.between(3, 4)
        words = [TABLES["words"][i][0] for i in s.choose(m, len(TABLES["words"]))]
        return name, line, {"w": listing(words), "s": listing(sorted(words))}
    if kind == 1:
        i = s.below(22)
        return name, line, {"a": letters([i]), "l": letters(range(i + 1, i + 5))}
    i = s.between(4, 25)
    return name, line, {"a": letters([i]), "l": letters(range(i - 1, i - 5, -1))}


def logic(s):
    kind = s.below(4)
    name = ["ordering", "syllogism", "knights", "conditional"][kind]
    line = s.below(len(TABLES[name]))
    names = [row[0] for row in TABLES["names"]]
    if kind == 0:
        comparative, top, bottom = TABLES["relations"][s.below(len(TABLES["relations"]))]
        x, y, z = (names[i] for i in s.choose(3, len(names)))
        order, view = s.below(2), s.below(2)
        premises = [f"{x} is {comparative} than {y}.", f"{y} is {comparative} than {z}."]
        p, q = reversed(premises) if order else premises
        ranked = [z, y, x] if view else [x, y, z]
        return name, line, {"p": p, "q": q, "t": bottom if view else top, "l": listing(ranked)}
    if kind == 1:
        fields = TABLES["classes"][s.below(len(TABLES["classes"]))]
        return name, line, dict(zip("abcd", fields), n=names[s.below(len(names))])
    if kind == 2:
        a, b = (names[i] for i in s.choose(2, len(names)))
        sorts = ["knight", "knave"]
        u, m = s.below(2), s.below(2)
        w = ["tell the truth", "lie"][u]
        return name, line, {"a": a, "b": b, "k": sorts[u], "m": sorts[m], "o": sorts[(u + m) % 2], "w": w}
    fields = TABLES["conditions"][s.below(len(TABLES["conditions"]))]
    return name, line, dict(zip("pqrs", fields))


def completion(s):
    name = ["proverbs", "facts"][s.below(2)]
    return name, s.below(len(TABLES[name])), {}


def item(s):
    family = s.below(7)
    if family < 3:
        name, line, values = arithmetic(s, FAMILIES[family])
    else:
        name, line, values = [pattern, alphabetical, logic, completion][family - 3](s)
    fields = [re.sub(r"\{(.)\}", lambda hit: str(values[hit[1]]), f).replace("\\n", "\n") for f in TABLES[name][line]]
    return FAMILIES[family], "\n" + fields[0], fields[1]


# ---- Section 3: a draw


def draw(vocabulary, seed, sub_seed, token_count, salted=True):
    s = Stream(seed, sub_seed)
    tokens = [vocabulary.ordinary[s.below(len(vocabulary.ordinary))] for _ in range(4)] if salted else []
    salt, items, answers = list(tokens), [], []
    while len(tokens) < token_count and len(items) < token_count:
        family, question, answer = item(s)
        items.append({"family": family, "question": question, "answer": answer})
        tokens += vocabulary.encode(question)
        start = len(tokens)
        tokens += vocabulary.encode(answer)
        answers += range(start, len(tokens))
    return salt, items, tokens[:token_count], [p for p in answers if p < token_count]


def quiz(vocabulary, seed, token_count, scored_tokens):
    for sub_seed in range(256):
        salt, items, tokens, answers = draw(vocabulary, seed, sub_seed, token_count)
        if len(tokens) == token_count and len(answers) >= scored_tokens:
            return sub_seed, salt, items, tokens, answers[:scored_tokens]
    salt, items, tokens, _ = draw(vocabulary, seed, 0, token_count)
    tokens += [vocabulary.ordinary[0]] * (token_count - len(tokens))
    return 0, salt, items, tokens, list(range(token_count - scored_tokens, token_count))


# ---- Vocabularies


class Bytes:
    """Every byte is one token and every token is ordinary."""
    ordinary = list(range(256))

    @staticmethod
    def encode(text):
        return list(text.encode("ascii"))


class Smol:
    """The byte-level BPE of a GGUF file with the smollm pre-tokenizer. Quiz text is ASCII, so ASCII classes do."""
    SPLIT = re.compile(r"[0-9]|'s|'t|'re|'ve|'m|'ll|'d| ?[A-Za-z]+| ?[^\sA-Za-z0-9]+|\s+(?!\S)|\s+")

    def __init__(self, path):
        metadata = read_metadata(path)
        self.ids = {token: i for i, token in enumerate(metadata["tokenizer.ggml.tokens"])}
        self.ranks = {tuple(pair.split(" ")): i for i, pair in enumerate(metadata["tokenizer.ggml.merges"])}
        self.ordinary = [i for i, kind in enumerate(metadata["tokenizer.ggml.token_type"]) if kind == 1]
        printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
        self.letter = {b: chr(b) for b in printable}
        for n, b in enumerate(b for b in range(256) if b not in self.letter):
            self.letter[b] = chr(256 + n)
        self.cache = {}

    def encode(self, text):
        return [i for piece in self.SPLIT.findall(text) for i in self.merge(piece)]

    def merge(self, piece):
        if piece not in self.cache:
            parts = [self.letter[b] for b in piece.encode("ascii")]
            while len(parts) > 1:
                rank, at = min((self.ranks.get((a, b), 1 << 60), i) for i, (a, b) in enumerate(zip(parts, parts[1:])))
                if rank == 1 << 60:
                    break
                parts[at:at + 2] = [parts[at] + parts[at + 1]]
            self.cache[piece] = [self.ids[part] for part in parts]
        return self.cache[piece]


def read_metadata(path):
    with open(path, "rb") as file:
        def take(fmt):
            return struct.unpack("<" + fmt, file.read(struct.calcsize("<" + fmt)))[0]

        def value(kind):
            if kind == 8:
                return file.read(take("Q")).decode("utf-8", "surrogateescape")
            if kind == 9:
                inner, count = take("I"), take("Q")
                return [value(inner) for _ in range(count)]
            return take(["B", "b", "H", "h", "I", "i", "f", "?", None, None, "Q", "q", "d"][kind])

        assert file.read(4) == b"GGUF" and take("I") == 3
        _, count = take("Q"), take("Q")
        return {key: value(take("I")) for key in (value(8) for _ in range(count))}


# ---- Output


def golden_seed(i):
    return keccak256(b"poai/quiz/golden" + struct.pack(">I", i))


def describe(vocabulary, seed, token_count, scored_tokens):
    sub_seed, salt, items, tokens, scored = quiz(vocabulary, seed, token_count, scored_tokens)
    return {
        "seed": "0x" + seed.hex(), "subSeed": sub_seed,
        "text": "".join(i["question"] + i["answer"] for i in items),
        "salt": salt, "items": items, "tokens": tokens, "scored": scored,
    }


def statistics(vocabulary, count, token_count, scored_tokens):
    redrawn, families, first, items_seen = 0, {}, set(), 0
    for i in range(count):
        _, items, tokens, answers = draw(vocabulary, golden_seed(i), 0, token_count)
        redrawn += len(tokens) < token_count or len(answers) < scored_tokens
        first.add(items[0]["question"])
        items_seen += len(items)
        for entry in items:
            families[entry["family"]] = families.get(entry["family"], 0) + 1
    print(f"first draws refused: {redrawn}/{count} = {100 * redrawn / count:.2f} %; items per quiz "
          f"{items_seen / count:.2f}; distinct first questions {len(first)}; {families}")


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser()
    parser.add_argument("--spec", default=os.path.join(here, "../../../docs/spec/quiz.md"))
    parser.add_argument("--model")
    parser.add_argument("--bytes", action="store_true")
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--scored", type=int, default=8)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--also", type=int, nargs="*", default=[], help="further golden seeds by their number")
    parser.add_argument("--stats", type=int)
    arguments = parser.parse_args()
    read_tables(arguments.spec)
    vocabulary = Bytes() if arguments.bytes else Smol(arguments.model)
    if arguments.stats:
        statistics(vocabulary, arguments.stats, arguments.tokens, arguments.scored)
        return
    numbers = [*range(arguments.count), *arguments.also]
    quizzes = [describe(vocabulary, golden_seed(i), arguments.tokens, arguments.scored) for i in numbers]
    lines = ",\n".join(json.dumps(q) for q in quizzes)
    print(f'{{"tokenCount": {arguments.tokens}, "scoredTokens": {arguments.scored}, "quizzes": [\n{lines}\n]}}')


if __name__ == "__main__":
    main()
