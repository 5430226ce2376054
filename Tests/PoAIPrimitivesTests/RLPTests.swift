import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct RLPTests {
    @Test func headerBoundaries() throws {
        for count in [0, 1, 2, 55, 56, 255, 256, 65535, 65536] {
            let bytes = [UInt8](repeating: 0xAB, count: count)
            let encoded = RLP.encode(.bytes(bytes))
            let size = count < 56 ? 1 : count < 256 ? 2 : count < 65536 ? 3 : 4
            #expect(encoded.count == size + count)
            #expect(RLP.encode(bytes: bytes) == encoded)
            #expect(RLP.encodedLength(of: .bytes(bytes)) == encoded.count)
            #expect(try RLP.decode(encoded) == .bytes(bytes))
            let list = RLPItem.list(bytes.map { .bytes([$0 & 0x7F]) })
            #expect(RLP.encode(list).count == size + count)
            #expect(RLP.encode(listPayload: bytes.map { $0 & 0x7F }) == RLP.encode(list))
            #expect(try RLP.decode(RLP.encode(list)) == list)
        }
    }

    @Test func refusals() {
        func refused(_ hex: String, _ error: RLPError, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(throws: error, sourceLocation: sourceLocation) { try RLP.decode(Hex.decode(hex)) }
        }
        refused("", .emptyInput)
        refused("0102", .trailingBytes(count: 1))
        refused("8100", .prefixedSingleByte(offset: 0))
        refused("817f", .prefixedSingleByte(offset: 0))
        refused("c28101", .prefixedSingleByte(offset: 1))
        refused("c3010203ff", .trailingBytes(count: 1))
        refused("82ff", .truncated(offset: 0, needed: 3, available: 2))
        refused("c182ffff", .truncated(offset: 1, needed: 3, available: 1))
        refused("b8", .truncated(offset: 0, needed: 2, available: 1))
        refused("b900", .lengthWithLeadingZero(offset: 0))
        refused("b837" + String(repeating: "00", count: 55), .shortLengthInLongForm(offset: 0, length: 55))
        refused("f801c0", .shortLengthInLongForm(offset: 0, length: 1))
        refused("bfffffffffffffffff", .lengthTooLarge(offset: 0))
        refused("ff8000000000000000", .lengthTooLarge(offset: 0))
        refused("bf7fffffffffffffff", .lengthTooLarge(offset: 0))
        refused("bf7ffffffffffffff6", .truncated(offset: 0, needed: .max, available: 9))
        refused("c883", .truncated(offset: 0, needed: 9, available: 2))
    }

    @Test func limits() throws {
        let nested = (0..<64).reduce(RLPItem.list([])) { item, _ in .list([item]) }
        let offset = RLP.encode(nested).count - 1  // of the innermost, empty list
        #expect(throws: RLPError.tooDeep(offset: offset, limit: 64)) { try RLP.decode(RLP.encode(nested)) }
        #expect(try RLP.decode(RLP.encode(nested), depthLimit: 65) == nested)
        // A hundred thousand opened lists neither overflow the stack nor take long.
        #expect(throws: RLPError.self) { try RLP.decode(Self.deeplyNested(100_000)) }
        let wide = RLPItem.list([RLPItem](repeating: .list([]), count: 10))
        #expect(try RLP.decode(RLP.encode(wide), itemLimit: 11) == wide)
        #expect(throws: RLPError.tooManyItems(limit: 10)) { try RLP.decode(RLP.encode(wide), itemLimit: 10) }
    }

    @Test func itemLengths() throws {
        var random = DeterministicRandom(seed: 9)
        for count in [0, 1, 55, 56, 255, 256, 70000] {
            let encoded = RLP.encode(.bytes(random.bytes(count)))
            #expect(try RLP.itemLength(prefix: encoded.prefix(9)) == encoded.count)
            #expect(try RLP.itemLength(prefix: (encoded + [1, 2, 3])[...]) == encoded.count)
        }
        #expect(try RLP.itemLength(prefix: []) == nil)
        #expect(try RLP.itemLength(prefix: [0xF9, 0x01]) == nil)
        #expect(try RLP.itemLength(prefix: [0xF9, 0x01, 0x00]) == 259)
        #expect(throws: RLPError.lengthWithLeadingZero(offset: 0)) { try RLP.itemLength(prefix: [0xF9, 0x00]) }
        #expect(throws: RLPError.lengthTooLarge(offset: 0)) {
            try RLP.itemLength(prefix: [0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0])
        }
    }

    /// Split and decode agree: a list decodes exactly if its parts do, and to the same.
    @Test func splitting() throws {
        func whole(_ bytes: ArraySlice<UInt8>) -> [RLPItem]? { try? RLP.decode(bytes).list() }
        func parts(_ bytes: ArraySlice<UInt8>) -> [RLPItem]? {
            guard let parts = try? RLP.split(list: bytes) else { return nil }
            let items = parts.compactMap { try? RLP.decode($0) }
            return items.count == parts.count && parts.joined().elementsEqual(bytes.suffix(parts.joined().count))
                ? items : nil
        }
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                for bytes in [
                    [9, first], [9, first, second], [9, first, second, 0x05], [9, 0xC3, first, second, 0x81],
                ] {
                    let input = (bytes as [UInt8]).dropFirst()
                    try #require(whole(input) == parts(input), "\(Hex.encode(input))")
                }
            }
        }
        let long = RLP.encode(.list([.bytes([UInt8](repeating: 7, count: 300)), .list([]), .bytes([])]))
        #expect(try RLP.split(list: long[...]).map(\.count) == [303, 1, 1])
        func refused(_ hex: String, _ error: RLPError, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(throws: error, sourceLocation: sourceLocation) { try RLP.split(list: Hex.decode(hex)[...]) }
        }
        refused("", .emptyInput)
        refused("80", .expectedList)
        refused("c000", .trailingBytes(count: 1))
        refused("c2", .truncated(offset: 0, needed: 3, available: 1))
        refused("c28201", .truncated(offset: 1, needed: 3, available: 2))
        refused("c2b9ff", .truncated(offset: 1, needed: 3, available: 2))
        refused("f801c0", .shortLengthInLongForm(offset: 0, length: 1))
    }

    @Test func typedReading() throws {
        #expect(try RLPItem.uint(UInt64.max).uint64() == .max)
        #expect(try RLPItem.uint(0).uint64() == 0 && RLPItem.uint(UInt64(0)) == .bytes([]))
        #expect(RLPItem.uint(UInt64(256)) == .bytes([1, 0]))
        #expect(try RLPItem.uint(UInt256.max).uint256() == .max)
        #expect(throws: RLPError.integerTooLarge(limit: 8, got: 9)) { try RLPItem.uint(UInt256.one << 64).uint64() }
        #expect(throws: RLPError.integerTooLarge(limit: 32, got: 33)) {
            try RLPItem.bytes([UInt8](repeating: 1, count: 33)).uint256()
        }
        #expect(throws: RLPError.integerWithLeadingZero) { try RLPItem.bytes([0]).uint64() }
        #expect(throws: RLPError.integerWithLeadingZero) { try RLPItem.bytes([0, 1]).uint256() }
        #expect(throws: RLPError.expectedBytes) { try RLPItem.list([]).uint64() }
        #expect(throws: RLPError.expectedList) { try RLPItem.bytes([]).list() }
        #expect(throws: RLPError.wrongCount(expected: 2, got: 1)) { try RLPItem.list([.bytes([])]).list(count: 2) }
        #expect(throws: RLPError.wrongLength(expected: 32, got: 31)) {
            try RLPItem.bytes([UInt8](repeating: 1, count: 31)).hash32()
        }
        #expect(throws: RLPError.wrongLength(expected: 20, got: 32)) { try RLPItem.hash(.zero).address() }
        #expect(try RLPItem.hash(Keccak256.empty).hash32() == Keccak256.empty)
        let address = Address(lastBytesOf: Keccak256.empty)
        #expect(try RLPItem.address(address).address() == address)
        #expect(try RLPItem.bytes([1, 2]).data(count: 2) == [1, 2])
    }

    /// The encoding of a list that holds a list and so on, `depth` times.
    private static func deeplyNested(_ depth: Int) -> [UInt8] {
        var reversed: [UInt8] = [0xC0]
        for _ in 1..<depth {
            let payload = reversed.count
            var header: [UInt8] = []
            if payload < 56 {
                header = [0xC0 + UInt8(payload)]
            } else {
                let length = UInt256(UInt64(payload)).minimalBigEndianBytes
                header = [0xF7 + UInt8(length.count)] + length
            }
            reversed += header.reversed()
        }
        return reversed.reversed()
    }
}
