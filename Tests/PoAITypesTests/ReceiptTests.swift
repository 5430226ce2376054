import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Receipt")
struct ReceiptTests {
    private func vectors() throws -> [ReceiptVector] { try TransactionGolden.load().receipts }

    @Test("Bytes and filters are those that rlp and eth-bloom give")
    func golden() throws {
        #expect(try vectors().count == 7)
        for vector in try vectors() {
            let receipt = try vector.receipt()
            let bytes = try Hex.decode(vector.encoded)
            #expect(receipt.bloom.bytes == (try Hex.decode(vector.bloom)), "\(vector.name)")
            #expect(receipt.encoded() == bytes, "\(vector.name)")
            #expect(try Receipt(encoded: bytes) == receipt, "\(vector.name)")
        }
    }

    @Test("A filter holds all that was entered and says no to other things; filters join")
    func bloom() throws {
        let receipt = try #require(try vectors().first { $0.name == "typeTwo" }).receipt()
        let log = try #require(receipt.logs.first)
        #expect(receipt.bloom.mayContain(log.address) && receipt.bloom.mayContain(topic: log.topics[0]))
        #expect(!receipt.bloom.mayContain(.zero) && !receipt.bloom.mayContain(topic: Keccak256.hash([99])))
        #expect(!LogsBloom.zero.mayContain(log.address))
        let other = LogsBloom([Log(address: .zero, topics: [], data: [])])
        var joined = receipt.bloom
        joined.formUnion(other)
        #expect(joined == LogsBloom(receipt.logs + [Log(address: .zero, topics: [], data: [1])]))
        #expect(joined.mayContain(.zero) && joined.mayContain(log.address))
    }

    @Test("What is no receipt is refused, with the reason")
    func refusals() throws {
        let bloom = RLPItem.bytes([UInt8](repeating: 0, count: 256))
        func bytes(_ items: [RLPItem], type: [UInt8] = []) -> [UInt8] { type + RLP.encode(.list(items)) }
        func expect(_ error: ReceiptDecodingError, _ bytes: [UInt8], at location: SourceLocation = #_sourceLocation) {
            #expect(throws: error, sourceLocation: location) { try Receipt(encoded: bytes) }
            #expect(!error.description.contains("\n") && error.description.hasPrefix("receipt: "))
        }
        let good: [RLPItem] = [.uint(1), .uint(5), bloom, .list([])]
        #expect(try Receipt(encoded: bytes(good)).succeeded)
        expect(.empty, [])
        expect(.unsupportedType(3), bytes(good, type: [3]))
        expect(.unsupportedType(0), bytes(good, type: [0]))
        expect(.unsupportedType(0x80), [0x80])
        expect(.malformed(.emptyInput), [1])
        expect(.malformed(.trailingBytes(count: 1)), bytes(good) + [0])
        expect(.malformed(.wrongCount(expected: 4, got: 3)), bytes(Array(good.dropLast())))
        expect(.malformed(.wrongCount(expected: 4, got: 5)), bytes(good + [.bytes([])]))
        expect(.status(got: 2), bytes([.uint(2)] + good.dropFirst()))
        expect(.malformed(.integerTooLarge(limit: 8, got: 32)), bytes([.hash(Keccak256.empty)] + good.dropFirst()))
        expect(.malformed(.integerWithLeadingZero), bytes([.bytes([0])] + good.dropFirst()))
        expect(.malformed(.wrongLength(expected: 256, got: 1)), bytes([good[0], good[1], .bytes([0]), good[3]]))
        let entry = RLPItem.list([.address(.zero), .list([]), .bytes([])])
        expect(.bloom, bytes([good[0], good[1], bloom, .list([entry])]))
        var filter = LogsBloom.zero.bytes
        filter[9] = 1
        expect(.bloom, bytes([good[0], good[1], .bytes(filter), .list([])]))
        let parts: [(RLPItem, RLPError)] = [
            (.bytes([]), .expectedList), (.list([.list([])]), .wrongCount(expected: 3, got: 0)),
            (.list([.list([.bytes([1]), .list([]), .bytes([])])]), .wrongLength(expected: 20, got: 1)),
            (.list([.list([.address(.zero), .list([.bytes([1])]), .bytes([])])]), .wrongLength(expected: 32, got: 1)),
            (.list([.list([.address(.zero), .list([]), .list([])])]), .expectedBytes),
        ]
        for (logs, error) in parts { expect(.malformed(error), bytes([good[0], good[1], bloom, logs])) }
    }

    @Test("Mutated input is refused, or is the canonical encoding of what it decodes to", arguments: 0..<2)
    func mutations(seed: Int) throws {
        let originals = try vectors().map { try Hex.decode($0.encoded) }.filter { $0.count < 1000 }
        var random = DeterministicRandom(seed: UInt64(3000 + seed))
        var accepted = 0
        for round in 0..<6000 {
            let bytes = mutated(originals[round % originals.count], &random)
            guard let receipt = try? Receipt(encoded: bytes) else { continue }
            accepted += 1
            try #require(receipt.encoded() == bytes)
        }
        #expect(accepted > 10)
    }
}

@Suite("Base fee")
struct BaseFeeTests {
    @Test("The fees are those of EIP-1559's own code")
    func golden() throws {
        let cases = try TransactionGolden.load().baseFees
        #expect(cases.count > 390)
        for texts in cases {
            let values = try texts.map { try UInt256(hex: $0) }
            let (used, limit) = (try #require(values[1].asUInt64), try #require(values[2].asUInt64))
            let fee = BaseFee.next(parentBaseFee: values[0], parentGasUsed: used, parentGasLimit: limit)
            #expect(fee == values[3], "\(texts)")
        }
    }

    @Test("Headers that no rule allows do not trap")
    func extremes() {
        for limit in [0, 1, 2, 3, .max] as [UInt64] {
            for used in [0, 1, 2, .max] as [UInt64] {
                for fee in [.zero, .one, .max] as [UInt256] {
                    let next = BaseFee.next(parentBaseFee: fee, parentGasUsed: used, parentGasLimit: limit)
                    if used > limit / 2, limit > 1 { #expect(next > fee || fee == .max) } else { #expect(next <= fee) }
                }
            }
        }
    }
}
