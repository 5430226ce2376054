import PoAIPrimitives

/// The form in which a pool survives a restart: a first item [name, count], then for each transaction an item [encoding,
/// first 8 bytes of its Keccak-256], all RLP, one after another. Every item can be checked without those before it.
package enum Journal {
    static let name = Array("poai-mempool/1".utf8)
    private static let checkCount = 8

    /// What was found in a file.
    package struct Content: Hashable, Sendable {
        /// The encodings whose checksums are right, in order.
        package var transactions: [[UInt8]] = []
        /// What is wrong with the file; nil if it is whole.
        package var damage: JournalDamage?
    }

    /// The file of these encodings.
    package static func encode(_ transactions: [[UInt8]]) -> [UInt8] {
        var output = RLP.encode(.list([.bytes(name), .uint(UInt64(transactions.count))]))
        output.reserveCapacity(transactions.reduce(output.count) { $0 + $1.count + 24 })
        for transaction in transactions {
            RLP.append(.list([.bytes(transaction), .bytes(check(transaction))]), to: &output)
        }
        return output
    }

    /// Reads a file, and what is readable of a damaged one: behind a damaged place it looks for the next item whose
    /// checksum is right.
    package static func decode(_ bytes: [UInt8]) -> Content {
        var content = Content()
        var rest = bytes[...]
        let expected = takeHeader(&rest)
        var skipped = 0
        while !rest.isEmpty {
            if let (transaction, after) = takeRecord(rest) {
                content.transactions.append(transaction)
                rest = after
            } else {
                rest = rest.dropFirst()
                skipped += 1
            }
        }
        let found = content.transactions.count
        if expected != UInt64(found) || skipped > 0 {
            content.damage = JournalDamage(expected: expected, found: found, unreadableBytes: skipped)
        }
        return content
    }

    /// The number of transactions; nil, and nothing is taken, if the header is damaged.
    private static func takeHeader(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard let length = try? RLP.itemLength(prefix: rest.prefix(9)), length <= 2 * name.count,
            let items = try? RLP.decode(rest.prefix(length), depthLimit: 1).list(count: 2),
            items[0] == .bytes(name), let count = try? items[1].uint64()
        else { return nil }
        rest = rest.dropFirst(length)
        return count
    }

    /// The transaction at the start. Costs next to nothing where there is none.
    private static func takeRecord(
        _ bytes: ArraySlice<UInt8>
    ) -> (transaction: [UInt8], rest: ArraySlice<UInt8>)? {
        guard let first = bytes.first, first >= 0xc0, let length = try? RLP.itemLength(prefix: bytes.prefix(9)),
            length <= bytes.count
        else { return nil }
        let headerCount = first < 0xf8 ? 1 : Int(first) - 0xf6
        let record = bytes.prefix(length).dropFirst(headerCount)
        let (encoding, sum) = (record.dropLast(1 + checkCount), record.suffix(1 + checkCount))
        guard let needed = try? RLP.itemLength(prefix: encoding.prefix(9)), needed == encoding.count,
            let transaction = try? RLP.decode(encoding, depthLimit: 0).data(),
            sum.elementsEqual(RLP.encode(bytes: check(transaction)))
        else { return nil }
        return (transaction, bytes.dropFirst(length))
    }

    private static func check(_ transaction: [UInt8]) -> [UInt8] {
        Array(Keccak256.hash(transaction).bytes.prefix(checkCount))
    }
}

/// What is wrong with a pool's file.
public struct JournalDamage: Hashable, Sendable, CustomStringConvertible {
    /// Transactions that it says it holds; nil if that is not readable.
    public let expected: UInt64?
    /// Transactions that are readable.
    public let found: Int
    /// Bytes that are part of nothing readable.
    public let unreadableBytes: Int

    /// One line.
    public var description: String {
        let expected = expected.map { "of \($0)" } ?? "of an unknown number of"
        return
            "the file is damaged: \(found) \(expected) transactions and all but \(unreadableBytes) bytes are readable"
    }
}
