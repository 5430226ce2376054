import PoAIPrimitives

/// The base fee from block to block (EIP-1559): exact integers, defined for every input.
public enum BaseFee {
    /// The gas limit is so many times the gas that leaves the fee as it is.
    public static let elasticity: UInt64 = 2
    /// A full or an empty block changes the fee by one part in so many.
    public static let changeDenominator: UInt64 = 8

    /// The fee of a block, in wei per gas, from its parent's fee, gas used and gas limit.
    ///
    /// A gas limit below 2 leaves the fee as it is, and a fee beyond 2^256 - 1 stays there; no valid header has either.
    public static func next(parentBaseFee: UInt256, parentGasUsed: UInt64, parentGasLimit: UInt64) -> UInt256 {
        let target = parentGasLimit / elasticity
        guard target > 0, parentGasUsed != target else { return parentBaseFee }
        guard parentGasUsed > target else {
            return parentBaseFee &- change(parentBaseFee, gas: target &- parentGasUsed, target: target)
        }
        let rise = change(parentBaseFee, gas: parentGasUsed &- target, target: target)
        let sum = parentBaseFee.addingReportingOverflow(max(rise, .one))
        return sum.overflow ? .max : sum.partialValue
    }

    /// floor(fee * gas / target / 8), at most 2^256 - 1.
    private static func change(_ fee: UInt256, gas: UInt64, target: UInt64) -> UInt256 {
        let product = fee.multipliedFullWidth(by: UInt256(gas))
        let divisor = UInt256(target) &* UInt256(changeDenominator)
        return divisor.dividingFullWidth(product)?.quotient ?? .max
    }
}
