import CKernels
import PoAIInference
import PoAITestSupport
import Testing

/// Sections 2.3 and 4.3 to 4.7 of the numeric contract.
@Suite struct FloatKernelTests {
    static let portable = Kernel(functions: poai_kernels_portable())

    /// Section 2.3, written a second time.
    static func sum16(_ values: [Float]) -> Float {
        var lanes = [Float](repeating: 0, count: 16)
        for (index, value) in values.enumerated() { lanes[index % 16] += value }
        for half in [8, 4, 2, 1] { for lane in 0..<half { lanes[lane] += lanes[lane + half] } }
        return lanes[0]
    }

    @Test(arguments: RowKind.allCases) func rmsNorm(kind: RowKind) {
        var random = DeterministicRandom(seed: 21)
        for count in [16, 32, 96, 576, 2048] {
            let x = random.row(count, kind)
            let w = random.row(count, .ordinary)
            let factor = poai_inverse_square_root(Self.sum16(x.map { $0 * $0 }) / Float(count) + 1e-5)
            let expected = zip(x, w).map { ($0 * factor) * $1 }
            for kernel in Kernel.available {
                var got = [Float](repeating: .nan, count: count)
                kernel.functions.pointee.rms_norm(x, w, count, 1e-5, &got)
                #expect(bits(got) == bits(expected), "\(kernel) \(count)")
            }
        }
    }

    @Test(arguments: [16, 32, 48, 64, 80, 128, 144]) func attention(headSize: Int) {
        var random = DeterministicRandom(seed: 22)
        let stride = headSize * 3
        for count in 1...70 {
            // From even weights to all weight on one position, and scores far below −87.
            let spread: Float = [0.1, 1, 8, 40][count % 4]
            let query = random.row(headSize, .ordinary).map { $0 * spread }
            let keys = random.row(count * stride, .ordinary).map { $0 * spread }
            let values = random.row(count * stride, count % 5 == 0 ? .subnormal : .ordinary)
            let scale = poai_inverse_square_root(Float(headSize))
            let expected = Self.attention(query, keys, values, stride, count, scale)
            for kernel in Kernel.available {
                var scores = [Float](repeating: .nan, count: (count + 15) / 16 * 16)
                var got = [Float](repeating: .nan, count: headSize)
                kernel.functions.pointee.attention(query, keys, values, stride, count, headSize, scale, &scores, &got)
                #expect(bits(got) == bits(expected), "\(kernel), \(count) positions")
            }
        }
    }

    /// Section 4.5, written a second time.
    private static func attention(
        _ query: [Float], _ keys: [Float], _ values: [Float], _ stride: Int, _ count: Int, _ scale: Float
    ) -> [Float] {
        let scores = (0..<count).map { j in
            sum16(query.indices.map { query[$0] * keys[j * stride + $0] }) * scale
        }
        let largest = scores.dropFirst().reduce(scores[0]) { $1 > $0 ? $1 : $0 }
        let weights = scores.map { poai_exp($0 - largest) }
        let inverse = 1 / sum16(weights)
        return query.indices.map { d in
            var acc: Float = 0
            for j in 0..<count {
                let product = weights[j] * values[j * stride + d]
                acc += product
            }
            return acc * inverse
        }
    }

    @Test(arguments: RowKind.allCases) func siluMultiply(kind: RowKind) {
        var random = DeterministicRandom(seed: 23)
        let positive: [Float] = [0, 87, 88, 88.5, 1e38, 3.4e38, 0x1p-149, 1]
        let edges = positive + positive.map { -$0 }
        let gate = edges + random.row(64, kind).map { $0 * 90 }
        let up = random.row(gate.count, kind)
        let expected = zip(gate, up).map { ($0 / (1 + poai_exp(-$0))) * $1 }
        for kernel in Kernel.available {
            var got = [Float](repeating: .nan, count: gate.count)
            kernel.functions.pointee.silu_multiply(gate, up, gate.count, &got)
            #expect(bits(got) == bits(expected), "\(kernel)")
            let inPlace = UnsafeMutablePointer<Float>.allocate(capacity: gate.count)
            defer { inPlace.deallocate() }
            inPlace.initialize(from: gate, count: gate.count)
            kernel.functions.pointee.silu_multiply(inPlace, up, gate.count, inPlace)
            let result = Array(UnsafeBufferPointer(start: inPlace, count: gate.count))
            #expect(bits(result) == bits(expected), "\(kernel) in place")
        }
    }

