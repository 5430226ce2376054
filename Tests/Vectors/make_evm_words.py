"""Writes evm_words.txt: what the EVM's instructions on words leave, by Python's integers.

    python3 Tests/Vectors/make_evm_words.py > Tests/Vectors/evm_words.txt
"""
import random

random.seed(256)
M = 2**256
EDGES = [0, 1, 2, 31, 32, 255, 256, 2**64 - 1, 2**64, 2**128 - 1, 2**128, 2**255 - 1, 2**255, 2**255 + 1, M - 2, M - 1]


def signed(n):
    return n - M if n >= M // 2 else n


def divide(a, b):
    """Towards zero."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def extend(index, a):
    if index > 30:
        return a
    bits = 8 * index + 8
    low = a % 2**bits
    return low - 2**bits if low >> (bits - 1) else low


# Arguments from the top of the stack.
OPERATIONS = {
    "add": (2, lambda a, b: a + b), "mul": (2, lambda a, b: a * b), "sub": (2, lambda a, b: a - b),
    "div": (2, lambda a, b: a // b if b else 0), "mod": (2, lambda a, b: a % b if b else 0),
    "sdiv": (2, lambda a, b: divide(signed(a), signed(b)) if b else 0),
    "smod": (2, lambda a, b: signed(a) - signed(b) * divide(signed(a), signed(b)) if b else 0),
    "addmod": (3, lambda a, b, n: (a + b) % n if n else 0), "mulmod": (3, lambda a, b, n: a * b % n if n else 0),
    "exp": (2, lambda a, b: pow(a, b, M)), "signextend": (2, extend),
    "lt": (2, lambda a, b: a < b), "gt": (2, lambda a, b: a > b), "slt": (2, lambda a, b: signed(a) < signed(b)),
    "sgt": (2, lambda a, b: signed(a) > signed(b)), "eq": (2, lambda a, b: a == b), "iszero": (1, lambda a: a == 0),
    "and": (2, lambda a, b: a & b), "or": (2, lambda a, b: a | b), "xor": (2, lambda a, b: a ^ b), "not": (1, lambda a: ~a),
    "byte": (2, lambda i, a: a >> (248 - 8 * i) & 255 if i < 32 else 0),
    "shl": (2, lambda n, a: a << n if n < 256 else 0), "shr": (2, lambda n, a: a >> n if n < 256 else 0),
    "sar": (2, lambda n, a: signed(a) >> min(n, 256)),
}


def number():
    return random.choice([
        lambda: random.choice(EDGES), lambda: random.randrange(300), lambda: random.getrandbits(random.randint(1, 256)),
        lambda: M - 1 - random.getrandbits(random.randint(1, 200))])()


print("# instruction, arguments from the top of the stack, what it leaves")
for name, (count, operation) in OPERATIONS.items():
    for _ in range(60 if count > 1 else 20):
        arguments = [number() for _ in range(count)]
        if random.random() < 0.1:
            arguments = [arguments[0]] * count
        print(name, *(f"{n:x}" for n in arguments), f"{operation(*arguments) % M:x}")
