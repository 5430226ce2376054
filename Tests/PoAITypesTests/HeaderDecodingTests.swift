import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Header decoding")
struct HeaderDecodingTests {
    /// Items of a good header, to be spoilt one at a time.
    private func items() throws -> [RLPItem] {
        try #require(try HeaderVectors.all().first { $0.name == "everyFieldSet" }).header.rlpItems()
    }

    private func expect(
        _ fault: HeaderDecodingError, replacing index: Int, with item: RLPItem,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var items = try items()
        items[index] = item
        let bytes = RLP.encode(.list(items))
        #expect(throws: fault, sourceLocation: sourceLocation) { try BlockHeader(rlp: bytes) }
    }

    @Test("Strings of fixed length must have it")
    func fixedLengths() throws {
        typealias Field = HeaderDecodingError.Field
        let hashes: [(Int, Field)] = [
            (0, .parentHash), (1, .unclesHash), (3, .stateRoot), (4, .transactionsRoot), (5, .receiptsRoot),
            (13, .mixHash),
        ]
        for (index, field) in hashes {
            for count in [31, 33] {
                let first = 0x80 + UInt8(count)
                try expect(
                    .wrongLength(field, firstByte: first, expected: 32), replacing: index,
                    with: .bytes([UInt8](repeating: 0xee, count: count)))
            }
            try expect(.wrongLength(field, firstByte: 0xc0, expected: 32), replacing: index, with: .list([]))
        }
        try expect(.wrongLength(.miner, firstByte: 0x93, expected: 20), replacing: 2, with: bytes(19))
        try expect(.wrongLength(.miner, firstByte: 0x95, expected: 20), replacing: 2, with: bytes(21))
        try expect(.wrongLength(.nonce, firstByte: 0x87, expected: 8), replacing: 14, with: bytes(7))
        try expect(.wrongLength(.nonce, firstByte: 0x89, expected: 8), replacing: 14, with: bytes(9))
        try expect(.wrongLength(.logsBloom, firstByte: 0xb8, expected: 256), replacing: 6, with: bytes(255))
        try expect(.wrongLength(.logsBloom, firstByte: 0xb9, expected: 256), replacing: 6, with: bytes(257))
    }

    @Test("Integers have a width and no leading zero")
    func integers() throws {
        typealias Field = HeaderDecodingError.Field
        let fields: [(Int, Field, Int)] = [
            (7, .bits, 4), (8, .number, 8), (9, .gasLimit, 8), (10, .gasUsed, 8), (11, .timestamp, 8),
            (15, .baseFeePerGas, 32), (16, .loss, 8),
        ]
        for (index, field, width) in fields {
            try expect(.tooLong(field, got: width + 1, limit: width), replacing: index, with: bytes(width + 1))
            try expect(.notCanonical(field, firstByte: 0), replacing: index, with: .bytes([0]))
            try expect(.notCanonical(field, firstByte: 0), replacing: index, with: .bytes([0, 0xff]))
            try expect(.notCanonical(field, firstByte: 0xc0), replacing: index, with: .list([]))
        }
        try expect(.tooLong(.extraData, got: 33, limit: 32), replacing: 12, with: bytes(33))
        try expect(.notCanonical(.extraData, firstByte: 0xb8), replacing: 12, with: bytes(56))
    }

    @Test("A small byte must stand for itself")
    func nonCanonicalByte() throws {
        let header = try #require(try HeaderVectors.all().first { $0.name == "oneByteExtraLow" }).header
        var bytes = header.rlpEncoded()
        // extraData follows the five bytes of the timestamp.
        let timestamp = try Hex.decode("846955b900")
        let start = try #require(bytes.indices.first { bytes.dropFirst($0).starts(with: timestamp) }) + timestamp.count
        #expect(bytes[start] == 0x7f)
        bytes.insert(0x81, at: start)
        let payload = bytes.count - 3
        bytes.replaceSubrange(1...2, with: [UInt8(payload >> 8), UInt8(payload & 0xff)])
        #expect(throws: HeaderDecodingError.notCanonical(.extraData, firstByte: 0x81)) { try BlockHeader(rlp: bytes) }
    }

    @Test("The list is the whole input and has 17 fields")
    func list() throws {
        let items = try items()
        let good = RLP.encode(.list(items))
        #expect(throws: HeaderDecodingError.payloadLength(got: good.count - 2, announced: good.count - 3)) {
            try BlockHeader(rlp: good + [0])
        }
        #expect(throws: HeaderDecodingError.extraFields(bytes: 1)) {
            try BlockHeader(rlp: RLP.encode(.list(items + [.uint(UInt64(1))])))
        }
        #expect(throws: HeaderDecodingError.truncated(.loss)) {
            try BlockHeader(rlp: RLP.encode(.list(Array(items.dropLast()))))
        }
        #expect(throws: HeaderDecodingError.notAHeaderList(firstByte: nil)) { try BlockHeader(rlp: []) }
        #expect(throws: HeaderDecodingError.notAHeaderList(firstByte: 0xc0)) { try BlockHeader(rlp: [0xc0]) }
        #expect(throws: HeaderDecodingError.notAHeaderList(firstByte: 0xf9)) { try BlockHeader(rlp: [0xf9, 0, 0]) }
        #expect(throws: HeaderDecodingError.notAHeaderList(firstByte: 0xfa)) {
            try BlockHeader(rlp: [0xfa, 0x00] + good.dropFirst())
        }
    }

    @Test("Every strict prefix is refused")
    func truncations() throws {
        for vector in try HeaderVectors.all() {
            let bytes = try Hex.decode(vector.rlp)
            for count in bytes.indices {
                #expect(throws: HeaderDecodingError.self) { try BlockHeader(rlp: Array(bytes.prefix(count))) }
                // Also with a length prefix that fits the shorter input.
                guard count >= 3 else { continue }
                let payload = count - 3
                let patched = [0xf9, UInt8(payload >> 8), UInt8(payload & 0xff)] + bytes.prefix(count).dropFirst(3)
                #expect(throws: HeaderDecodingError.self) { try BlockHeader(rlp: patched) }
            }
        }
    }

    @Test("Mutated input is refused, or is the canonical encoding of what it decodes to", arguments: 0..<8)
    func mutations(seed: Int) throws {
        let vectors = try HeaderVectors.all()
        let original = try Hex.decode(vectors[seed % vectors.count].rlp)
        var random = DeterministicRandom(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<4000 {
            let bytes = mutated(original, &random)
            guard let header = try? BlockHeader(rlp: bytes) else { continue }
            accepted += 1
            try #require(header.rlpEncoded() == bytes)
            try #require(RLP.encode(RLP.decode(bytes)) == bytes)
        }
        #expect(accepted > 100, "flips inside hashes must still decode")
    }

    private func bytes(_ count: Int) -> RLPItem {
        .bytes([UInt8](repeating: 0xee, count: count))
    }
}
