import PoAIPrimitives

/// Address 1: who signed a digest. Input: digest, v (27 or 28), r, s; output: the address as a word, nothing for a
/// signature that is none. Unlike a transaction's, s may be in the upper half.
enum Ecrecover {
    static func run(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(3000, gasLimit) { signer(of: input) }
    }

    private static func signer(of input: PrecompileInput) -> [UInt8] {
        guard let v = input.word(at: 32).asUInt64, v == 27 || v == 28 else { return [] }
        let signature = RecoverableSignature(
            r: input.word(at: 64), s: input.word(at: 96), recoveryID: v == 27 ? 0 : 1)
        guard let key = try? signature.recover(digest: input.hash(at: 0), allowingHighS: true) else { return [] }
        return [UInt8](repeating: 0, count: 12) + key.address.bytes
    }
}
