"""The inputs that fuzzing of the network's decoders begins with; scripts/fuzz_seeds.py writes them."""
import pathlib
import struct
import sys

import consensus_vectors as vectors

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "tests"))
from interop_wire import base58, message, prefixed, uvarint  # noqa: E402

# The Ed25519 key of the seed 01…01 and what it signed: a Noise key of 07…07, `RECORD`, and `SIGNED`.
PUBLIC = bytes.fromhex("8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c")
NOISE_SIGNATURE = bytes.fromhex(
    "3dacb7f9a6f7893942c8282fcc39cec0fd6ee9d6d476547befe06126e1e85a6a"
    "d7770736cc8032a106834a6879eb941c8d84963ea5be4c7571fdf8774a29ae0a")
RECORD_SIGNATURE = bytes.fromhex(
    "f875dfb4f8f293a1c581f3e4e74236b3ed645d4bc32793b30ddefc525382a35a"
    "89a9feb1d8b10da739f008624346313f8a8bb778f6e130566e9d4eda04ec0e01")
MESSAGE_SIGNATURE = bytes.fromhex(
    "427bf853b7b42d30d8859d879ccfa42adfda6f92803b26292d7dec8e77919f27"
    "72c8a76bf14ae29a0f4d3284975f730dc363ce064e871d6d4bbec89eaec71608")
KEY = message((1, 1), (2, PUBLIC))
PEER = b"\0" + bytes([len(KEY)]) + KEY
SECP256K1 = bytes.fromhex("08021221037777e994e452c21604f91de093ce415f5432f701dd8cd1a7a6fea0e630bfca99")
ADDRESS = b"\x04\x7f\0\0\1\x06\x0f\xa1"
RECORD = message((1, PEER), (2, 7), (3, message((1, ADDRESS))))
ENVELOPE = message((1, KEY), (2, b"\3\1"), (3, RECORD), (5, RECORD_SIGNATURE))
SIGNED = message((1, PEER), (2, b"hello"), (3, struct.pack(">Q", 1)), (4, "t"))


def run(data):
    """Bytes with their length in 16 bits, as the scripts of the targets have them."""
    return struct.pack(">H", len(data)) + data


def line(text):
    return prefixed(text.encode() + b"\n")


def address_seeds():
    texts = ["/ip4/127.0.0.1/tcp/30800/p2p/" + base58(PEER), "/ip6/2001:db8::1/udp/1", "/dns4/example.com/tcp/1",
             "/dns/a/dns6/b-c.d/tcp/65535", base58(PEER), "bafzaajaiaejcbcui4porycpbsv7vfws5fs5pu2cgjzbg"]
    seeds = {f"text{number}": text.encode() for number, text in enumerate(texts)}
    hashed = b"\x12\x20" + bytes(range(32))
    return seeds | {
        "binary": ADDRESS + b"\xa5\x03" + prefixed(PEER), "ip6": b"\x29" + bytes(15) + b"\1\x91\x02\0\1",
        "names": b"".join(code + prefixed(b"example.com") for code in (b"\x35", b"\x36", b"\x37")) + b"\x06\0\1",
        "id": PEER, "key": KEY, "secp256k1": SECP256K1, "hashed": hashed, "hashedText": base58(hashed).encode(),
        "inline": b"\0" + prefixed(SECP256K1),
    }


def multistream_seeds():
    header = line("/multistream/1.0.0")
    talks = {"agreed": header + line("/noise"), "second": header + line("na") + line("/yamux/1.0.0") + b"rest",
             "unknown": header + line("/a") * 40, "long": header + uvarint(1025) + b"/" * 1025, "empty": b"\0",
             "refused": header + line("na") * 3}
    return {f"{name}{piece}": bytes([piece]) + talk for name, talk in talks.items() for piece in (0, 63)}


def noise_seeds():
    payload = message((1, KEY), (2, NOISE_SIGNATURE), (4, message((2, "/yamux/1.0.0"), (2, "/mplex"))))
    seeds = {"payload": b"\0" + payload, "bare": b"\0" + message((1, KEY), (2, NOISE_SIGNATURE)),
             "stranger": b"\1\1\xff" + run(bytes(range(32))), "zero": b"\1\0\xff" + run(bytes(200))}
    for hit in range(3):
        seeds[f"talk{hit}"] = bytes([2, hit]) + b"\0\0\0\x05\0\1" + b"\0\x20\3\5hello"
    seeds["frames"] = b"\3\0\0\5\0\1\x20"
    seeds["longer"] = b"\3\0\0\5\3\7abcdefg\x10"
    return seeds


