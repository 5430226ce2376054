import CKernels
import PoAIInference
import PoAITestSupport
import Testing

/// Sections 3.1 to 3.4 of the numeric contract.
@Suite struct MatrixKernelTests {
    static let portable = Kernel(functions: poai_kernels_portable())

    @Test(arguments: RowKind.allCases) func quantizeIsTheSameOnEveryKernel(kind: RowKind) {
        var random = DeterministicRandom(seed: 11)
        for columns in [32, 64, 576] {
            let values = random.row(40 * columns, kind)
            let expected = QuantizedRows(values, columns: columns, kernel: Self.portable)
            #expect(expected.faults.allSatisfy { $0 == 0 })
            for kernel in Kernel.available {
                let got = QuantizedRows(values, columns: columns, kernel: kernel)
                #expect(got.quants == expected.quants, "\(kernel) \(columns)")
                #expect(bits(got.scales) == bits(expected.scales), "\(kernel) \(columns)")
                #expect(bits(got.sums) == bits(expected.sums), "\(kernel) \(columns)")
                #expect(got.integerSums == expected.integerSums, "\(kernel) \(columns)")
                #expect(got.faults == expected.faults, "\(kernel) \(columns)")
            }
        }
    }

    /// Against the text of section 3.2, with Swift's own rounding.
    @Test(arguments: RowKind.allCases) func quantizeIsWhatTheContractSays(kind: RowKind) {
        var random = DeterministicRandom(seed: 12)
        let values = random.row(64 * 32, kind)
        let rows = QuantizedRows(values, columns: 32, kernel: Self.portable)
        let got = (quants: rows.quants, scales: rows.scales, sums: rows.sums, integerSums: rows.integerSums)
        for block in 0..<64 {
            let x = values[(block * 32)..<(block * 32 + 32)]
            let amax = x.map(\.magnitude).max() ?? 0
            let isZero = amax < 0x1p-80
            let quants = x.map { isZero ? 0 : Int32(($0 * (127 / amax)).rounded(.toNearestOrEven)) }
            let scale = isZero ? 0 : amax / 127
            let total = quants.reduce(0, +)
            #expect(got.quants[(block * 32)..<(block * 32 + 32)].map(Int32.init) == quants)
            #expect(got.scales[block].bitPattern == scale.bitPattern)
            #expect(got.integerSums[block] == total)
            #expect(got.sums[block].bitPattern == (isZero ? 0 : scale * Float(total)).bitPattern)
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, -.nan, .signalingNaN])
    func quantizeReportsNumbersThatAreNotFinite(bad: Float) {
        for kernel in Kernel.available {
            for place in [0, 15, 16, 31, 32, 63] {
                var values = [Float](repeating: 1, count: 192)
                values[64 + place] = bad
                let got = QuantizedRows(values, columns: 64, kernel: kernel)
                #expect(got.faults == [0, 1, 0], "\(kernel), place \(place)")
                #expect(got.quants.allSatisfy { abs($0) <= 127 })
            }
        }
    }

