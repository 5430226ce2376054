/// Encodes float rows into GGUF tensor bytes, as ggml's reference quantizers do (`quantize_row_*_ref` in `ggml-quants.c`).
/// Raw values are ggml's type numbers.
public enum TensorEncoding: UInt32, Sendable, CaseIterable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q8_0 = 8

    /// The bytes of `values`, whose count must be a multiple of 32 for the quantized types.
    public func encode(_ values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .f32: for value in values { Self.append(value.bitPattern, to: &bytes) }
        case .f16: for value in values { Self.append(Float16(value).bitPattern, to: &bytes) }
        case .q4_0, .q4_1, .q8_0:
            precondition(values.count % 32 == 0, "\(values.count) values do not fill blocks of 32")
            for start in stride(from: 0, to: values.count, by: 32) {
                let block = Array(values[start..<(start + 32)])
                switch self {
                case .q4_0: Self.appendQ4_0(block, to: &bytes)
                case .q4_1: Self.appendQ4_1(block, to: &bytes)
                default: Self.appendQ8_0(block, to: &bytes)
                }
            }
        }
        return bytes
    }

    /// Scale = the value of largest magnitude / -8; 4-bit values offset by 8, element j in the low and j + 16 in the high half.
    private static func appendQ4_0(_ block: [Float], to bytes: inout [UInt8]) {
        var extreme: Float = 0
        for value in block where value.magnitude > extreme.magnitude { extreme = value }
        let scale = extreme / -8
        let inverse = scale == 0 ? 0 : 1 / scale
        append(Float16(scale).bitPattern, to: &bytes)
        let quants = block.map { UInt8(min(15, Int($0 * inverse + 8.5))) }
        for index in 0..<16 { bytes.append(quants[index] | quants[index + 16] << 4) }
    }

    /// Scale = range / 15 and the minimum; 4-bit values.
    private static func appendQ4_1(_ block: [Float], to bytes: inout [UInt8]) {
        let low = block.min() ?? 0
        let scale = ((block.max() ?? 0) - low) / 15
        let inverse = scale == 0 ? 0 : 1 / scale
        append(Float16(scale).bitPattern, to: &bytes)
        append(Float16(low).bitPattern, to: &bytes)
        let quants = block.map { UInt8(min(15, Int(($0 - low) * inverse + 0.5))) }
        for index in 0..<16 { bytes.append(quants[index] | quants[index + 16] << 4) }
    }

    /// Scale = largest magnitude / 127; signed bytes, ties away from zero.
    private static func appendQ8_0(_ block: [Float], to bytes: inout [UInt8]) {
        let scale = block.reduce(0) { max($0, $1.magnitude) } / 127
        let inverse = scale == 0 ? 0 : 1 / scale
        append(Float16(scale).bitPattern, to: &bytes)
        for value in block {
            bytes.append(UInt8(bitPattern: Int8((value * inverse).rounded(.toNearestOrAwayFromZero))))
        }
    }

    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
