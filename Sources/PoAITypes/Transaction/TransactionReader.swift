import PoAIPrimitives

/// Reads the fields of a transaction one after another.
struct TransactionReader {
    typealias Failure = TransactionDecodingError
    typealias Field = TransactionDecodingError.Field

    private var rest: ArraySlice<RLPItem>

    /// Takes the list if it has as many items as the kind has fields.
    init(_ kind: Transaction.Kind, _ items: [RLPItem]) throws(Failure) {
        let expected =
            switch kind {
            case .legacy: 9
            case .accessList: 11
            case .dynamicFee: 12
            }
        guard items.count == expected else { throw .fieldCount(kind, got: items.count, expected: expected) }
        rest = items[...]
    }

    mutating func uint64(_ field: Field) throws(Failure) -> UInt64 {
        try next(field) { (item) throws(RLPError) in try item.uint64() }
    }

    mutating func uint256(_ field: Field) throws(Failure) -> UInt256 {
        try next(field) { (item) throws(RLPError) in try item.uint256() }
    }

    /// The four fields that all kinds have one after another.
    mutating func call() throws(Failure) -> (gasLimit: UInt64, to: Address?, value: UInt256, data: [UInt8]) {
        let gasLimit = try uint64(.gas)
        let recipient = try next(.to) { (item) throws(RLPError) in try item.data() }
        let to = Address(recipient)
        guard to != nil || recipient.isEmpty else { throw .recipientLength(got: recipient.count) }
        let value = try uint256(.value)
        return (gasLimit, to, value, try next(.input) { (item) throws(RLPError) in try item.data() })
    }

    mutating func accessList() throws(Failure) -> [AccessListEntry] {
        try next(.accessList) { (item) throws(RLPError) in
            let items = try item.list()
            var entries: [AccessListEntry] = []
            entries.reserveCapacity(items.count)
            for item in items { entries.append(try AccessListEntry(rlpItem: item)) }
            return entries
        }
    }

    mutating func parity() throws(Failure) -> UInt8 {
        let value = try uint64(.yParity)
        guard value <= 1 else { throw .signatureParity(got: value) }
        return UInt8(truncatingIfNeeded: value)
    }

    mutating func signature(parity: UInt8) throws(Failure) -> RecoverableSignature {
        let r = try uint256(.r)
        return RecoverableSignature(r: r, s: try uint256(.s), recoveryID: parity)
    }

    private mutating func next<T>(
        _ field: Field, _ read: (RLPItem) throws(RLPError) -> T
    ) throws(Failure) -> T {
        do throws(RLPError) {
            // The number of items was checked.
            return try read(rest.popFirst() ?? .bytes([]))
        } catch {
            throw .field(field, error)
        }
    }
}
