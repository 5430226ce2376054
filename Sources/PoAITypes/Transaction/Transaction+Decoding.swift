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

    /// Decodes the encoding of that form.
    package init(bodyItem bytes: ArraySlice<UInt8>) throws(TransactionDecodingError) {
        if let first = bytes.first, first >= 0xc0 {
            try self.init(.legacy, list: bytes)
            return
        }
        let item: RLPItem
        do throws(RLPError) {
            item = try RLP.decode(bytes, depthLimit: 0)
        } catch {
            throw .notAList(error)
        }
        try self.init(rlpItem: item)
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
