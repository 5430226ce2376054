import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite("BN254: groups and pairing")
struct PrecompilesBN254Tests {
    let g1: BN254.G1
    let g2: BN254.G2

    /// The generators of EIP-197.
    init() throws {
        g1 = try #require(BN254.G1(x: .one, y: UInt256(2)))
        g2 = try #require(
            BN254.G2(
                x0: UInt256(hex: "0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed"),
                x1: UInt256(hex: "0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2"),
                y0: UInt256(hex: "0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa"),
                y1: UInt256(hex: "0x90689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b")))
    }

    @Test("Group laws of both groups")
    func groupLaws() {
        var random = DeterministicRandom(seed: 1)
        checkGroup(g1, &random)
        checkGroup(g2, &random)
    }

    private func checkGroup<F>(_ g: BN254.Point<F>, _ random: inout DeterministicRandom) {
        #expect(g.multiplied(by: BN254.order).isInfinity)
        #expect(g.multiplied(by: BN254.order &- .one) == -g)
        #expect(g.multiplied(by: .zero).isInfinity)
        #expect(BN254.Point<F>.infinity.multiplied(by: .max).isInfinity)
        var sum = BN254.Point<F>.infinity
        for n in 0..<40 {
            #expect(g.multiplied(by: UInt256(UInt64(n))) == sum)
            sum = sum + g
        }
        for _ in 0..<10 {
            let (m, n) = (random.scalar(), random.scalar())
            let (a, b, c) = (g.multiplied(by: m), g.multiplied(by: n), g.multiplied(by: random.scalar()))
            #expect(a + b == b + a)
            #expect((a + b) + c == a + (b + c))
            #expect(a + .infinity == a && .infinity + a == a)
            #expect((a + -a).isInfinity)
            #expect(a + a == a.multiplied(by: UInt256(2)))
            #expect(m.adding(n, modulo: BN254.order).map(g.multiplied) == a + b)
            #expect(m.multiplied(by: n, modulo: BN254.order).map(g.multiplied) == a.multiplied(by: n))
        }
    }

    /// The twist has points of other orders; the quick test must agree with the definition.
    @Test("The subgroup test agrees with multiplication by the order")
    func subgroup() throws {
        var random = DeterministicRandom(seed: 2)
        #expect(g2.isInSubgroup)
        #expect(BN254.G2.infinity.isInSubgroup)
        for _ in 0..<10 { #expect(g2.multiplied(by: random.scalar()).isInSubgroup) }
        var found = 0
        while found < 10 {
            guard let point = try twistPoint(&random) else { continue }
            found += 1
            #expect(!point.multiplied(by: BN254.order).isInfinity)
            #expect(!point.isInSubgroup)
            #expect(!point.multiplied(by: BN254.order).isInSubgroup)
            #expect(!(point + g2).isInSubgroup)
            let cleared = point.multiplied(by: BN254.Fp.modulus &+ BN254.Fp.modulus &- BN254.order)
            #expect(cleared.isInSubgroup && cleared.multiplied(by: BN254.order).isInfinity)
        }
    }

    /// A point of the twist with random x, nil where x has none.
    private func twistPoint(_ random: inout DeterministicRandom) throws -> BN254.G2? {
        let x = try random.fp2()
        guard let y = squareRoot(x.squared * x + BN254.G2.curveConstant) else { return nil }
        return BN254.G2(x0: x.c0.value, x1: x.c1.value, y0: y.c0.value, y1: y.c1.value)
    }

    private func squareRoot(_ a: BN254.Fp2) -> BN254.Fp2? {
        let exponent = (BN254.Fp.modulus &+ .one) >> 2
        let norm = (a.c0 * a.c0 + a.c1 * a.c1).power(exponent)
        for root in [norm, -norm] {
            let x = ((a.c0 + root) * BN254.Fp.one.doubled.inverse).power(exponent)
            let candidate = BN254.Fp2(x, a.c1 * x.doubled.inverse)
            if candidate.squared == a { return candidate }
        }
        return nil
    }

    @Test("The pairing is bilinear, of order r, and not degenerate")
    func bilinearity() {
        var random = DeterministicRandom(seed: 3)
        let base = BN254.pairing([(g1, g2)])
        #expect(base != .one)
        #expect(base.power(BN254.order) == .one)
        for _ in 0..<5 {
            let (m, n) = (random.scalar(), random.scalar())
            let (p, q) = (g1.multiplied(by: m), g2.multiplied(by: n))
            let value = BN254.pairing([(p, q)])
            #expect(value == m.multiplied(by: n, modulo: BN254.order).map(base.power))
            #expect(value == BN254.pairing([(g1, q)]).power(m))
            #expect(BN254.pairing([(p, g2), (g1, q)]) == BN254.pairing([(p, g2)]) * BN254.pairing([(g1, q)]))
            #expect(BN254.pairing([(-p, q)]) == value.conjugate)
            #expect(BN254.pairing([(p, -q)]) == value.conjugate)
            #expect(BN254.isProductOne([(p, q), (-p, q)]))
            #expect(!BN254.isProductOne([(p, q), (p, q)]))
        }
    }

    @Test("Infinity pairs to 1")
    func infinity() {
        #expect(BN254.pairing([]) == .one)
        #expect(BN254.pairing([(.infinity, g2)]) == .one)
        #expect(BN254.pairing([(g1, .infinity)]) == .one)
        #expect(BN254.pairing([(g1, g2), (.infinity, g2)]) == BN254.pairing([(g1, g2)]))
    }

    /// A flipped bit leaves the curve, the subgroup or the field, or changes the product; never is it 1 again.
    @Test("Any flipped bit of a valid product fails")
    func flippedBits() {
        var random = DeterministicRandom(seed: 4)
        let n = random.scalar()
        let (p, q) = (g1.multiplied(by: n), g2.multiplied(by: n))
        let input = bytes(p) + bytes(g2) + bytes(-g1) + bytes(q)
        let one = UInt256.word(1)
        #expect(Precompile.output(8, input) == one)
        for bit in stride(from: 0, to: 8 * input.count, by: 3) {
            var changed = input
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Precompile.run(8, changed) == .failure, "bit \(bit)")
        }
        // Points of the groups, but others.
        let wrong = bytes(p) + bytes(g2) + bytes(g1) + bytes(q)
        #expect(Precompile.output(8, wrong) == UInt256.word(0))
        let swapped = bytes(p) + bytes(q) + bytes(-g1) + bytes(g2)
        #expect(Precompile.output(8, swapped) == UInt256.word(0))
    }

    @Test("Prices of EIP-1108, charged before the points are looked at")
    func prices() {
        let pair = bytes(g1) + bytes(g2)
        #expect(Precompile.price(6, bytes(g1) + bytes(g1)) == 150)
        #expect(Precompile.price(7, bytes(g1) + UInt256.max.bigEndianBytes) == 6000)
        #expect(Precompile.price(8, []) == 45_000)
        #expect(Precompile.price(8, pair) == 79_000)
        #expect(Precompile.price(8, pair + pair + pair) == 147_000)
        #expect(Precompile.run(8, pair, gasLimit: 78_999) == .failure)
        #expect(Precompile.run(8, Array(pair.dropLast())) == .failure)
    }

    @Test("Coordinates of p and more fail, also where they stand for a point")
    func range() {
        let p = BN254.Fp.modulus
        let shifted = (p &+ .one).bigEndianBytes + UInt256.word(2)
        #expect(Precompile.run(6, shifted) == .failure)
        #expect(Precompile.run(7, shifted + UInt256.word(1)) == .failure)
        #expect(Precompile.run(8, shifted + bytes(g2)) == .failure)
        let zero = p.bigEndianBytes + UInt256.word(0)
        #expect(Precompile.run(6, zero) == .failure)
        #expect(Precompile.run(8, bytes(g1) + zero + zero) == .failure)
    }

    private func bytes(_ point: BN254.G1) -> [UInt8] {
        point.x.value.bigEndianBytes + point.y.value.bigEndianBytes
    }

    private func bytes(_ point: BN254.G2) -> [UInt8] {
        [point.x.c1, point.x.c0, point.y.c1, point.y.c0].flatMap(\.value.bigEndianBytes)
    }
}

extension DeterministicRandom {
    /// 1 to r - 1.
    mutating func scalar() -> UInt256 {
        let number = fieldNumber()
        return number < BN254.order && number != .zero ? number : scalar()
    }
}
