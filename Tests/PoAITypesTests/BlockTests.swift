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

    @Test("Transactions and uncles are refused by name and count")
    func body() throws {
        let header = try header()
        let items = RLPItem.list(header.rlpItems())
        let filled = RLPItem.list([.uint(UInt64(1)), .list([])])
        #expect(throws: BlockDecodingError.transactions(count: 2, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, filled, .list([])])))
        }
        #expect(throws: BlockDecodingError.uncles(count: 2, blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .list([]), filled])))
        }
        #expect(throws: BlockDecodingError.bodyNotLists(blockHash: header.hash)) {
            try Block(rlp: RLP.encode(.list([items, .bytes([]), .list([])])))
        }
        let message = BlockDecodingError.transactions(count: 2, blockHash: header.hash).description
        #expect(message.contains("2 transactions") && message.contains(header.hash.hex))
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