def yamux_seeds():
    def frame(kind, flags, stream, length, data=b""):
        return struct.pack(">BBHII", 0, kind, flags, stream, length) + data

    frames = [frame(1, 1, 2, 0), frame(0, 0, 2, 5, b"hello"), frame(2, 1, 0, 9), frame(0, 4, 2, 0), frame(1, 8, 2, 0),
              frame(3, 0, 0, 0), frame(0, 1, 4, 3, b"abc"), frame(1, 2, 1, 0)]
    choices = b"\x07\x1a\x1b\x04abcd\x08\x2d\x2e\0\5\x0c\x19\xff\xff\x0f\x2f"
    script = b"".join(b"\0" + run(one) + choices for one in frames)
    short = bytes([1, 0x10, 2, 0, 9, 1, 0x00, 2, 0, 200, 0x2D, 0x2E, 0, 200, 7, 1, 0x41, 2, 0, 0, 0x1A, 0x1B, 20]) + bytes(20)
    return {"frames": b"".join(frames), "script": b"\0" + script, "listener": b"\1" + script, "short": b"\0" + short,
            "many": b"\0" + b"".join(bytes([1, 0x11, 2 * number, 0, 0]) for number in range(1, 8)) + b"\7" * 4}


def identify_seeds():
    told = message((1, KEY), (2, ADDRESS), (3, "/ipfs/id/1.0.0"), (3, "/noise"), (4, ADDRESS), (5, "poai/1"), (6, "a\nb"),
                   (8, ENVELOPE))
    return {"one": told, "two": run(told[:40]) + run(told[40:]), "merged": run(told) + run(message((6, "later"))),
            "record": ENVELOPE, "otherKey": message((1, SECP256K1), (6, "x"))}


def gossipsub_seeds():
    signed = SIGNED + message((5, MESSAGE_SIGNATURE))
    plain = [message((1, b"\xaa\x05"), (2, bytes(20)), (3, struct.pack(">Q", number)), (4, "t")) for number in range(4)]
    names = [b"\xaa\x05" + struct.pack(">Q", number) for number in range(6)]
    ids = [(1, name) for name in names]
    controls = {
        "have": message((1, message((1, "t"), *((2, name) for name in names)))), "want": message((2, message(*ids))),
        "graft": message((3, message((1, "t"))), (3, message((1, "u")))),
        "prune": message((4, message((1, "t"), (2, message((1, PEER), (2, ENVELOPE))), (3, 60)))),
        "dontWant": message((5, message(*ids))),
    }
    rpcs = {name: message((3, control)) for name, control in controls.items()}
    rpcs["subscribe"] = message((1, message((1, 1), (2, "t"))), (1, message((1, 0), (2, "u"))))
    rpcs["topics"] = message(*((1, message((1, 1), (2, topic))) for topic in "tuvwx"))
    rpcs["ids"] = message((3, message(*((5, message((1, bytes([number])))) for number in range(60)))))
    rpcs["messages"] = message((2, signed), *((2, one) for one in plain))
    rpcs["all"] = rpcs["subscribe"] + message((2, plain[0])) + message((3, b"".join(controls.values())))
    beat = b"\x0e\x03\xe8"
    script = b"".join(bytes([peer << 4]) + run(rpcs["subscribe"]) for peer in (1, 2, 3)) + beat
    for number, rpc in enumerate(rpcs.values()):
        script += bytes([(1 + number % 3) << 4]) + run(rpc) + bytes([0x0A, number]) + beat
    script += b"\x09" + b"\x18" + b"\x47\x46\1\1" + b"\x0d\7\0\4abcd" + beat * 3
    return rpcs | {"script": script, "again": script * 2}