    @Test func sumOfExponentials() {
        var random = DeterministicRandom(seed: 24)
        for count in Array(1...50) + [320, 4097, 49_152] {
            for kind in [RowKind.ordinary, .ties, .zero, .subnormal] {
                let x = random.row(count, kind)
                let largest = x.dropFirst().reduce(x[0]) { $1 > $0 ? $1 : $0 } + 0
                let expected = Self.sum16(x.map { poai_exp($0 - largest) })
                for kernel in Kernel.available {
                    var got: Float = .nan
                    let sum = kernel.functions.pointee.sum_exp(x, count, &got)
                    #expect(sum.bitPattern == expected.bitPattern, "\(kernel) \(count) \(kind)")
                    #expect(got.bitPattern == largest.bitPattern, "\(kernel) \(count) \(kind)")
                }
            }
        }
    }

    /// The largest logit is found wherever it stands, also among the last few that do not fill a vector.
    @Test func sumOfExponentialsFindsTheLargest() {
        for kernel in Kernel.available {
            for count in [1, 15, 16, 17, 33, 47] {
                for place in 0..<count {
                    var x = [Float](repeating: -3, count: count)
                    x[place] = 2
                    var largest: Float = .nan
                    let sum = kernel.functions.pointee.sum_exp(x, count, &largest)
                    #expect(largest == 2)
                    #expect(abs(sum - (1 + Float(count - 1) * 0.006737947)) < 1e-5)
                }
            }
        }
    }

    @Test func negativeZeroIsNotTheLargest() {
        for kernel in Kernel.available {
            var largest: Float = .nan
            _ = kernel.functions.pointee.sum_exp([-0.0, -1, -0.0], 3, &largest)
            #expect(largest.bitPattern == 0, "\(kernel)")
        }
    }

    /// A NaN anywhere never gives a finite sum, and an infinite logit gives no loss.
    @Test func badLogitsGiveNoLoss() {
        for kernel in Kernel.available {
            for bad in [Float.nan, .infinity] {
                for count in [1, 5, 16, 20, 40] {
                    for place in 0..<count {
                        var x = (0..<count).map { Float($0) / 8 }
                        x[place] = bad
                        var largest: Float = 0
                        let sum = kernel.functions.pointee.sum_exp(x, count, &largest)
                        #expect(poai_token_loss(sum, largest, x[0]) == -1, "\(kernel) \(bad) \(place) of \(count)")
                    }
                }
            }
        }
        #expect(poai_token_loss(1, 0, -.infinity) == -1)
        #expect(poai_token_loss(1, 0, .nan) == -1)
        #expect(poai_token_loss(.infinity, 0, 0) == -1)
    }

    /// Section 4.8: rounding, clamping and the upper bound.
    @Test func tokenLossRounds() {
        #expect(poai_token_loss(1, 0, 0) == 0)
        #expect(poai_token_loss(1, 0, 1) == 0)
        #expect(poai_token_loss(1, 0, -0x1p-16) == 1)
        #expect(poai_token_loss(1, 0, -0x1p-17) == 0)  // half a unit: to even
        #expect(poai_token_loss(1, 0, -0x3p-17) == 2)  // one and a half
        #expect(poai_token_loss(1, 0, -0x5p-17) == 2)  // two and a half
        #expect(poai_token_loss(1, 0, -0x1.fffffcp6) == 8_388_607)
        #expect(poai_token_loss(1, 0, -0x1.fffffep6) == 8_388_608)  // half a unit below 128: to even
        #expect(poai_token_loss(1, 0, -128) == 8_388_608)
        #expect(poai_token_loss(1, 0, -0x1.fffffep23) == 0xFF_FFFF << 16)
        #expect(poai_token_loss(1, 0, -0x1p24) == -1)
        #expect(poai_token_loss(Float(49_152), 3.5, 1.25) == 855_420)
    }

    /// The angle tables against Foundation-free doubles: rotation keeps lengths, position 0 is the identity.
    @Test func rotationTables() {
        var cosines = [Float](repeating: .nan, count: 512 * 32)
        var sines = cosines
        poai_rope_tables(100_000, 32, 512, &cosines, &sines)
        #expect(cosines[..<32].allSatisfy { $0.bitPattern == Float(1).bitPattern })
        #expect(sines[..<32].allSatisfy { $0.bitPattern == 0 })
        for place in cosines.indices {
            let c = Double(cosines[place])
            let s = Double(sines[place])
            #expect(abs(c * c + s * s - 1) < 1.3e-7)
        }
        var head = (0..<64).map { Float($0) - 20 }
        let before = head
        poai_rope_rotate(&head, 1, 32, cosines, sines)
        #expect(head == before)
    }
}
