import PoAIPrimitives

extension TransactionFields {
    /// What the sender signs: Keccak-256 of the unsigned form (yellow paper, EIP-155, EIP-2718).
    public var signingHash: Hash32 {
        var items = unsignedItems
        if kind == .legacy, let chainID {
            items += [.uint(chainID), .bytes([]), .bytes([])]
        }
        return Keccak256.hash(kind.envelope(RLP.encode(.list(items))))
    }

    /// The fields in wire order, up to the signature.
    var unsignedItems: [RLPItem] {
        let recipient = RLPItem.bytes(to?.bytes ?? [])
        let call: [RLPItem] = [.uint(gasLimit), recipient, .uint(value), .bytes(data)]
        let list = RLPItem.list(accessList.map(\.rlpItem))
        let chain = RLPItem.uint(chainID ?? 0)
        switch kind {
        case .legacy:
            return [.uint(nonce), .uint(maxFeePerGas)] + call
        case .accessList:
            return [chain, .uint(nonce), .uint(maxFeePerGas)] + call + [list]
        case .dynamicFee:
            return [chain, .uint(nonce), .uint(maxPriorityFeePerGas), .uint(maxFeePerGas)] + call + [list]
        }
    }
}

extension Transaction.Kind {
    /// The payload of a transaction or receipt with the type in front, where there is one (EIP-2718).
    func envelope(_ payload: [UInt8]) -> [UInt8] {
        self == .legacy ? payload : [rawValue] + payload
    }
}
