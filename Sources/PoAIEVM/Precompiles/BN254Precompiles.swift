import PoAIPrimitives

/// Addresses 6 to 8 (EIP-196, EIP-197), at the prices of EIP-1108. Points are pairs of words, (0, 0) is infinity; a
/// coordinate not below p or a point not in its group fails.
enum BN254Precompiles {
    /// Input: two points; output: their sum.
    static func add(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(150, gasLimit) {
            guard let first = g1(input, at: 0), let second = g1(input, at: 64) else { return nil }
            return bytes(first + second)
        }
    }

    /// Input: a point and a scalar; output: the multiple.
    static func multiply(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        Precompiles.charge(6000, gasLimit) {
            guard let point = g1(input, at: 0) else { return nil }
            return bytes(point.multiplied(by: input.word(at: 64)))
        }
    }

    /// Input: pairs of points of both groups, those of the second as imaginary before real parts; output: a word, 1 where
    /// the product of the pairings is 1, else 0.
    static func pair(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        let (count, rest) = input.bytes.count.quotientAndRemainder(dividingBy: 192)
        guard rest == 0 else { return .failure }
        return Precompiles.charge(45_000 + 34_000 * Int64(count), gasLimit) {
            var pairs: [(BN254.G1, BN254.G2)] = []
            for start in stride(from: 0, to: input.bytes.count, by: 192) {
                guard let p = g1(input, at: start), let q = g2(input, at: start + 64) else { return nil }
                pairs.append((p, q))
            }
            return UInt256(BN254.isProductOne(pairs) ? 1 : 0).bigEndianBytes
        }
    }

    private static func g1(_ input: PrecompileInput, at offset: Int) -> BN254.G1? {
        BN254.G1(x: input.word(at: offset), y: input.word(at: offset + 32))
    }

    private static func g2(_ input: PrecompileInput, at offset: Int) -> BN254.G2? {
        let point = BN254.G2(
            x0: input.word(at: offset + 32), x1: input.word(at: offset), y0: input.word(at: offset + 96),
            y1: input.word(at: offset + 64))
        guard let point, point.isInSubgroup else { return nil }
        return point
    }

    private static func bytes(_ point: BN254.G1) -> [UInt8] {
        point.x.value.bigEndianBytes + point.y.value.bigEndianBytes
    }
}
