import PoAIPrimitives

extension Transaction {
    /// Lists within lists: fields, access list, entry, storage keys.
    private static let depthLimit = 4

    /// Decodes exactly one envelope of EIP-2718. Only the canonical encoding is accepted: `encoded()` gives back the same
    /// bytes.
    public init(encoded bytes: [UInt8]) throws(TransactionDecodingError) {
        try self.init(encoded: bytes[...])
    }

    /// Decodes exactly one envelope from a slice.
    public init(encoded bytes: ArraySlice<UInt8>) throws(TransactionDecodingError) {
        guard let first = bytes.first else { throw .empty }
        switch first {
        case 0xc0...: try self.init(.legacy, list: bytes)
        case ..<0x80:
            guard let kind = Kind(rawValue: first), kind != .legacy else { throw .unsupportedType(first) }
            try self.init(kind, list: bytes.dropFirst())
        default: throw .notAnEnvelope(firstByte: first)
        }
    }

    /// Decodes the form in a block's body: legacy is an RLP list, a typed envelope an RLP byte string.
    public init(rlpItem: RLPItem) throws(TransactionDecodingError) {
        switch rlpItem {
        case .list(let items):
            try self.init(.legacy, items)
        case .bytes(let bytes):
            // A list within a string would be a second form of a legacy transaction.
            if let first = bytes.first, first >= 0xc0 { throw .notAnEnvelope(firstByte: first) }
            try self.init(encoded: bytes)
        }
    }

    private init(_ kind: Kind, list: ArraySlice<UInt8>) throws(TransactionDecodingError) {
        let items: [RLPItem]
        do throws(RLPError) {
            items = try RLP.decode(list, depthLimit: Self.depthLimit).list()
        } catch {
            throw .notAList(error)
        }
        try self.init(kind, items)
    }

    private init(_ kind: Kind, _ items: [RLPItem]) throws(TransactionDecodingError) {
        var reader = try TransactionReader(kind, items)
        switch kind {
        case .legacy: try self.init(legacy: &reader)
        case .accessList: try self.init(accessList: &reader)
        case .dynamicFee: try self.init(dynamicFee: &reader)
        }
    }

    private init(legacy reader: inout TransactionReader) throws(TransactionDecodingError) {
        let nonce = try reader.uint64(.nonce)
        let price = try reader.uint256(.gasPrice)
        let (gasLimit, to, value, data) = try reader.call()
        let (chainID, parity) = try Self.legacyV(try reader.uint256(.v))
        fields = .legacy(
            chainID: chainID, nonce: nonce, gasPrice: price, gasLimit: gasLimit, to: to, value: value, data: data)
        signature = try reader.signature(parity: parity)
    }

    private init(accessList reader: inout TransactionReader) throws(TransactionDecodingError) {
        let chainID = try reader.uint64(.chainId)
        let nonce = try reader.uint64(.nonce)
        let price = try reader.uint256(.gasPrice)
        let (gasLimit, to, value, data) = try reader.call()
        fields = .accessList(
            chainID: chainID, nonce: nonce, gasPrice: price, gasLimit: gasLimit, to: to, value: value, data: data,
            accessList: try reader.accessList())
        signature = try reader.signature(parity: try reader.parity())
    }

    private init(dynamicFee reader: inout TransactionReader) throws(TransactionDecodingError) {
        let chainID = try reader.uint64(.chainId)
        let nonce = try reader.uint64(.nonce)
        let tip = try reader.uint256(.maxPriorityFeePerGas)
        let maxFee = try reader.uint256(.maxFeePerGas)
        let (gasLimit, to, value, data) = try reader.call()
        fields = .dynamicFee(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: maxFee, gasLimit: gasLimit, to: to,
            value: value, data: data, accessList: try reader.accessList())
        signature = try reader.signature(parity: try reader.parity())
    }

    /// Chain id and parity in the v of a legacy transaction (EIP-155).
    private static func legacyV(_ v: UInt256) throws(TransactionDecodingError) -> (chainID: UInt64?, parity: UInt8) {
        if v == 27 { return (nil, 0) }
        if v == 28 { return (nil, 1) }
        guard v >= 35 else { throw .signatureV(got: v) }
        let rest = v &- 35
        guard let chainID = (rest >> 1).asUInt64 else { throw .chainIDTooLarge(v: v) }
        return (chainID, UInt8(truncatingIfNeeded: rest.limbs.0 & 1))
    }
}

/// Reads the fields of a transaction one after another.
private struct TransactionReader {
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
