#!/usr/bin/env python3
"""Writes the expected values of the consensus tests, computed independently of the Swift sources.

Usage: scripts/consensus_vectors.py        from the root of the package; needs nothing but Python 3.
Everything here follows docs/spec/consensus.md: Keccak-256 and RLP are written out below.
"""
import json
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
MASK = (1 << 64) - 1


def keccak256(data):
    def rol(value, count):
        count %= 64
        return ((value << count) | (value >> (64 - count))) & MASK if count else value

    def permute(lanes):
        lfsr = 1
        for _ in range(24):
            parity = [lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5)]
            for i in range(25):
                lanes[i] ^= parity[(i + 4) % 5] ^ rol(parity[(i + 1) % 5], 1)
            x, y, current = 1, 0, lanes[1]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, lanes[x + 5 * y] = lanes[x + 5 * y], rol(current, (t + 1) * (t + 2) // 2)
            for row in range(0, 25, 5):
                old = lanes[row:row + 5]
                for i in range(5):
                    lanes[row + i] = old[i] ^ (~old[(i + 1) % 5] & old[(i + 2) % 5] & MASK)
            for j in range(7):
                if lfsr & 1:
                    lanes[0] ^= 1 << ((1 << j) - 1)
                lfsr = (lfsr << 1) ^ (0x171 if lfsr & 0x80 else 0)

    rate, lanes = 136, [0] * 25
    padded = bytearray(data) + b"\x01" + bytes(-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    for start in range(0, len(padded), rate):
        for i in range(rate // 8):
            lanes[i] ^= int.from_bytes(padded[start + 8 * i:start + 8 * i + 8], "little")
        permute(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes)[:32]


def rlp(item):
    if isinstance(item, int):
        item = item.to_bytes((item.bit_length() + 7) // 8, "big")
    if isinstance(item, list):
        payload, base = b"".join(map(rlp, item)), 0xC0
    elif len(item) == 1 and item[0] < 0x80:
        return item
    else:
        payload, base = item, 0x80
    if len(payload) < 56:
        return bytes([base + len(payload)]) + payload
    size = len(payload).to_bytes((len(payload).bit_length() + 7) // 8, "big")
    return bytes([base + 55 + len(size)]) + size + payload


FIELDS = ("parentHash unclesHash miner stateRoot transactionsRoot receiptsRoot logsBloom bits number gasLimit gasUsed "
          "timestamp extraData mixHash nonce baseFeePerGas loss").split()
UNCLES, TRIE = keccak256(rlp([])), keccak256(rlp(b""))


def header(**changes):
    fields = dict(parentHash=bytes(32), unclesHash=UNCLES, miner=bytes(20), stateRoot=TRIE, transactionsRoot=TRIE,
                  receiptsRoot=TRIE, logsBloom=bytes(256), bits=0x20066666, number=0, gasLimit=30000000, gasUsed=0,
                  timestamp=1767225600, extraData=b"", mixHash=bytes(32), nonce=0, baseFeePerGas=10**9, loss=0)
    assert list(fields) == FIELDS
    fields.update(changes)
    return fields


def header_rlp(fields, sealed=True):
    wire = dict(fields, nonce=fields["nonce"].to_bytes(8, "big"))
    return rlp([wire[name] for name in FIELDS if sealed or name not in ("mixHash", "nonce", "loss")])


def compact(value):
    size = (value.bit_length() + 7) // 8
    mantissa = value << 8 * (3 - size) if size <= 3 else value >> 8 * (size - 3)
    if mantissa & 0x800000:
        mantissa, size = mantissa >> 8, size + 1
    return size << 24 | mantissa


def expand(bits):
    size, mantissa = bits >> 24, bits & 0x7FFFFF
    return mantissa >> 8 * (3 - size) if size <= 3 else mantissa << 8 * (size - 3)


def parameters_hash(spec):
    num = lambda key: int(spec[key], 0) if isinstance(spec[key], str) else spec[key]
    raw = lambda text: bytes.fromhex(text.removeprefix("0x"))
    return keccak256(rlp(
        [b"poai/parameters/1"] + [num(key) for key in (
            "chainID", "blockInterval", "retargetInterval", "epochBlocks", "maxFutureSeconds", "medianTimeBlocks",
            "powLimitBits", "genesisBits", "genesisTimestamp", "genesisGasLimit", "genesisBaseFee", "initialSubsidy",
            "halvingInterval")]
        + [[spec["quiz"]["tokenCount"], spec["quiz"]["scoredTokens"]],
           [[m["activationHeight"], raw(m["sha256"]), m["engine"].encode()] for m in spec["models"]],
           [[raw(a["address"]), int(a["wei"])] for a in spec["alloc"]]]))


def pattern(seed, count):
    return bytes((seed * 37 + i * 11 + i * i) % 256 for i in range(count))


HEADERS = {
    "defaults": header(),
    "everyFieldSet": header(
        parentHash=pattern(1, 32), unclesHash=pattern(2, 32), miner=pattern(3, 20), stateRoot=pattern(4, 32),
        transactionsRoot=pattern(5, 32), receiptsRoot=pattern(6, 32), logsBloom=pattern(7, 256), bits=0x1D00FFFF,
        number=0x0123456789, gasLimit=0x80, gasUsed=21000, timestamp=1800000000, extraData=pattern(8, 32),
        mixHash=pattern(9, 32), nonce=0x0102030405060708, baseFeePerGas=(1 << 255) + 12345, loss=1234567),
    "allIntegersMaximal": header(
        bits=0xFFFFFFFF, number=MASK, gasLimit=MASK, gasUsed=MASK, timestamp=MASK, nonce=MASK,
        baseFeePerGas=(1 << 256) - 1, loss=MASK, extraData=b"\xff" * 32),
    "allIntegersZero": header(bits=0, gasLimit=0, timestamp=0, baseFeePerGas=0),
    "smallIntegers": header(
        bits=1, number=0x7F, gasLimit=0x80, gasUsed=0xFF, timestamp=0x100, baseFeePerGas=0x7F, loss=1, nonce=1),
    "oneByteExtraLow": header(extraData=b"\x7f"),
    "oneByteExtraHigh": header(extraData=b"\x80"),
    "feeOf65Bits": header(baseFeePerGas=1 << 64, extraData=b"\x00"),
}


def literal(text, indent):
    pad = " " * indent
    lines = [text[i:i + 96] for i in range(0, len(text), 96)] or [""]
    return '"""\n' + "\\\n".join(pad + line for line in lines) + "\n" + pad + '"""'


def swift_header(f):
    wide = f["baseFeePerGas"]
    return (
        f'        BlockHeader(\n'
        f'            parentHash: try Hash32(hex: "{f["parentHash"].hex()}"),\n'
        f'            unclesHash: try Hash32(hex: "{f["unclesHash"].hex()}"),\n'
        f'            miner: try Address(parsing: "{f["miner"].hex()}"),\n'
        f'            stateRoot: try Hash32(hex: "{f["stateRoot"].hex()}"),\n'
        f'            transactionsRoot: try Hash32(hex: "{f["transactionsRoot"].hex()}"),\n'
        f'            receiptsRoot: try Hash32(hex: "{f["receiptsRoot"].hex()}"),\n'
        f'            logsBloom: try bloom({"nil" if not any(f["logsBloom"]) else "7"}), bits: {f["bits"]},\n'
        f'            number: {f["number"]}, gasLimit: {f["gasLimit"]}, gasUsed: {f["gasUsed"]},\n'
        f'            timestamp: {f["timestamp"]},\n'
        f'            extraData: try Hex.decode("{f["extraData"].hex()}"),\n'
        f'            mixHash: try Hash32(hex: "{f["mixHash"].hex()}"),\n'
        f'            nonce: {f["nonce"]},\n'
        f'            baseFeePerGas: try #require(\n                UInt256(decimal: "{wide}")),\n'
        f'            loss: {f["loss"]})')


NOTE = "// Written by scripts/consensus_vectors.py; do not edit.\n"


def types_file():
    out = [NOTE, "import PoAIPrimitives\nimport PoAITypes\nimport Testing\n\nstruct HeaderVector {",
           "    let name: String\n    let header: BlockHeader\n    let rlp: String\n    let hash: String",
           "    let sealHash: String\n}\n\nenum HeaderVectors {",
           "    /// The bloom filter whose byte i is 37 * seed + 11 * i + i * i modulo 256, or the empty one.",
           "    static func bloom(_ seed: Int?) throws -> LogsBloom {",
           "        guard let seed else { return .zero }",
           "        let bytes = (0..<256).map { UInt8(truncatingIfNeeded: 37 * seed + 11 * $0 + $0 * $0) }",
           "        return try #require(LogsBloom(bytes))\n    }\n",
           "    static func all() throws -> [HeaderVector] {\n        try ["]
    for name in HEADERS:
        out.append(f"            {name}(),")
    out.append("        ]\n    }")
    for name, fields in HEADERS.items():
        encoded = header_rlp(fields)
        seal_hash = keccak256(header_rlp(fields, sealed=False))
        body = swift_header(fields).replace("        BlockHeader(", "BlockHeader(", 1)
        out.append(f"\n    private static func {name}() throws -> HeaderVector {{\n        let header = {body}")
        out.append(f"        let rlp = {literal(encoded.hex(), 12)}")
        out.append(f'        return HeaderVector(\n            name: "{name}", header: header, rlp: rlp,')
        out.append(f'            hash: "0x{keccak256(encoded).hex()}",')
        out.append(f'            sealHash: "0x{seal_hash.hex()}")\n    }}')
    out.append("}\n")
    return "\n".join(out)


def spec_rows():
    rows = []
    for name in ("mainnet", "testnet", "devnet"):
        spec = json.loads((ROOT / f"Sources/PoAINode/ChainSpecs/{name}.json").read_text())
        parameters = parameters_hash(spec)
        genesis = header(bits=int(spec["genesisBits"], 0), extraData=parameters)
        rows.append((name, parameters.hex(), keccak256(header_rlp(genesis)).hex()))
    return rows


def spec_file():
    rows = "".join(
        f'        (\n            "{name}",\n            "0x{parameters}",\n            "0x{genesis}"\n        ),\n'
        for name, parameters, genesis in spec_rows())
    return (NOTE + "\nenum SpecVectors {\n"
            "    /// Network, hash of its parameters, hash of its genesis header with the empty trie as state.\n"
            "    static let all: [(network: String, parametersHash: String, genesisHash: String)] = [\n"
            + rows + "    ]\n}\n")


def seal_file():
    rows = []
    for i, (number, nonce, loss) in enumerate([(1, 0, 0), (2016, 77, 1234567), (MASK, MASK, MASK), (256, 1 << 56, 1)]):
        key, seal, digest = keccak256(b"epoch%d" % i), keccak256(b"seal%d" % i), keccak256(b"trace%d" % i)
        seed = keccak256(key + seal + number.to_bytes(8, "big") + nonce.to_bytes(8, "big"))
        lhat = keccak256(b"poai/lhat/1" + seed + loss.to_bytes(8, "big") + digest)
        rows.append(
            f'        SealVector(\n            epochKey: "{key.hex()}",\n            sealHash: "{seal.hex()}",\n'
            f'            traceDigest: "{digest.hex()}",\n            number: {number}, nonce: {nonce}, loss: {loss},\n'
            f'            quizSeed: "0x{seed.hex()}",\n            lhat: "0x{lhat.hex()}"),\n')
    return (NOTE + "\nstruct SealVector {\n    let epochKey: String\n    let sealHash: String\n"
            "    let traceDigest: String\n    let number: UInt64\n    let nonce: UInt64\n    let loss: UInt64\n"
            "    let quizSeed: String\n    let lhat: String\n}\n\nenum SealVectors {\n    static let all = [\n"
            + "".join(rows) + "    ]\n}\n")


def hex_bits(bits):
    return f"0x{bits >> 16:04x}_{bits & 0xffff:04x}"


def consensus_file():
    epochs = [(b"genesis", 0), (b"block 19", 1), (b"block 2015", 1), (b"far", MASK)]
    out = [NOTE, "enum ConsensusVectors {"]
    out.append("    /// Seed, epoch index, epoch key.")
    out.append("    static let epochKeys: [(seed: String, index: UInt64, key: String)] = [")
    for label, index in epochs:
        seed = keccak256(label)
        key = keccak256(seed + index.to_bytes(8, "big"))
        out.append(f'        (\n            "{seed.hex()}", {index},\n            "0x{key.hex()}"\n        ),')
    out.append("    ]\n\n    /// Compact target, floor(2^256 / (target + 1)) in decimal.")
    out.append("    static let works: [(bits: UInt32, work: String)] = [")
    for bits in (0x2100FFFF, 0x207FFFFF, 0x20066666, 0x2000FFFF, 0x1F040000, 0x1D00FFFF, 0x1B0404CB, 0x170331DB,
                 0x03123456, 0x01010000):
        out.append(f'        (\n            {hex_bits(bits)},\n            "{(1 << 256) // (expand(bits) + 1)}"\n        ),')
    out.append("    ]\n\n    /// Old compact target, window's elapsed seconds, intervals, seconds a block, limit, new target.")
    out.append("    static let retargets:\n        [(bits: UInt32, elapsed: UInt64, intervals: UInt64, block: UInt64, "
               "limit: UInt32, expected: UInt32)] = [")
    for bits, elapsed, intervals, block, limit in (
            (0x1F040000, 1209600, 2016, 600, 0x2000FFFF), (0x1F040000, 604800, 2016, 600, 0x2000FFFF),
            (0x1F040000, 302400, 2016, 600, 0x2000FFFF), (0x1F040000, 302399, 2016, 600, 0x2000FFFF),
            (0x1F040000, 1, 2016, 600, 0x2000FFFF), (0x1F040000, 4838400, 2016, 600, 0x2000FFFF),
            (0x1F040000, 4838401, 2016, 600, 0x2000FFFF), (0x1F040000, 1000000007, 2016, 600, 0x2000FFFF),
            (0x20066666, 80, 16, 5, 0x2100FFFF), (0x20066666, 79, 16, 5, 0x2100FFFF), (0x20066666, 70, 14, 5, 0x2100FFFF),
            (0x20066666, 17, 14, 5, 0x2100FFFF), (0x20066666, 16, 14, 5, 0x2100FFFF), (0x2100FFFF, 320, 16, 5, 0x2100FFFF),
            (0x2100FFFF, 81, 16, 5, 0x2100FFFF), (0x2100FFFF, 40, 16, 5, 0x2100FFFF), (0x207FFFFF, 320, 16, 5, 0x207FFFFF),
            (0x1D00FFFF, 1022578, 2016, 600, 0x1D00FFFF), (0x01010000, 1, 16, 5, 0x2100FFFF),
            (0x03000003, 20, 16, 5, 0x2100FFFF), (0x2100FFFF, 0, 1, 1, 0x2100FFFF)):
        expected = intervals * block
        actual = min(max(elapsed, expected // 4, 1), expected * 4)
        target = min(max(expand(bits) * actual // expected, 1), expand(limit))
        out.append(f"            ({hex_bits(bits)}, {elapsed}, {intervals}, {block}, {hex_bits(limit)}, "
                   f"{hex_bits(compact(target))}),")
    out.append("        ]\n")
    total = sum(210000 * (5 * 10**18 >> halving) for halving in range(64))
    out.append("    /// All wei ever mined: 210000 blocks of each of 64 eras.")
    out.append(f'    static let totalSupply = "{total}"\n}}\n')
    return "\n".join(out)


def target_rows():
    rows = [(n, compact(min((n << 256) // 1000, expand(0x2100FFFF)))) for n in (1, 2, 25, 100, 333, 500, 501, 999, 1000)]
    return (NOTE + "\nenum TargetVectors {\n    /// Thousandths of the hash space, compact target.\n"
            "    static let thousandths: [(count: Int, bits: UInt32)] = [\n"
            + "".join(f"        ({n}, {hex_bits(bits)}),\n" for n, bits in rows) + "    ]\n}\n")


def main():
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    files = {
        "PoAITypesTests/HeaderVectors.swift": types_file(),
        "PoAITypesTests/TargetVectors.swift": target_rows(),
        "PoAINodeTests/SpecVectors.swift": spec_file(),
        "PoAIWorkTests/SealVectors.swift": seal_file(),
        "PoAIConsensusTests/ConsensusVectors.swift": consensus_file(),
    }
    for path, content in files.items():
        (ROOT / "Tests" / path).write_text(content)
        print("wrote Tests/" + path)


if __name__ == "__main__":
    main()
