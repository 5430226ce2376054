import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Block")
struct BlockTests {
    private func header() throws -> BlockHeader {
        try #require(try HeaderVectors.all().first { $0.name == "everyFieldSet" }).header
    }

    @Test("A block is the list of header, no transactions, no uncles")
    func roundTrip() throws {
        for vector in try HeaderVectors.all() {
            let block = Block(header: vector.header)
            let expected = RLP.encode(.list([.list(vector.header.rlpItems()), .list([]), .list([])]))
            #expect(block.rlpEncoded() == expected)
            #expect(try Block(rlp: expected) == block)
            #expect(block.hash.hex == vector.hash)
        }
    }

    @Test("A header too long for the rules is still encoded canonically")
    func longHeader() throws {
        var header = try header()
        header.extraData = [UInt8](repeating: 5, count: 70_000)
        let bytes = Block(header: header).rlpEncoded()
        #expect(try RLP.decode(bytes).list(count: 3)[0] == .list(header.rlpItems()))
        #expect(throws: BlockDecodingError.header(.notAHeaderList(firstByte: 0xfa))) { try Block(rlp: bytes) }
    }

    @Test("Uncles and what is no transaction are refused, with the reason")
    func body() throws {
        let header = try header()
        let items = RLPItem.list(header.rlpItems())
        let filled = RLPItem.list([.uint(UInt64(1)), .list([])])
        #expect(throws: BlockDecodingError.transaction(index: 0, .empty, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .list([.bytes([])]), .list([])])))
        }
        #expect(throws: BlockDecodingError.transaction(index: 0, .unsupportedType(3), blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .list([.bytes([3, 0xc0])]), .list([])])))
        }
        #expect(throws: BlockDecodingError.uncles(count: 2, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .list([]), filled])))
        }
        #expect(throws: BlockDecodingError.body(.expectedList, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .bytes([]), .list([])])))
        }
        #expect(throws: BlockDecodingError.body(.expectedList, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .list([]), .bytes([])])))
        }
        let message = BlockDecodingError.transaction(index: 2, .unsupportedType(3), blockHash: header.hash).description
        #expect(message.contains("transaction 2") && message.contains("type 3") && message.contains(header.hash.hex))
    }

    @Test("Transactions of each kind survive encoding, in order, next to the header")
    func transactions() throws {
        let transactions = try TransactionSamples.all()
        let block = Block(header: try header(), transactions: transactions)
        let bytes = block.rlpEncoded()
        #expect(try Block(rlp: bytes) == block)
        #expect(try RLP.decode(bytes).list(count: 3)[1] == .list(transactions.map(\.rlpItem)))
        #expect(bytes.count > 0xffff)
        // A legacy transaction within a string, a typed one without it, a byte with a prefix.
        let header = RLPItem.list(block.header.rlpItems())
        let legacy = try #require(transactions.first { $0.fields.kind == .legacy }).encoded()
        #expect(
            throws: BlockDecodingError.transaction(
                index: 0, .notAnEnvelope(firstByte: legacy[0]), blockHash: block.hash)
        ) {
            try Block(rlp: RLP.encode(.list([header, .list([.bytes(legacy)]), .list([])])))
        }
        let payload = RLP.encode(header) + RLP.encode(listPayload: [0x81, 0x03]) + [0xc0]
        #expect(
            throws: BlockDecodingError.transaction(
                index: 0, .notAList(.prefixedSingleByte(offset: 0)), blockHash: block.hash)
        ) { try Block(rlp: RLP.encode(listPayload: payload)) }
    }

    @Test("Other shapes are refused")
    func shapes() throws {
        let items = RLPItem.list(try header().rlpItems())
        let good = RLP.encode(.list([items, .list([]), .list([])]))
        #expect(throws: BlockDecodingError.partCount(got: 2)) { try Block(rlp: RLP.encode(.list([items, .list([])]))) }
        #expect(throws: BlockDecodingError.partCount(got: 4)) {
            try Block(rlp: RLP.encode(.list([items, .list([]), .list([]), .list([])])))
        }
        #expect(throws: BlockDecodingError.header(.notAHeaderList(firstByte: 0xc0))) {
            try Block(rlp: RLP.encode(.list([.list([]), .list([]), .list([])])))
        }
        for bytes in [[], [0x80], good + [0], Array(good.dropLast())] {
            #expect {
                try Block(rlp: bytes)
            } throws: { error in
                guard case .notAList = error as? BlockDecodingError else { return false }
                return true
            }
        }
    }

    @Test("Mutated input is refused, or is the canonical encoding of what it decodes to", arguments: 0..<4)
    func mutations(seed: Int) throws {
        let original = Block(header: try header()).rlpEncoded()
        var random = DeterministicRandom(seed: UInt64(1000 + seed))
        var accepted = 0
        for _ in 0..<4000 {
            let bytes = mutated(original, &random)
            guard let block = try? Block(rlp: bytes) else { continue }
            accepted += 1
            try #require(block.rlpEncoded() == bytes)
        }
        #expect(accepted > 100)
    }
}
