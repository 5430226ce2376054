import Crypto

/// Addresses 2 to 4, which take any input and are priced by the word.
enum HashPrecompiles {
    /// Output: SHA-256.
    static func sha256(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(price(60, perWord: 12, input), gasLimit) {
            var hasher = SHA256()
            hasher.update(bufferPointer: input.bytes)
            return Array(hasher.finalize())
        }
    }

    /// Output: RIPEMD-160 as a word.
    static func ripemd160(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(price(600, perWord: 120, input), gasLimit) {
            [UInt8](repeating: 0, count: 12) + RIPEMD160.hash(input.bytes)
        }
    }

    /// Output: the input.
    static func identity(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(price(15, perWord: 3, input), gasLimit) { Array(input.bytes) }
    }

    private static func price(_ base: Int64, perWord: Int64, _ input: PrecompileInput) -> Int64? {
        let (words, isTooLarge) = input.wordCount.multipliedReportingOverflow(by: perWord)
        let (price, overflow) = words.addingReportingOverflow(base)
        return isTooLarge || overflow ? nil : price
    }
}
