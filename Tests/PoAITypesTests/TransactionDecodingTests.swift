import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Transaction decoding")
struct TransactionDecodingTests {
    private func items(_ kind: Transaction.Kind) throws -> [RLPItem] {
        let transaction = try #require(try TransactionSamples.all().last { $0.fields.kind == kind })
        let bytes = transaction.encoded()
        return try RLP.decode(kind == .legacy ? bytes : Array(bytes.dropFirst())).list()
    }

    private func expect(
        _ error: TransactionDecodingError, _ kind: Transaction.Kind, _ items: [RLPItem],
        at location: SourceLocation = #_sourceLocation
    ) {
        let list = RLP.encode(.list(items))
        let bytes = kind == .legacy ? list : [kind.rawValue] + list
        #expect(throws: error, sourceLocation: location) { try Transaction(encoded: bytes) }
        let item: RLPItem = kind == .legacy ? .list(items) : .bytes(bytes)
        #expect(throws: error, sourceLocation: location) { try Transaction(rlpItem: item) }
        #expect(!error.description.contains("\n") && error.description.hasPrefix("transaction: "))
    }

    @Test("Unknown types are named, blobs and delegations among them")
    func types() throws {
        for type in [0, 3, 4, 5, 0x7f] as [UInt8] {
            let bytes = [type] + RLP.encode(.list(try items(.dynamicFee)))
            #expect(throws: TransactionDecodingError.unsupportedType(type)) { try Transaction(encoded: bytes) }
        }
        for byte in [0x80, 0xb7, 0xbf] as [UInt8] {
            #expect(throws: TransactionDecodingError.notAnEnvelope(firstByte: byte)) {
                try Transaction(encoded: [byte])
            }
        }
        #expect(throws: TransactionDecodingError.empty) { try Transaction(encoded: []) }
        #expect(TransactionDecodingError.unsupportedType(3).description.contains("blobs, EIP-4844"))
        #expect(TransactionDecodingError.unsupportedType(4).description.contains("EIP-7702"))
    }

    @Test("Another number of fields is refused")
    func counts() throws {
        for kind in Transaction.Kind.allCases {
            let items = try items(kind)
            let count = items.count
            expect(.fieldCount(kind, got: 0, expected: count), kind, [])
            expect(.fieldCount(kind, got: count - 1, expected: count), kind, items.dropLast())
            expect(.fieldCount(kind, got: count + 1, expected: count), kind, items + [.bytes([])])
        }
        expect(.fieldCount(.accessList, got: 12, expected: 11), .accessList, try items(.dynamicFee))
    }

    @Test("Integers with leading zeros, too many bytes or of the wrong form are refused, by name of the field")
    func integers() throws {
        typealias Field = TransactionDecodingError.Field
        let short: [Field] = [.chainId, .nonce, .gas, .yParity]
        let fields: [Transaction.Kind: [Field?]] = [
            .legacy: [.nonce, .gasPrice, .gas, nil, .value, nil, .v, .r, .s],
            .accessList: [.chainId, .nonce, .gasPrice, .gas, nil, .value, nil, nil, .yParity, .r, .s],
            .dynamicFee: [
                .chainId, .nonce, .maxPriorityFeePerGas, .maxFeePerGas, .gas, nil, .value, nil, nil, .yParity, .r, .s,
            ],
        ]
        for (kind, names) in fields {
            let good = try items(kind)
            try #require(good.count == names.count)
            for (index, name) in names.enumerated() {
                guard let name else { continue }
                let limit = short.contains(name) ? 8 : 32
                let bad: [(RLPItem, RLPError)] = [
                    (.list([]), .expectedBytes), (.bytes([0]), .integerWithLeadingZero),
                    (.bytes([0, 5]), .integerWithLeadingZero),
                    (.bytes([1] + [UInt8](repeating: 0, count: limit)), .integerTooLarge(limit: limit, got: limit + 1)),
                ]
                for (item, error) in bad {
                    var items = good
                    items[index] = item
                    expect(.field(name, error), kind, items)
                }
            }
        }
    }

    @Test("v must be 27, 28 or of EIP-155; a parity 0 or 1")
    func parities() throws {
        var legacy = try items(.legacy)
        for v in [0, 1, 2, 26, 29, 30, 34] as [UInt64] {
            legacy[6] = .uint(v)
            expect(.signatureV(got: UInt256(v)), .legacy, legacy)
        }
        for (v, chainID, parity) in [(27, nil, 0), (28, nil, 1), (35, 0, 0), (36, 0, 1), (37, 1, 0), (54883, 27424, 0)]
            as [(UInt64, UInt64?, UInt8)]
        {
            legacy[6] = .uint(v)
            let transaction = try Transaction(rlpItem: .list(legacy))
            #expect(transaction.fields.chainID == chainID && transaction.signature.recoveryID == parity)
            #expect(transaction.v == UInt256(v))
        }
        // 2 * (2^64 - 1) + 36 is the last with a chain id of 64 bits.
        let last: UInt256 = (1 << 65) &+ 34
        legacy[6] = .uint(last)
        #expect(try Transaction(rlpItem: .list(legacy)).fields.chainID == .max)
        for v in [last &+ 1, .max] {
            legacy[6] = .uint(v)
            expect(.chainIDTooLarge(v: v), .legacy, legacy)
        }
        for (kind, index) in [(Transaction.Kind.accessList, 8), (.dynamicFee, 9)] {
            var items = try items(kind)
            for parity in [2, 27, 28, 255, .max] as [UInt64] {
                items[index] = .uint(parity)
                expect(.signatureParity(got: parity), kind, items)
            }
        }
    }

    @Test("Receiver, input and access list have their forms")
    func shapes() throws {
        for (kind, index) in [(Transaction.Kind.legacy, 3), (.accessList, 4), (.dynamicFee, 5)] {
            var changed = try items(kind)
            for count in [1, 19, 21, 32] {
                changed[index] = .bytes([UInt8](repeating: 1, count: count))
                expect(.recipientLength(got: count), kind, changed)
            }
            changed[index] = .list([])
            expect(.field(.to, .expectedBytes), kind, changed)
            changed = try items(kind)
            changed[index + 2] = .list([])
            expect(.field(.input, .expectedBytes), kind, changed)
        }
        let (address, key) = (RLPItem.address(.zero), RLPItem.hash(.zero))
        let bad: [(RLPItem, RLPError)] = [
            (.bytes([]), .expectedList), (.list([.bytes([])]), .expectedList),
            (.list([.list([address])]), .wrongCount(expected: 2, got: 1)),
            (.list([.list([address, .list([]), .list([])])]), .wrongCount(expected: 2, got: 3)),
            (.list([.list([.bytes([1]), .list([])])]), .wrongLength(expected: 20, got: 1)),
            (.list([.list([address, key])]), .expectedList),
            (
                .list([.list([address, .list([key, .bytes([UInt8](repeating: 0, count: 33))])])]),
                .wrongLength(expected: 32, got: 33)
            ),
            (.list([.list([address, .list([.bytes([])])])]), .wrongLength(expected: 32, got: 0)),
        ]
        for (kind, index) in [(Transaction.Kind.accessList, 7), (.dynamicFee, 8)] {
            for (item, error) in bad {
                var items = try items(kind)
                items[index] = item
                expect(.field(.accessList, error), kind, items)
            }
        }
    }

    @Test("Bytes after the list, cut lists, long forms and deep nesting are refused")
    func framing() throws {
        for transaction in try TransactionSamples.all() {
            let bytes = transaction.encoded()
            #expect(throws: TransactionDecodingError.notAList(.trailingBytes(count: 1))) {
                try Transaction(encoded: bytes + [0])
            }
            for count in 1..<min(bytes.count, 200) {
                #expect(throws: TransactionDecodingError.self) {
                    try Transaction(encoded: Array(bytes.dropLast(count)))
                }
            }
        }
        #expect(throws: TransactionDecodingError.notAList(.shortLengthInLongForm(offset: 0, length: 1))) {
            try Transaction(encoded: [1, 0xf8, 1, 0x80])
        }
        #expect(throws: TransactionDecodingError.notAList(.expectedList)) { try Transaction(encoded: [2, 0x80]) }
        #expect(throws: TransactionDecodingError.notAList(.emptyInput)) { try Transaction(encoded: [2]) }
        let deep = [UInt8](repeating: 0xc1, count: 30) + [0xc0]
        #expect(throws: TransactionDecodingError.self) { try Transaction(encoded: [1] + deep) }
    }

    @Test("Each flipped bit is refused or gives another transaction of somebody else")
    func bitFlips() throws {
        let sender = try TransactionSamples.key().address
        for transaction in try TransactionSamples.all().dropLast() {
            let bytes = transaction.encoded()
            for bit in 0..<8 * bytes.count {
                var changed = bytes
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                guard let other = try? Transaction(encoded: changed) else { continue }
                try #require(other.encoded() == changed && other != transaction && other.hash != transaction.hash)
                try #require((try? other.recoverSender()) != sender, "bit \(bit)")
            }
        }
    }

    @Test("Mutated input is refused, or is the canonical encoding of what it decodes to", arguments: 0..<4)
    func mutations(seed: Int) throws {
        let originals = try TransactionSamples.all().dropLast().map { $0.encoded() }
        var random = DeterministicRandom(seed: UInt64(2000 + seed))
        var accepted = 0
        for round in 0..<8000 {
            let bytes = mutated(originals[round % originals.count], &random)
            guard let transaction = try? Transaction(encoded: bytes) else { continue }
            accepted += 1
            try #require(transaction.encoded() == bytes)
            _ = (transaction.fields.intrinsicGas, transaction.fields.maxCost)
            _ = try? transaction.fields.checkRules(chainID: 27_424)
        }
        #expect(accepted > 100)
    }
}
