import PoAIPrimitives

/// Address 5: base ^ exponent mod modulus (EIP-198, price of EIP-2565). Input: the three lengths in bytes as words, then
/// the three numbers, big-endian; output: the result in as many bytes as the modulus. A modulus of 0 gives 0.
///
/// Memory is bounded by the input and by `longest`: zeros after the end of the input are never stored but for the modulus,
/// whose length is the output's.
enum Modexp {
    /// Bytes of the longest base and modulus taken; a longer one costs more gas than any block has (10¹² and more).
    static let longest = 1 << 24

    static func run(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        guard let base = length(input, at: 0), let modulus = length(input, at: 64) else { return .failure }
        if base == 0 && modulus == 0 { return Precompiles.charge(leastPrice, gasLimit) { [] } }
        // With an exponent this long 8 gas a byte / 3 are already more than Int64 holds.
        guard let exponent = input.word(at: 32).asUInt64 else { return .failure }
        let price = price(input, base: base, exponent: exponent, modulus: modulus)
        return Precompiles.charge(price, gasLimit) {
            compute(input, base: base, exponent: exponent, modulus: modulus)
        }
    }

    private static let leastPrice: Int64 = 200
    private static let lengthsCount = 96

    private static func length(_ input: PrecompileInput, at offset: Int) -> Int? {
        guard let length = input.word(at: offset).asUInt64, length <= longest else { return nil }
        return Int(length)
    }

    /// max(200, ⌈longer of base and modulus / 8⌉² · iterations / 3); nil if more than Int64 holds.
    private static func price(_ input: PrecompileInput, base: Int, exponent: UInt64, modulus: Int) -> Int64? {
        let words = UInt64((max(base, modulus) + 7) / 8)
        let head = input.present(at: lengthsCount + base, count: Int(min(exponent, 32)))
        let missing = Int(min(exponent, 32)) - head.count
        let headBits = ((UInt256(bigEndianBytes: head) ?? .zero) << (8 * missing)).significantBits
        let tailBits = UInt256(exponent > 32 ? exponent - 32 : 0) << 3
        let iterations = max(.one, tailBits &+ UInt256(UInt64(max(headBits, 1) - 1)))
        let price = UInt256(words &* words) &* iterations  // below 2^42 * 2^68
        guard let gas = price.quotientAndRemainder(dividingBy: 3).quotient.asUInt64, gas <= Int64.max else {
            return nil
        }
        return max(leastPrice, Int64(gas))
    }

    private static func compute(_ input: PrecompileInput, base: Int, exponent: UInt64, modulus: Int) -> [UInt8] {
        let number = BigNumber()
        let modulusStart = UInt64(lengthsCount + base).addingReportingOverflow(exponent)
        if !modulusStart.overflow, let start = Int(exactly: modulusStart.partialValue) {
            number.setModulus(input.present(at: start, count: modulus), count: modulus)
        }
        guard !number.isModulusZero else { return [UInt8](repeating: 0, count: modulus) }
        let basePart = input.present(at: lengthsCount, count: base)
        number.setBase(basePart, zeroBytesAfter: UInt64(base - basePart.count))
        let exponentPart = input.present(
            at: lengthsCount + base, count: Int(truncatingIfNeeded: min(exponent, UInt64(Int.max))))
        number.raise(to: exponentPart, zeroBytesAfter: exponent - UInt64(exponentPart.count))
        return number.bytes(count: modulus)
    }
}