    @Test(arguments: PackedWeights.Kind.allCases) func productIsTheSameOnEveryKernel(kind: PackedWeights.Kind) {
        var random = DeterministicRandom(seed: 13)
        for (rows, columns) in [(1, 32), (15, 64), (16, 32), (17, 96), (50, 576), (33, 1536)] {
            for extreme in [false, true] {
                let weights = PackedWeights(kind, rows: rows, columns: columns, random: &random, extreme: extreme)
                #expect(weights.fault == 0)
                for tokens in 1...9 {
                    let rowKind = RowKind.allCases[extreme ? (tokens + rows) % RowKind.allCases.count : 0]
                    let x = QuantizedRows(
                        random.row(tokens * columns, rowKind), columns: columns, kernel: Self.portable)
                    let expected = bits(x.times(weights, on: Self.portable))
                    for kernel in Kernel.available {
                        #expect(
                            bits(x.times(weights, on: kernel)) == expected,
                            "\(kernel) \(kind) \(rows)×\(columns), \(tokens) tokens, \(rowKind)")
                    }
                }
            }
        }
    }

    /// The portable kernel against the text of section 3, on the file's own bytes.
    @Test(arguments: PackedWeights.Kind.allCases) func productIsWhatTheContractSays(kind: PackedWeights.Kind) {
        var random = DeterministicRandom(seed: 14)
        for extreme in [false, true] {
            let weights = PackedWeights(kind, rows: 19, columns: 96, random: &random, extreme: extreme)
            let x = QuantizedRows(
                random.row(2 * 96, extreme ? .outlier : .ordinary), columns: 96, kernel: Self.portable)
            let got = x.times(weights, on: Self.portable)
            for token in 0..<2 {
                let expected = (0..<19).map { Self.product(weights, row: $0, x, token: token) }
                #expect(bits(Array(got[(token * 32)..<(token * 32 + 19)])) == bits(expected))
            }
        }
    }

    private static func product(_ weights: PackedWeights, row: Int, _ x: QuantizedRows, token: Int) -> Float {
        let (quantsX, scalesX, sumsX) = (x.quants, x.scales, x.sums)
        var acc: Float = 0
        if weights.kind == .f16 || weights.kind == .f32 {
            for k in 0..<weights.columns {
                let product = weights.float(row: row, column: k) * x.values[token * weights.columns + k]
                acc += product
            }
            return acc
        }
        for b in 0..<(weights.columns / 32) {
            let (scale, minimum, quants) = weights.block(row: row, block: b)
            let place = token * weights.columns + 32 * b
            var dot: Int32 = 0
            for i in 0..<32 { dot += quants[i] * Int32(quantsX[place + i]) }
            let product = Float(dot) * (scale * scalesX[place / 32])
            acc += product
            if let minimum {
                let least = minimum * sumsX[place / 32]
                acc += least
            }
        }
        return acc
    }

    @Test(arguments: PackedWeights.Kind.allCases) func productOfAPartTouchesOnlyThatPart(kind: PackedWeights.Kind) {
        var random = DeterministicRandom(seed: 15)
        let weights = PackedWeights(kind, rows: 50, columns: 64, random: &random, extreme: false)
        let x = QuantizedRows(random.row(9 * 64, .ordinary), columns: 64, kernel: Self.portable)
        let whole = bits(x.times(weights, on: Self.portable))
        for kernel in Kernel.available {
            for (groups, tokens) in [(1..<3, 2..<7), (0..<1, 8..<9), (3..<4, 0..<8), (2..<2, 0..<9), (0..<4, 4..<4)] {
                let got = bits(x.times(weights, on: kernel, groups: groups, tokens: tokens))
                for place in got.indices {
                    let inside = tokens.contains(place / 64) && groups.contains(place % 64 / 16)
                    #expect(got[place] == (inside ? whole[place] : Float(-777).bitPattern), "\(kernel) \(place)")
                }
            }
        }
    }

    @Test(arguments: PackedWeights.Kind.allCases) func unpackedRowsAreWhatTheContractSays(kind: PackedWeights.Kind) {
        var random = DeterministicRandom(seed: 16)
        let weights = PackedWeights(kind, rows: 21, columns: 64, random: &random, extreme: true)
        for row in 0..<21 {
            var got = [Float](repeating: .nan, count: 64)
            weights.withView { poai_unpack_row($0, row, &got) }
            let expected = (0..<64).map { column -> Float in
                if kind == .f16 || kind == .f32 { return weights.float(row: row, column: column) }
                let (scale, minimum, quants) = weights.block(row: row, block: column / 32)
                let product = Float(quants[column % 32]) * scale
                return minimum.map { product + $0 } ?? product
            }
            #expect(bits(got) == bits(expected))
        }
    }

    /// A NaN or an infinity in any scale, minimum or value is reported, wherever it stands.
    @Test(arguments: PackedWeights.Kind.allCases) func repackReportsNumbersThatAreNotFinite(kind: PackedWeights.Kind) {
        var random = DeterministicRandom(seed: 17)
        let weights = PackedWeights(kind, rows: 18, columns: 64, random: &random, extreme: true)
        let places: [Int] =
            switch kind {
            case .q4_0: [0, 18 * 35]
            case .q4_1: [0, 2, 20 * 35, 20 * 35 + 2]
            case .q8_0: [0, 34 * 35]
            case .f16: [0, 2 * 1151]
            case .f32: [0, 4 * 1151]
            }
        for place in places {
            let patterns: [[UInt8]] =
                kind == .f32
                ? [[0, 0, 0x80, 0x7F], [0, 0, 0x80, 0xFF], [1, 0, 0x80, 0x7F], [0, 0, 0xC0, 0xFF]]
                : [[0, 0x7C], [0, 0xFC], [1, 0x7C], [0, 0xFE]]
            for pattern in patterns {
                var bytes = weights.source
                bytes.replaceSubrange(place..<(place + pattern.count), with: pattern)
                #expect(weights.repack(bytes) == 1, "\(place) \(pattern)")
            }
            #expect(weights.repack(weights.source) == 0)
        }
    }
}
