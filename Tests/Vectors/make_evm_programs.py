#!/usr/bin/env python3
"""Writes evm_programs.txt: a block of transactions to random contracts that call each other, and what the Ethereum
execution specification (ethereum-execution 2.20.0) makes of it.

    pip install ethereum-execution==2.20.0 && python3 Tests/Vectors/make_evm_programs.py > Tests/Vectors/evm_programs.txt

--count and --seed make others.
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

# Contracts are at FIRST, FIRST + 1, ...: two for each transaction, which calls the one at the even address.
FIRST, DEAD, MINER = 0xC0DE00, 0xDEAD, 0x3333
SECRET = "0x" + "45" * 32
SENDER = "0xe0da1edcea030875cd0f199d96eb70f6ab78faf2"  # of SECRET
SLOTS = 6
MAX = 2**256 - 1
ENVIRONMENT_OF_BLOCK = {
    "currentCoinbase": "0x" + MINER.to_bytes(20, "big").hex(), "currentNumber": "0x12c",
    "currentTimestamp": "0x6553f100", "currentGasLimit": "0xffffffffffff", "currentBaseFee": "0x7",
    "currentRandom": "0x" + bytes(range(32)).hex(), "currentDifficulty": "0x0", "currentExcessBlobGas": "0x0",
    "currentBlobGasUsed": "0x0", "withdrawals": [], "parentBeaconBlockRoot": "0x" + "00" * 32,
    "blockHashes": {hex(number): "0x" + number.to_bytes(32, "big").hex() for number in range(44, 300)},
}

# Byte and words taken; each leaves one word.
PURE = [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2), (6, 2), (7, 2), (8, 3), (9, 3), (0x0A, 2), (0x0B, 2), (0x10, 2), (0x11, 2),
        (0x12, 2), (0x13, 2), (0x14, 2), (0x15, 1), (0x16, 2), (0x17, 2), (0x18, 2), (0x19, 1), (0x1A, 2), (0x1B, 2),
        (0x1C, 2), (0x1D, 2)]
ENVIRONMENT = [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3A, 0x3D, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4A, 0x58, 0x59,
               0x5A, 0x5F]



class Program:
    """Code that mostly keeps its stack in order."""

    def __init__(self, rng, own, depth=0):
        self.rng, self.own, self.code, self.height, self.depth = rng, own, bytearray(), 0, depth

    def op(self, byte, taken=0, left=0):
        self.code.append(byte)
        self.height += left - taken

    def push(self, n):
        n %= 2**256
        size = max((n.bit_length() + 7) // 8, 1)
        if n == 0 and self.rng.random() < 0.5:
            self.op(0x5F, 0, 1)
            return
        if self.rng.random() < 0.05:
            size = self.rng.randint(size, 32)
        self.code += bytes([0x5F + size]) + n.to_bytes(size, "big")
        self.height += 1

    def number(self):
        rng = self.rng
        return rng.choice([
            lambda: rng.randint(0, 4), lambda: rng.randint(0, 300), lambda: rng.getrandbits(rng.randint(1, 256)),
            lambda: MAX - rng.randint(0, 3), lambda: 2**rng.randint(0, 255), lambda: 2**255 + rng.randint(-2, 2),
            lambda: 2**(64 * rng.randint(1, 3)) + rng.randint(-1, 1)])()

    def operand(self):
        if self.height and self.rng.random() < 0.4:
            self.op(0x7F + self.rng.randint(1, min(self.height, 16)), 0, 1)
        else:
            self.push(self.number())

    def offset(self):
        rng = self.rng
        self.push(rng.choice([0, 0, 1, 31, 32, 64, rng.randint(0, 2000)]) if rng.random() < 0.995 else self.number())

    def size(self):
        rng = self.rng
        self.push(rng.choice([0, 0, 1, 4, 32, 33, 64, rng.randint(0, 600)]) if rng.random() < 0.995 else self.number())

    def target(self):
        rng = self.rng
        a, b = self.own
        place = rng.choice([a, b, a, b, DEAD, rng.randint(1, 9), rng.randint(1, 9), MINER, 0x1234, self.number()])
        self.push(place if place % 2**160 != 10 else 9)

    def slot(self):
        self.push(self.rng.randint(0, SLOTS - 1))

    def statement(self):
        self.rng.choices(
            [self.pure, self.environment, self.memory, self.storage, self.call, self.create, self.log, self.question,
             self.copy, self.jump, self.shuffle, self.end, self.noise],
            [20, 6, 10, 16, 10, 2, 3, 6, 6, 6, 6, 0.4, 0.2])[0]()

    def pure(self):
        byte, taken = self.rng.choice(PURE)
        for _ in range(taken):
            self.operand()
        self.op(byte, taken, 1)

    def environment(self):
        self.op(self.rng.choice(ENVIRONMENT), 0, 1)

    def memory(self):
        kind = self.rng.choice(["load", "store", "store8", "hash", "load", "store"])
        if kind == "load":
            self.offset()
            self.op(0x51, 1, 1)
        elif kind == "hash":
            self.size()
            self.offset()
            self.op(0x20, 2, 1)
        else:
            self.operand()
            self.offset()
            self.op(0x52 if kind == "store" else 0x53, 2)

    def storage(self):
        kind = self.rng.choice(["load", "store", "store", "store", "tload", "tstore"])
        if kind in ("store", "tstore"):
            if self.rng.random() < 0.7:
                self.push(self.rng.randint(0, 2))
            else:
                self.operand()
        self.slot()
        byte = {"load": 0x54, "store": 0x55, "tload": 0x5C, "tstore": 0x5D}[kind]
        self.op(byte, *((1, 1) if kind in ("load", "tload") else (2, 0)))

    def call(self):
        byte = self.rng.choice([0xF1, 0xF1, 0xF2, 0xF4, 0xFA])
        self.size(), self.offset(), self.size(), self.offset()
        if byte in (0xF1, 0xF2):
            self.push(self.rng.choice([0, 0, 1, 1000, self.number()]))
        self.target()
        if self.rng.random() < 0.3:
            self.op(0x5A, 0, 1)
        else:
            self.push(self.rng.choice([0, 100, 2300, 5000, 30_000, 200_000, self.number()]))
        self.op(byte, 7 if byte in (0xF1, 0xF2) else 6, 1)

    def create(self):
        if self.depth:
            return
        inner = Program(self.rng, self.own, 1)
        for _ in range(self.rng.randint(1, 4)):
            inner.statement()
        if self.rng.random() < 0.8:
            inner.size(), inner.offset()
            inner.op(0xF3)
        data = bytes(inner.code)
        for index in range(0, len(data), 32):
            piece = data[index:index + 32].ljust(32, b"\0")
            self.push(int.from_bytes(piece, "big"))
            self.push(index)
            self.op(0x52, 2)
        two = self.rng.random() < 0.5
        if two:
            self.push(self.rng.randint(0, 2))
        self.push(len(data))
        self.push(0)
        self.push(self.rng.choice([0, 0, 5]))
        self.op(0xF5 if two else 0xF0, 4 if two else 3, 1)

    def log(self):
        topics = self.rng.randint(0, 4)
        for _ in range(topics):
            self.operand()
        self.size(), self.offset()
        self.op(0xA0 + topics, 2 + topics)

    def question(self):
        byte = self.rng.choice([0x31, 0x3B, 0x3F, 0x40, 0x35, 0x49])
        if byte == 0x40:
            self.push(self.rng.choice([299, 44, 43, 300, 301, self.number()]))
        elif byte in (0x35, 0x49):
            self.offset()
        else:
            self.target()
        self.op(byte, 1, 1)

    def copy(self):
        byte = self.rng.choice([0x37, 0x39, 0x3C, 0x3E, 0x5E])
        self.size(), self.offset(), self.offset()
        if byte == 0x3C:
            self.target()
        self.op(byte, 4 if byte == 0x3C else 3)

    def jump(self):
        """Over a statement, whether or not the condition holds."""
        self.push(self.rng.choice([0, 1, 1]))
        place = len(self.code)
        self.code += b"\x61\0\0\x57"
        self.height -= 1
        before = self.height
        inner = len(self.code)
        self.statement()
        while self.height > before:
            self.op(0x50, 1)
        if self.height < before:
            del self.code[inner:]
            self.height = before
        off = 0 if self.rng.random() < 0.98 else self.rng.choice([-1, 1, 5000])
        self.code[place + 1:place + 3] = max(len(self.code) + off, 0).to_bytes(2, "big")
        self.op(0x5B)

    def shuffle(self):
        if self.height < 2:
            return
        if self.rng.random() < 0.7:
            self.op(0x8F + self.rng.randint(1, min(self.height - 1, 16)))
        else:
            self.op(0x50, 1)

    def end(self):
        kind = self.rng.choice(["return", "revert", "stop", "invalid", "selfdestruct"])
        if kind in ("return", "revert"):
            self.size(), self.offset()
        if kind == "selfdestruct":
            self.target()
        self.op({"return": 0xF3, "revert": 0xFD, "stop": 0, "invalid": 0xFE, "selfdestruct": 0xFF}[kind])

    def noise(self):
        self.code.append(self.rng.randint(0, 255))


def program(rng, own):
    made = Program(rng, own)
    for _ in range(rng.randint(1, 40)):
        made.statement()
    while made.height > 0 and made.height < 900 and rng.random() < 0.6:
        made.slot()
        made.op(0x55, 2)
    if rng.random() < 0.7:
        made.size(), made.offset()
        made.op(rng.choice([0xF3, 0xF3, 0xF3, 0xFD]))
    return bytes(made.code)


def transaction(rng, index):
    own = FIRST + 2 * index, FIRST + 2 * index + 1
    return {
        "codes": (program(rng, own), program(rng, own)), "data": rng.randbytes(rng.choice([0, 4, 36, 100])),
        "gas": rng.choice([30_000, 100_000, 300_000, 1_000_000, 1_000_000]), "value": rng.choice([0, 0, 7]),
    }


def address(n):
    return "0x" + n.to_bytes(20, "big").hex()


def execute(transactions, sender):
    """The result of t8n: receipts, roots."""
    alloc = {sender: {"balance": hex(10**24), "nonce": "0x0", "code": "0x", "storage": {}}}
    signed = []
    for index, item in enumerate(transactions):
        for offset, code in enumerate(item["codes"]):
            alloc[address(FIRST + 2 * index + offset)] = {
                "balance": hex(10_000), "nonce": "0x1", "code": "0x" + code.hex(),
                "storage": {hex(slot): hex(slot + 1) for slot in range(0, SLOTS, 2)}}
        signed.append({
            "type": "0x2", "chainId": "0x1", "nonce": hex(index), "maxPriorityFeePerGas": "0x3", "maxFeePerGas": "0x9",
            "gas": hex(item["gas"]), "to": address(FIRST + 2 * index), "value": hex(item["value"]),
            "input": "0x" + item["data"].hex(), "accessList": [], "v": "0x0", "r": "0x0", "s": "0x0",
            "secretKey": SECRET})
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for part, value in (("alloc", alloc), ("txs", signed), ("env", ENVIRONMENT_OF_BLOCK)):
            (folder / f"{part}.json").write_text(json.dumps(value))
        program = pathlib.Path(sys.executable).with_name("ethereum-spec-evm")
        subprocess.run(
            [program, "t8n", "--input.alloc", folder / "alloc.json", "--input.env", folder / "env.json", "--input.txs",
             folder / "txs.json", "--output.basedir", folder, "--output.result", "result.json", "--output.alloc",
             "after.json", "--state.fork", "Cancun", "--state.chainid", "1", "--state.reward", "-1"],
            check=True, stdout=sys.stderr)
        return json.loads((folder / "result.json").read_text())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    transactions = [transaction(rng, index) for index in range(options.count)]
    result = execute(transactions, SENDER)
    if result.get("rejected"):
        sys.exit(f"refused: {result['rejected'][:3]}")
    print("# code at the even address, code at the odd one, call data, gas, value: gas used, status; '-' is empty")
    before = 0
    for item, receipt in zip(transactions, result["receipts"], strict=True):
        total = int(receipt["cumulativeGasUsed"], 16)
        used, before = total - before, total
        texts = [part.hex() or "-" for part in (*item["codes"], item["data"])]
        print(*texts, item["gas"], item["value"], used, int(receipt["succeeded"]))
    print("state", result["stateRoot"])
    print("receipts", result["receiptsRoot"])


if __name__ == "__main__":
    main()
