#!/usr/bin/env python3
"""Writes the expected values of the transaction, receipt and base fee tests, computed by other people's code.

Usage, from the root of the package:
    python3 -m venv /tmp/vectors && /tmp/vectors/bin/pip install eth-account==0.14.0 eth-bloom==4.0.0 rlp==5.0.0 trie==4.0.0
    /tmp/vectors/bin/python scripts/transaction_vectors.py
eth-account signs, eth-bloom makes the filters, rlp the bytes, trie the roots; the base fee is EIP-1559's own Python.
"""
import json
import pathlib
import random

import rlp
from eth_account import Account
from eth_bloom import BloomFilter
from eth_utils import keccak, to_checksum_address
from trie import HexaryTrie

FILE = pathlib.Path(__file__).resolve().parent.parent / "Tests/Fixtures/PoAITypes/transactions.json"
KEY = b"\x46" * 32


def number(value):
    return hex(value)


def address(seed):
    return keccak(bytes([seed]))[12:]


def words(*seeds):
    return [keccak(bytes([seed, 1])) for seed in seeds]


def access_list():
    return [(address(1), words(1, 2, 1)), (bytes(20), []), (address(2), [bytes(32)])]


def transaction(name, **fields):
    """`fields` as eth-account takes them; a list of (address, keys) as accessList."""
    request = dict(fields)
    request["to"] = to_checksum_address(fields["to"]) if fields["to"] else b""
    if "accessList" in fields:
        request["accessList"] = [
            {"address": to_checksum_address(a), "storageKeys": ["0x" + key.hex() for key in keys]}
            for a, keys in fields["accessList"]]
    signed = Account.sign_transaction(request, KEY)
    shown = {key: number(value) for key, value in fields.items() if isinstance(value, int) and key != "type"}
    shown |= {"name": name, "type": fields.get("type", 0), "data": fields["data"].hex(), "to": fields["to"].hex()}
    shown["accessList"] = [{"address": a.hex(), "keys": [k.hex() for k in keys]} for a, keys in fields.get("accessList", [])]
    shown |= {
        "raw": signed.raw_transaction.hex(), "hash": signed.hash.hex(), "sender": Account.from_key(KEY).address,
        "v": number(signed.v), "r": number(signed.r), "s": number(signed.s)}
    assert Account.recover_transaction(signed.raw_transaction) == shown["sender"]
    return shown


def transactions():
    call = {"to": address(1), "value": 10**18, "data": b"", "gas": 21000}
    create = {"to": b"", "value": 0, "data": bytes(range(256)) * 4, "gas": 2**63 - 1}
    both = {"maxFeePerGas": 2**128 + 1, "maxPriorityFeePerGas": 1}
    return [
        transaction("eip155", **dict(call, to=b"\x35" * 20, gasPrice=20 * 10**9, nonce=9, chainId=1)),
        transaction("beforeEip155", **call, gasPrice=1, nonce=0),
        transaction("legacyZeros", to=bytes(20), value=0, data=b"\0", gas=0, gasPrice=0, nonce=0, chainId=27424),
        transaction("legacyCreate", **create, gasPrice=2**255, nonce=2**64 - 2, chainId=2**32),
        transaction("legacyByte", **dict(call, data=b"\x7f"), gasPrice=127, nonce=127, chainId=46),
        transaction("legacyByte80", **dict(call, data=b"\x80"), gasPrice=128, nonce=128, chainId=47),
        transaction("typeOne", **call, type=1, gasPrice=10**9, nonce=255, chainId=27424, accessList=access_list()),
        transaction("typeOneEmpty", **create, type=1, gasPrice=0, nonce=256, chainId=1, accessList=[]),
        transaction("typeTwo", **call, **both, type=2, nonce=65535, chainId=27424, accessList=access_list()),
        transaction("typeTwoEmpty", **create, **both, type=2, nonce=0, chainId=2**53, accessList=[]),
    ]


def log(seed, topics, data):
    return {"address": address(seed), "topics": words(*range(topics)), "data": data}


def receipt(name, kind, status, gas, logs):
    bloom = BloomFilter()
    for entry in logs:
        bloom.extend([entry["address"], *entry["topics"]])
    filter_bytes = int(bloom).to_bytes(256, "big")
    items = [[entry["address"], entry["topics"], entry["data"]] for entry in logs]
    payload = rlp.encode([b"\x01" if status else b"", gas, filter_bytes, items])
    return {
        "name": name, "type": kind, "succeeded": status, "cumulativeGasUsed": number(gas), "bloom": filter_bytes.hex(),
        "logs": [{"address": e["address"].hex(), "topics": [t.hex() for t in e["topics"]], "data": e["data"].hex()}
                 for e in logs],
        "encoded": ((bytes([kind]) if kind else b"") + payload).hex()}


def receipts():
    many = [log(seed % 7, seed % 5, bytes([seed]) * seed) for seed in range(60)]
    return [
        receipt("plain", 0, True, 21000, []), receipt("failed", 0, False, 2**64 - 1, []),
        receipt("oneLog", 0, True, 127, [log(1, 0, b"")]), receipt("typeOne", 1, True, 128, [log(2, 4, b"\x00")]),
        receipt("typeTwo", 2, True, 50000, [log(3, 1, b"abc"), log(3, 1, b"abc")]), receipt("failedTwo", 2, False, 1, []),
        receipt("many", 2, True, 30_000_000, many),
    ]


def root(items):
    trie = HexaryTrie({})
    for index, item in enumerate(items):
        trie[rlp.encode(index)] = bytes.fromhex(item)
    return trie.root_hash.hex()


def next_base_fee(base_fee, used, limit):
    """EIP-1559's specification; the protocol's limits keep `limit` at 5000 or more."""
    target = limit // 2
    if used == target:
        return base_fee
    if used > target:
        return base_fee + max(base_fee * (used - target) // target // 8, 1)
    return base_fee - base_fee * (target - used) // target // 8


def base_fees():
    cases = [(10**9, used, 20_000_000) for used in (0, 1, 9_000_000, 9_999_999, 10_000_000, 10_000_001, 11_000_000, 20_000_000)]
    cases += [(fee, used, 30_000_001) for fee in range(0, 20) for used in (0, 15_000_000, 15_000_001, 30_000_001)]
    source = random.Random(1559)
    for _ in range(300):
        limit = source.randrange(5000, 1 << source.randrange(14, 64))
        cases.append((source.randrange(1 << source.randrange(1, 250)), source.randrange(limit + 1), limit))
    cases += [(2**256 - 1, 0, 2**64 - 1), (2**255, 2**63, 2**64 - 1), (2**256 - 1, 5000, 10000), (2**256 - 2, 5001, 10000)]
    return [[number(v) for v in (*case, min(next_base_fee(*case), 2**256 - 1))] for case in cases]


def main():
    signed, made = transactions(), receipts()
    content = {
        "transactions": signed, "receipts": made, "transactionsRoot": root([t["raw"] for t in signed]),
        "receiptsRoot": root([r["encoded"] for r in made]), "baseFees": base_fees()}
    FILE.write_text(json.dumps(content, indent=1) + "\n")
    print(f"wrote {FILE}")


if __name__ == "__main__":
    main()
