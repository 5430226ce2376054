#!/usr/bin/env python3
"""Writes the inputs that fuzzing begins with, made from the golden vectors: scripts/fuzz_seeds.py FOLDER.

One folder per target of scripts/fuzz.sh. Good inputs, so that the fuzzer starts behind the first checks.
"""
import json
import pathlib
import sys

import consensus_vectors as vectors
import fuzz_seeds_network

EMPTY_LISTS = b"\xc0\xc0"


def block(header):
    return rlp_list(header + EMPTY_LISTS)


def rlp_list(payload):
    size = len(payload).to_bytes((len(payload).bit_length() + 7) // 8, "big")
    return (bytes([0xC0 + len(payload)]) if len(payload) < 56 else bytes([0xF7 + len(size)]) + size) + payload


def header_seeds():
    return {name: vectors.header_rlp(fields) for name, fields in vectors.HEADERS.items()}


def block_seeds():
    seeds = {name: block(header) for name, header in header_seeds().items()}
    header = header_seeds()["everyFieldSet"]
    seeds["notATransaction"] = rlp_list(header + b"\xc1\x01\xc0")
    body = b"".join(item if item[0] >= 0xC0 else vectors.rlp(item) for item in transaction_seeds().values())
    seeds["transactions"] = rlp_list(header + rlp_list(body) + b"\xc0")
    seeds["uncles"] = rlp_list(header + b"\xc0\xc1\xc0")
    seeds["bodyNotLists"] = rlp_list(header + b"\x80\xc0")
    seeds["fourParts"] = rlp_list(header + EMPTY_LISTS + b"\xc0")
    return seeds


def golden_seeds(kind, key):
    """Good ones by scripts/transaction_vectors.py, none too long for the fuzzer to change."""
    golden = json.loads((vectors.ROOT / "Tests/Fixtures/PoAITypes/transactions.json").read_text())
    seeds = {item["name"]: bytes.fromhex(item[key]) for item in golden[kind]}
    return {name: seed for name, seed in seeds.items() if len(seed) < 2000}


def transaction_seeds():
    return golden_seeds("transactions", "raw")


def receipt_seeds():
    return golden_seeds("receipts", "encoded")


def rlp_seeds():
    text = b"Lorem ipsum dolor sit amet, consectetur adipisicing elit"
    items = {
        "empty": b"", "zero": 0, "byte": b"\x7f", "twoBytes": b"\x80\x00", "text": text, "emptyList": [],
        "kilobyte": bytes(1024), "nested": [[[[[[]]]]]], "sets": [[], [[]], [[], [[]]]], "words": [b"cat", [b"dog", 5]],
        "big": 1 << 255, "long": [text, [text, text], list(range(60))], "hash": bytes(range(32)), "address": bytes(20),
    }
    seeds = {name: vectors.rlp(item) for name, item in items.items()}
    seeds["deep"] = b"\xc0"
    for _ in range(66):
        seeds["deep"] = rlp_list(seeds["deep"])
    return seeds | block_seeds()


def chain_file_seeds():
    blocks = list(block_seeds().values())
    return {
        "chain": b"".join(blocks[:8]), "empty": b"", "trailing": blocks[0] + b"\x00", "cut": blocks[0] + blocks[1][:-1],
        "prefix": blocks[0] + b"\xf9\x02", "refused": b"".join(blocks[6:10]), "huge": b"\xfb\x7f\xff\xff\xff" + blocks[0],
    }


def chain_spec_seeds():
    folder = vectors.ROOT / "Sources/PoAINode/ChainSpecs"
    seeds = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.json"))}
    spec = json.loads(seeds["devnet"])
    spec["alloc"] = [{"address": "0x" + f"{i:02x}" * 20, "wei": str(7**i)} for i in range(1, 4)]
    spec["models"].append(dict(spec["models"][0], activationHeight=1000, name="next"))
    seeds["full"] = json.dumps(spec).encode()
    for key, value in (("chainID", -1), ("name", "a\nb"), ("quiz", None), ("alloc", 1.5), ("models", True)):
        seeds["bad-" + key] = json.dumps(dict(spec, **{key: value})).encode()
    seeds["duplicate"] = seeds["devnet"].replace(b'"chainID"', b'"chainID": 1, "chainID"', 1)
    seeds["deep"] = b'{"name":' * 300 + b"[" * 300 + b"]" * 300 + b"}" * 300
    seeds["numbers"] = b'{"chainID": 1e999, "a": 1.0, "b": -0, "c": 18446744073709551616, "d": 0.1e-400}'
    seeds["utf16"] = json.dumps(spec).encode("utf-16")
    return seeds


def compact_target_seeds():
    bits = (0, 0x123456, 0x1003456, 0x1FEDCBA, 0x2123456, 0x3123456, 0x4923456, 0x5009234, 0x20123456, 0xFF123456,
            0x220000FF, 0x2100FFFF, 0x207FFFFF, 0xFF800000, 0x23000001, 0x2101_0000)
    return {f"{b:08x}": b.to_bytes(4, "big") + (1 << 8 * i).to_bytes(32, "big") for i, b in enumerate(bits)}


def rpc_request_seeds():
    hash32, address = "0x" + "ab" * 32, "0x" + "cd" * 20
    logs = {"fromBlock": "0x1", "toBlock": "latest", "address": [address], "topics": [None, [hash32]]}
    calls = {
        "balance": ("eth_getBalance", [address, "latest"]), "logs": ("eth_getLogs", [logs]),
        "raw": ("eth_sendRawTransaction", ["0x02f8"]), "canonical": ("eth_getCode", [address, {
            "blockHash": hash32, "requireCanonical": True}]), "numbers": ("eth_feeHistory", ["0x4", "0x10", [1.5e1, 50]]),
    }
    one = {name: {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
           for name, (method, params) in calls.items()}
    requests = one | {"batch": list(one.values()), "notification": {"jsonrpc": "2.0", "method": "net_version"}}
    return {name: json.dumps(request).encode() for name, request in requests.items()}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: scripts/fuzz_seeds.py FOLDER")
    root = pathlib.Path(sys.argv[1])
    targets = {
        "rlp": rlp_seeds(), "header": header_seeds(), "block": block_seeds(), "chain_file": chain_file_seeds(),
        "transaction": transaction_seeds(), "receipt": receipt_seeds(), "chain_spec": chain_spec_seeds(),
        "compact_target": compact_target_seeds(), "rpc_request": rpc_request_seeds(),
        # The GGUF target begins with the smallest valid file, which is among its regressions.
        "gguf": {"magic": b"GGUF\x03\x00\x00\x00" + bytes(16)},
    } | fuzz_seeds_network.all_seeds(
        block_seeds(), header_seeds(), list(transaction_seeds().values()), rlp_list)
    for target, seeds in targets.items():
        folder = root / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds.items():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