def kademlia_seeds():
    def peer(number, connection=1):
        return message((1, bytes([number]) * 3), (2, bytes([4, number, 2, 3, 4, 6, 1, 1])), (3, connection))

    requests = {f"request{kind}": message((1, kind), (2, PEER)) for kind in range(6)}
    requests["put"] = message((1, 0), (2, PEER), (3, message((1, PEER), (2, b"value"))))
    requests["provider"] = message((1, 2), (2, PEER), (9, peer(7)))
    nodes = [message((1, 4), *((8, peer(first + number)) for number in range(8))) for first in (40, 60, 80)]
    answers = {"nodes": nodes[0], "value": message((1, 1), (3, message((1, PEER), (2, b"value"))), (8, peer(9))),
               "providers": message((1, 3), (8, peer(1)), (9, peer(2)))}
    odd = [message((1, bytes(3))), message((1, b"")), message((1, bytes(65))), message((1, b"a"), (2, b""), (2, bytes(300))),
           message((1, b"b"), *((2, bytes([number])) for number in range(20)))]
    answers |= {"odd": message((1, 4), *((8, one) for one in odd)),
                "many": message((1, 4), *((8, peer(number)) for number in range(30)))}
    script = b"\1\2\3\4" + b"\0" + b"".join(b"\1" + run(one) for one in nodes * 6)
    return requests | answers | {"lookup": script, "find": b"\x28\x28\x28\0\1" + script[5:]}


def mdns_seeds():
    service = b"\4_p2p\4_udp\5local\0"
    text = b"dnsaddr=/ip4/127.0.0.1/tcp/4001/p2p/" + base58(PEER).encode()

    def record(name, kind, value):
        return name + struct.pack(">HHIH", kind, 1, 120, len(value)) + value

    query = struct.pack(">6H", 0, 0, 1, 0, 0, 0) + service + struct.pack(">HH", 12, 1)
    answer = struct.pack(">6H", 0, 0x8400, 0, 1, 0, 2) + record(service, 12, b"\5abcde\xc0\x0c")
    extra = record(b"\xc0\x28", 16, bytes([len(text)]) + text) + record(b"\0", 1, b"\x7f\0\0\1")
    return {"query": query, "answer": answer + extra, "emptyText": struct.pack(">6H", 0, 0x8400, 0, 1, 0, 0)
            + record(b"\0", 16, b"")}


def wire_seeds(blocks, headers, transactions, rlp_list):
    rlp, hashes = vectors.rlp, [bytes([number]) * 32 for number in range(3)]

    def numbered(kind, *encoded):
        """A message of a number and of parts that are encoded already."""
        return rlp_list(rlp(kind) + b"".join(encoded))

    def joined(encoded):
        return rlp_list(b"".join(encoded))

    status = rlp([1, 5, hashes[0], hashes[1], hashes[2], b"exact/1", hashes[0], 9, 1 << 70, b"poaid/1"])
    block, header = blocks["transactions"], headers["everyFieldSet"]
    body = joined([rlp(hashes[0]), joined([one if one[0] >= 0xC0 else rlp(one) for one in transactions])])
    kept = rlp(1) + rlp(hashes[0]) + joined([header, header])
    messages = {
        "status": (0, status), "after": (1, rlp([1, hashes, 100])), "from": (1, rlp([2, 5, 100])),
        "bodies": (1, rlp([3, hashes])), "blocks": (1, rlp([4, hashes])),
        "headerAnswer": (2, numbered(1, joined([header, header]))), "bodyAnswer": (2, numbered(3, joined([body]))),
        "blockAnswer": (2, numbered(4, joined([block]))), "list": (3, rlp([1])), "wanted": (3, rlp([2, hashes])),
        "hashes": (4, rlp([1, hashes])), "envelopes": (4, rlp([2, list(transactions)])),
        "block": (5, numbered(1, block)), "header": (5, numbered(2, header)),
        "announced": (6, rlp([[hashes[0], 110], [hashes[1], 2]])),
        "kept": (7, joined([kept, rlp(vectors.keccak256(kept))])), "keptOpen": (8, joined([kept, rlp(hashes[1])])),
    }
    return {name: bytes([kind]) + content for name, (kind, content) in messages.items()}


def all_seeds(blocks, headers, transactions, rlp_list):
    """By target."""
    return {
        "address": address_seeds(), "multistream": multistream_seeds(), "noise": noise_seeds(), "yamux": yamux_seeds(),
        "identify": identify_seeds(), "gossipsub": gossipsub_seeds(), "kademlia": kademlia_seeds(), "mdns": mdns_seeds(),
        "wire": wire_seeds(blocks, headers, transactions, rlp_list),
    }
