import CKernels
import PoAIModel

/// Working memory of a forward pass over at most `rows` tokens: one row per token.
final class Scratch: Sendable {
    let rows: Int
    /// Residual stream [rows][width].
    let hidden: AlignedBuffer<Float>
    /// Output of a norm, of attention, and of the gated unit, before it is quantized [rows][max(width, feedForward)].
    let input: AlignedBuffer<Float>
    /// Outputs of matrix products, each padded to whole groups of 16.
    let query, key, value, gate, up, product: AlignedBuffer<Float>
    /// The quantized `input`.
    let quants: AlignedBuffer<Int8>
    let scales, sums: AlignedBuffer<Float>
    let integerSums: AlignedBuffer<Int32>
    /// Attention scores [rows][positions rounded up to 16].
    let scores: AlignedBuffer<Float>
    let scoreStride: Int
    /// 1 for a row that met NaN or infinity.
    let faults: AlignedBuffer<UInt8>

    init(config: LlamaConfig, rows: Int, positions: Int) {
        self.rows = rows
        let widest = max(config.width, config.feedForward)
        let blocks = rows * (widest / Int(POAI_BLOCK))
        hidden = AlignedBuffer(count: rows * config.width)
        input = AlignedBuffer(count: rows * widest)
        query = AlignedBuffer(count: rows * Self.padded(config.width))
        key = AlignedBuffer(count: rows * Self.padded(config.kvWidth))
        value = AlignedBuffer(count: rows * Self.padded(config.kvWidth))
        gate = AlignedBuffer(count: rows * Self.padded(config.feedForward))
        up = AlignedBuffer(count: rows * Self.padded(config.feedForward))
        product = AlignedBuffer(count: rows * Self.padded(config.width))
        quants = AlignedBuffer(count: rows * widest)
        scales = AlignedBuffer(count: blocks)
        sums = AlignedBuffer(count: blocks)
        integerSums = AlignedBuffer(count: blocks)
        scoreStride = Self.padded(positions)
        scores = AlignedBuffer(count: rows * scoreStride)
        faults = AlignedBuffer(count: rows)
    }

    /// Outputs of a matrix of `count` rows, rounded up to whole groups.
    static func padded(_ count: Int) -> Int { PackedMatrix.groups(count) * Int(POAI_GROUP_ROWS) }

    /// What the kernels' matrix product reads.
    var activations: poai_activations {
        poai_activations(
            values: input.base, quants: quants.base, scales: scales.base, sums: sums.base,
            integer_sums: integerSums.base)
    }
}
