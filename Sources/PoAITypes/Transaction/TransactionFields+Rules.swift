import PoAIPrimitives

extension TransactionFields {
    /// Most bytes of initcode (EIP-3860): twice the most a contract's code may have (EIP-170).
    public static let maxInitcodeCount = 2 * 24_576

    /// Gas that is spent before the first instruction (yellow paper 6.2; EIP-2028, EIP-2930, EIP-3860).
    ///
    /// - Returns: nil if it does not fit 64 bits.
    public var intrinsicGas: UInt64? {
        let zeros: Int = data.withUnsafeBufferPointer { $0.reduce(0) { $1 == 0 ? $0 &+ 1 : $0 } }
        let keys: Int = accessList.reduce(0) { $0 &+ $1.storageKeys.count }
        let words: Int = data.count / 32 &+ (data.count % 32 == 0 ? 0 : 1)
        var charges: [(price: Int, count: Int)] = [
            (21_000, 1), (4, zeros), (16, data.count &- zeros), (2400, accessList.count), (1900, keys),
        ]
        if to == nil { charges += [(32_000, 1), (2, words)] }
        // Counts are below 2^63 and prices below 2^16: the sum has far less than 128 bits.
        let gas = charges.reduce(UInt128(0)) { $0 &+ UInt128($1.price) &* UInt128($1.count) }
        return UInt64(exactly: gas)
    }

    /// The rules that need no state. A legacy transaction without chain id is in order on every chain.
    ///
    /// - Throws: `TransactionFault`, but never `signature`.
    public func checkRules(chainID expected: UInt64) throws(TransactionFault) {
        if let chainID, chainID != expected { throw .chainID(got: chainID, expected: expected) }
        if nonce == .max { throw .nonceTooHigh }
        if maxPriorityFeePerGas > maxFeePerGas {
            throw .priorityFeeAboveMaxFee(priority: maxPriorityFeePerGas, maximum: maxFeePerGas)
        }
        if maxFee == nil { throw .feeOverflow(gasLimit: gasLimit, price: maxFeePerGas) }
        if to == nil, data.count > Self.maxInitcodeCount {
            throw .initcodeTooLong(got: data.count, limit: Self.maxInitcodeCount)
        }
        guard let needed = intrinsicGas, needed <= gasLimit else {
            throw .intrinsicGas(got: gasLimit, needed: intrinsicGas)
        }
    }
}
