import CKernels
import PoAITestSupport

/// A random matrix as a GGUF file stores it, and repacked for the kernels.
final class PackedWeights {
    enum Kind: CaseIterable { case q4_0, q4_1, q8_0, f16, f32 }

    let kind: Kind
    let rows: Int
    let columns: Int
    let source: [UInt8]
    private(set) var fault: Int32 = 0
    private var quants: [UInt8]
    private var scales, minimums, floats: [Float]

    var groups: Int { (rows + 15) / 16 }

    init(_ kind: Kind, rows: Int, columns: Int, random: inout DeterministicRandom, extreme: Bool) {
        self.kind = kind
        self.rows = rows
        self.columns = columns
        source = Self.bytes(kind, rows * columns, &random, extreme)
        let cells = (rows + 15) / 16 * 16 * columns
        quants = [UInt8](repeating: 0xEE, count: cells)
        scales = [Float](repeating: .nan, count: cells / 32)
        minimums = scales
        floats = [Float](repeating: .nan, count: cells)
        fault = repack(source)
    }

    /// Repacks other bytes of the same shape; 1 when they hold a number that is not finite.
    func repack(_ bytes: [UInt8]) -> Int32 {
        switch kind {
        case .q4_0: poai_repack_q4_0(bytes, rows, columns, 0, groups, &quants, &scales, &minimums)
        case .q4_1: poai_repack_q4_1(bytes, rows, columns, 0, groups, &quants, &scales, &minimums)
        case .q8_0: poai_repack_q8_0(bytes, rows, columns, 0, groups, &quants, &scales)
        case .f16: poai_repack_f16(bytes, rows, columns, 0, groups, &floats)
        case .f32: poai_repack_f32(bytes, rows, columns, 0, groups, &floats)
        }
    }

    /// Calls `body` with the kernels' view, valid during the call.
    func withView<R>(_ body: (UnsafePointer<poai_matrix>) -> R) -> R {
        let isFloat = kind == .f16 || kind == .f32
        return quants.withUnsafeBufferPointer { quants in
            scales.withUnsafeBufferPointer { scales in
                minimums.withUnsafeBufferPointer { minimums in
                    floats.withUnsafeBufferPointer { floats in
                        var view = poai_matrix(
                            rows: rows, columns: columns, quants: isFloat ? nil : quants.baseAddress,
                            scales: isFloat ? nil : scales.baseAddress,
                            minimums: isFloat || kind == .q8_0 ? nil : minimums.baseAddress,
                            floats: isFloat ? floats.baseAddress : nil)
                        return body(&view)
                    }
                }
            }
        }
    }

    /// Scale, minimum (nil for none) and quants of a block, read from the file's bytes by section 3.1.
    func block(row: Int, block: Int) -> (scale: Float, minimum: Float?, quants: [Int32]) {
        let size = kind == .q4_0 ? 18 : kind == .q4_1 ? 20 : 34
        let bytes = Array(source[((row * columns / 32 + block) * size)...].prefix(size))
        let scale = Self.half(bytes, 0)
        switch kind {
        case .q8_0: return (scale, nil, bytes[2...].map { Int32(Int8(bitPattern: $0)) })
        case .q4_1: return (scale, Self.half(bytes, 2), Self.nibbles(bytes[4...]))
        default: return (scale, -8 * scale, Self.nibbles(bytes[2...]))
        }
    }

    /// One element of a float type.
    func float(row: Int, column: Int) -> Float {
        let index = row * columns + column
        if kind == .f16 { return Self.half(source, 2 * index) }
        return Float(
            bitPattern: (0..<4).reduce(0) { $0 | UInt32(source[4 * index + $1]) << UInt32(8 * $1) })
    }

    private static func nibbles(_ bytes: ArraySlice<UInt8>) -> [Int32] {
        bytes.map { Int32($0 & 15) } + bytes.map { Int32($0 >> 4) }
    }

    private static func half(_ bytes: [UInt8], _ at: Int) -> Float {
        Float(Float16(bitPattern: UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8))
    }

    private static func bytes(
        _ kind: Kind, _ cells: Int, _ random: inout DeterministicRandom, _ extreme: Bool
    ) -> [UInt8] {
        func half() -> [UInt8] {
            // Any finite half, subnormals and zeros included; or one of weights' usual size.
            let pattern = UInt16(truncatingIfNeeded: random.next())
            let chosen = extreme ? Float16(bitPattern: pattern) : Float16(random.unit() / 64)
            let finite = chosen.isFinite ? chosen.bitPattern : pattern & 0x83FF
            return [UInt8(truncatingIfNeeded: finite), UInt8(finite >> 8)]
        }
        func float() -> [UInt8] {
            let pattern = (extreme ? random.anyFinite() : random.unit()).bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: pattern >> (8 * $0)) }
        }
        func quants(_ count: Int) -> [UInt8] {
            // Now and then a block of the largest magnitudes: −128 in Q8_0, 15 in 4-bit types.
            switch extreme ? random.below(4) : 3 {
            case 0: [UInt8](repeating: count == 32 ? 0x80 : 0xFF, count: count)
            case 1: [UInt8](repeating: count == 32 ? 0x7F : 0x00, count: count)
            default: random.bytes(count)
            }
        }
        switch kind {
        case .f16: return (0..<cells).flatMap { _ in half() }
        case .f32: return (0..<cells).flatMap { _ in float() }
        case .q4_0: return (0..<(cells / 32)).flatMap { _ in half() + quants(16) }
        case .q4_1: return (0..<(cells / 32)).flatMap { _ in half() + half() + quants(16) }
        case .q8_0: return (0..<(cells / 32)).flatMap { _ in half() + quants(32) }
        }
    }
}
