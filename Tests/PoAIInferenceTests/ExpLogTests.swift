import CKernels
import Foundation
import PoAIInference
import PoAITestSupport
import Testing

/// Sections 4.1, 4.2 and 4.4 of the numeric contract.
@Suite struct ExpLogTests {
    /// exp of any 16-lane vector through each kernel's public functions: SiLU of −x with u = 1 holds exp(x) in its
    /// denominator; compared with the scalar function, bit by bit, over a dense sample of all bit patterns.
    @Test func vectorExpIsScalarExpOnADenseSample() {
        let lanes = 4096
        let ones = [Float](repeating: 1, count: lanes)
        // A prime step reaches all exponents and varied fractions; each call takes 4096 patterns.
        var pattern: UInt32 = 0
        for _ in 0..<400 {
            let gate = (0..<lanes).map { index in
                Float(bitPattern: pattern &+ UInt32(truncatingIfNeeded: index) &* 2_621)
            }
            pattern = pattern &+ 10_736_003
            let expected = bits(gate.map { $0 / (1 + poai_exp(-$0)) })
            for kernel in Kernel.available {
                var got = [Float](repeating: .nan, count: lanes)
                kernel.functions.pointee.silu_multiply(gate, ones, lanes, &got)
                #expect(bits(got) == expected, "\(kernel) from pattern \(pattern)")
            }
        }
    }

    /// The sum of one exponential is that exponential: every float of the interesting range, strided, on each kernel.
    @Test func sumOfOneExponentialIsScalarExp() {
        for kernel in Kernel.available {
            var value: Float = -104
            while value <= 0 {
                var largest: Float = 0
                // Lane 0 gets exp(0) = 1, lane 1 exp(value): the fold adds them once.
                let sum = kernel.functions.pointee.sum_exp([0, value], 2, &largest)
                #expect(sum.bitPattern == (1 + poai_exp(value)).bitPattern, "\(kernel) exp(\(value))")
                value += 0.0137
            }
        }
    }

    /// Sanity, not bits: within 2 units in the last place of the C library's double exp.
    @Test func expIsAccurate() {
        var worst = 0.0
        for index in 0...200_000 {
            let x = Float(-87) + Float(index) * (175.0 / 200_000)
            let exact = Foundation.exp(Double(x))
            let got = Double(poai_exp(x))
            worst = max(worst, abs(got - exact) / max(exact * 0x1p-24, 0x1p-149))
        }
        #expect(worst < 4)  // units of half a place
        #expect(poai_exp(0) == 1)
        #expect(poai_exp(-87.00001) == 0)
        #expect(poai_exp(-.infinity) == 0)
        #expect(poai_exp(.infinity) == poai_exp(88))
        #expect(poai_exp(.nan).isNaN)
        #expect(poai_exp(-87) > 0)
    }

    @Test func logIsAccurate() {
        var worst = 0.0
        var x: Float = 0x1p-126
        while x < .greatestFiniteMagnitude / 1.002 {
            let exact = Foundation.log(Double(x))
            let place = max(abs(exact), 0x1p-20) * 0x1p-24
            worst = max(worst, abs(Double(poai_log(x)) - exact) / place)
            x *= 1.0007
        }
        #expect(worst < 4)
        #expect(poai_log(1) == 0)
    }

    @Test func rotaryAnglesAreAccurate() {
        for (base, half) in [(10_000.0, 8), (100_000.0, 32), (500_000.0, 64)] {
            var cosines = [Float](repeating: .nan, count: 3000 * half)
            var sines = cosines
            poai_rope_tables(base, half, 3000, &cosines, &sines)
            for position in stride(from: 0, to: 3000, by: 7) {
                for i in 0..<half {
                    let angle = Double(position) * pow(base, -Double(i) / Double(half))
                    #expect(abs(Double(cosines[position * half + i]) - cos(angle)) < 7e-8)
                    #expect(abs(Double(sines[position * half + i]) - sin(angle)) < 7e-8)
                }
            }
        }
    }

    /// The table of docs/spec/numeric.md, section 8: the text itself is read, so that it cannot drift from the code.
    @Test func valuesOfTheSpecificationHold() throws {
        let text = try String(contentsOf: PackageRoot.file("docs/spec/numeric.md"), encoding: .utf8)
        let functions: [String: (Float) -> Float] = [
            "exp": { poai_exp($0) }, "log": { poai_log($0) }, "silu": { $0 / (1 + poai_exp(-$0)) },
        ]
        var checked = 0
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces.union(["`"])) }
            guard cells.count == 3, let function = functions[cells[0]] else { continue }
            let input = try #require(UInt32(cells[1].dropFirst(2), radix: 16))
            let result = try #require(UInt32(cells[2].dropFirst(2), radix: 16))
            #expect(function(Float(bitPattern: input)).bitPattern == result, "\(line)")
            checked += 1
        }
        #expect(checked == 20)
    }
}
