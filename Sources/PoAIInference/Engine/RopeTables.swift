import CKernels
import PoAIModel

/// Rotary cosines and sines for positions 0 ..< `positions` (docs/spec/numeric.md, section 4.4), and the factor of
/// attention scores.
struct RopeTables: Sendable {
    let cosines: AlignedBuffer<Float>
    let sines: AlignedBuffer<Float>
    /// 1 ÷ √headSize in binary32.
    let scoreScale: Float

    init(config: LlamaConfig, positions: Int) {
        let half = config.headSize / 2
        cosines = AlignedBuffer(count: positions * half)
        sines = AlignedBuffer(count: positions * half)
        poai_fp_environment_reset()  // the caller's rounding mode must not reach the tables
        poai_rope_tables(Double(config.ropeBase), half, positions, cosines.base, sines.base)
        scoreScale = poai_inverse_square_root(Float(config.headSize))
    }
}
