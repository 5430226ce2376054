import PoAIPrimitives
import PoAITypes

/// Adjustment of the target to the hash rate (docs/spec/consensus.md, "Difficulty").
public enum Retarget {
    /// A timespan counts as no less than a quarter and no more than four times what was expected.
    public static let clampFactor: UInt64 = 4

    /// Whether the block at `height` may have another target than its parent.
    public static func isDue(at height: UInt64, interval: UInt64) -> Bool {
        height > 0 && height % interval == 0
    }

    /// The heights of the two blocks whose timestamps decide the target of the block at `height`, where a retarget is due.
    ///
    /// Windows overlap by one block, so that each time between two blocks counts once, and never begin at genesis.
    public static func window(at height: UInt64, interval: UInt64) -> (first: UInt64, last: UInt64) {
        let last = height - 1
        return (first: max(last > interval ? last - interval : 0, 1), last: last)
    }

    /// The compact target after a window.
    ///
    /// - Parameters:
    ///   - bits: compact target of the window's last block.
    ///   - first: timestamp of the window's first block, in seconds.
    ///   - last: timestamp of the window's last block; a value below `first` counts as equal to it.
    ///   - intervals: number of block intervals in the window; with 0 the target stays.
    ///   - blockInterval: seconds that a block should take.
    ///   - powLimitBits: the easiest target allowed.
    public static func nextBits(
        bits: UInt32, first: UInt64, last: UInt64, intervals: UInt64, blockInterval: UInt64, powLimitBits: UInt32
    ) -> UInt32 {
        guard intervals > 0, let old = CompactTarget.target(bits), let limit = CompactTarget.target(powLimitBits) else {
            return bits
        }
        // A chain spec bounds both factors, so that four times the product fits.
        let expected = intervals &* blockInterval
        let elapsed = last > first ? last - first : 0
        let actual = min(max(elapsed, expected / clampFactor, 1), expected &* clampFactor)
        return CompactTarget.encode(min(scaled(old, by: actual, over: expected), limit))
    }

    /// max(1, floor(target * numerator / denominator)) with a 512-bit product; 2^256 - 1 if it needs more than 256 bits.
    private static func scaled(_ target: UInt256, by numerator: UInt64, over denominator: UInt64) -> UInt256 {
        let product = target.multipliedFullWidth(by: UInt256(numerator))
        guard let quotient = UInt256(denominator).dividingFullWidth(product)?.quotient else { return .max }
        return max(quotient, .one)
    }
}
