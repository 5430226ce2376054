import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite("BN254: fields")
struct PrecompilesFieldTests {
    @Test("Fp agrees with plain arithmetic modulo p, at the edges too")
    func primeField() throws {
        var random = DeterministicRandom(seed: 1)
        let p = BN254.Fp.modulus
        let edges = [UInt256.zero, .one, UInt256(2), p &- .one, p &- UInt256(2), p >> 1, UInt256.max >> 3]
        let numbers = edges + (0..<40).map { _ in random.fieldNumber() }
        for a in numbers {
            let x = try #require(BN254.Fp(a))
            #expect(x.value == a)
            #expect((-x).value == (a == .zero ? .zero : p &- a))
            #expect(x.squared.value == a.multiplied(by: a, modulo: p))
            #expect(x * x.inverse == (a == .zero ? .zero : .one))
            for b in numbers {
                let y = try #require(BN254.Fp(b))
                #expect((x + y).value == a.adding(b, modulo: p))
                #expect((x - y).value == a.adding(p &- b, modulo: p))
                #expect((x * y).value == a.multiplied(by: b, modulo: p))
            }
        }
    }

    @Test("Numbers from p on are no elements")
    func range() {
        #expect(BN254.Fp(BN254.Fp.modulus &- .one) != nil)
        #expect(BN254.Fp(BN254.Fp.modulus) == nil)
        #expect(BN254.Fp(BN254.Fp.modulus &+ .one) == nil)
        #expect(BN254.Fp(.max) == nil)
    }

    @Test("Many inverses")
    func inverses() throws {
        var random = DeterministicRandom(seed: 2)
        for _ in 0..<2000 {
            let x = try #require(BN254.Fp(random.fieldNumber()))
            #expect(x * x.inverse == .one)
        }
        for bit in 0..<253 {
            for number in [UInt256.one << bit, (UInt256.one << bit) &- .one, BN254.Fp.modulus &- (UInt256.one << bit)] {
                let x = try #require(BN254.Fp(number))
                #expect(x * x.inverse == (x.isZero ? .zero : .one))
            }
        }
    }

    @Test("The laws of a field hold in each storey of the tower")
    func laws() throws {
        var random = DeterministicRandom(seed: 3)
        for _ in 0..<20 {
            try checkLaws { try random.fp() }
            try checkLaws { try random.fp2() }
            try checkLaws { try random.fp6() }
            try checkLaws { try random.fp12() }
        }
    }

    private func checkLaws<F: BN254.Field>(_ element: () throws -> F) throws {
        let (a, b, c) = (try element(), try element(), try element())
        #expect(a + b == b + a)
        #expect(a * b == b * a)
        #expect((a + b) + c == a + (b + c))
        #expect((a * b) * c == a * (b * c))
        #expect(a * (b + c) == a * b + a * c)
        #expect(a - b == a + -b)
        #expect(a - a == .zero)
        #expect(a * .one == a)
        #expect((a * .zero).isZero)
        #expect(a.squared == a * a)
        #expect(a.tripled == a.doubled + a)
        #expect(a * a.inverse == .one)
        #expect(F.zero.inverse == .zero)
        #expect(a.power(UInt256(5)) == a * a * a * a * a)
    }

    @Test("Frobenius is the power of p")
    func frobenius() throws {
        var random = DeterministicRandom(seed: 4)
        for _ in 0..<5 {
            let a = try random.fp2()
            #expect(a.conjugate == a.power(BN254.Fp.modulus))
            let b = try random.fp12()
            #expect(b.frobenius == b.power(BN254.Fp.modulus))
            #expect(b.frobeniusSquared == b.frobenius.frobenius)
            #expect(b.frobeniusSquared.frobeniusSquared.frobeniusSquared == b.conjugate)
        }
    }

    @Test("Cyclotomic squares, only where they hold")
    func cyclotomicSquare() throws {
        var random = DeterministicRandom(seed: 5)
        for _ in 0..<10 {
            let a = try random.fp12()
            let first = a.conjugate * a.inverse
            let cyclotomic = first.frobeniusSquared * first
            #expect(cyclotomic.cyclotomicSquare == cyclotomic * cyclotomic)
            #expect(cyclotomic * cyclotomic.conjugate == .one)
            #expect(a.cyclotomicSquare != a * a)
        }
    }
}

extension DeterministicRandom {
    /// Below p.
    mutating func fieldNumber() -> UInt256 {
        while true {
            let number = UInt256(bigEndian: hash()) >> 2
            if number < BN254.Fp.modulus { return number }
        }
    }

    mutating func fp() throws -> BN254.Fp { try #require(BN254.Fp(fieldNumber())) }
    mutating func fp2() throws -> BN254.Fp2 { BN254.Fp2(try fp(), try fp()) }
    mutating func fp6() throws -> BN254.Fp6 { BN254.Fp6(try fp2(), try fp2(), try fp2()) }
    mutating func fp12() throws -> BN254.Fp12 { BN254.Fp12(try fp6(), try fp6()) }
}
