"""Checks Merkle-Patricia proofs as eth_getProof gives them (EIP-1186), against a state root that one trusts."""

import rlp
from eth_utils import keccak

EMPTY_TRIE = keccak(b"\x80")
EMPTY_CODE = keccak(b"")


class BadProof(Exception):
    """The nodes do not lead from the root to an answer."""


def nibbles(data):
    return [half for byte in data for half in (byte >> 4, byte & 15)]


def lookup(root, key, nodes):
    """The value under Keccak-256(key), or None where the nodes prove that there is none. Every node must be used."""
    path, left = nibbles(keccak(key)), list(nodes)
    if root == EMPTY_TRIE:
        if left:
            raise BadProof("nodes of an empty trie")
        return None
    expected = root
    while True:
        node, left = open_node(expected, left)
        value, expected, path = step(node, path)
        if expected is None:
            if left:
                raise BadProof("nodes beyond the answer")
            return value


def open_node(reference, left):
    """The node behind a reference: embedded, or the next of the list if it has the right hash."""
    if isinstance(reference, list):
        return reference, left
    if not left or keccak(left[0]) != reference:
        raise BadProof("a node is missing or has another hash")
    return rlp.decode(left[0]), left[1:]


def step(node, path):
    """One step down: (value, None, path) at the end, else (None, reference, rest of the path)."""
    if len(node) == 17:
        if not path:
            return node[16] or None, None, path
        return None, node[path[0]] or None, path[1:]
    if len(node) != 2:
        raise BadProof("a node of neither 2 nor 17 items")
    prefix = nibbles(node[0])
    is_leaf, part = prefix[0] >= 2, prefix[2 - prefix[0] % 2 :]
    if is_leaf:
        return (node[1] if part == path else None), None, path
    if path[: len(part)] != part:
        return None, None, path
    return None, node[1], path[len(part) :]


def number(data):
    return int.from_bytes(data, "big")


def check_account(root, answer):
    """Raises BadProof unless an answer of eth_getProof (as JSON) tells the truth about account and slots."""
    nodes = [bytes.fromhex(node[2:]) for node in answer["accountProof"]]
    found = lookup(root, bytes.fromhex(answer["address"][2:]), nodes)
    told = [int(answer["nonce"], 16), int(answer["balance"], 16), answer["storageHash"], answer["codeHash"]]
    if found is None:
        true = [0, 0, "0x" + EMPTY_TRIE.hex(), "0x" + EMPTY_CODE.hex()]
    else:
        nonce, balance, storage, code = rlp.decode(found)
        true = [number(nonce), number(balance), "0x" + storage.hex(), "0x" + code.hex()]
    if told != true:
        raise BadProof(f"told {told}, proven {true}")
    for slot in answer["storageProof"]:
        nodes = [bytes.fromhex(node[2:]) for node in slot["proof"]]
        word = lookup(bytes.fromhex(told[2][2:]), int(slot["key"], 16).to_bytes(32, "big"), nodes)
        if number(rlp.decode(word) if word else b"") != int(slot["value"], 16):
            raise BadProof(f"slot {slot['key']}: told {slot['value']}, proven {word}")
