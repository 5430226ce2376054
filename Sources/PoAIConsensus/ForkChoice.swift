import PoAIPrimitives
import PoAITypes

/// Work and the choice between branches (docs/spec/consensus.md, "Fork choice").
public enum ForkChoice {
    /// Expected number of tries for a block with this target: floor(2^256 / (target + 1)); 0 for target 0.
    public static func work(target: UInt256) -> UInt256 {
        guard !target.isZero else { return .zero }
        let (divisor, overflow) = target.addingReportingOverflow(.one)
        // 2^256 = (2^256 - 1 - target) + (target + 1), so one division of 256 bits is enough.
        guard !overflow, let quotient = (~target).divided(by: divisor)?.quotient else { return .one }
        return quotient &+ .one
    }

    /// Work of a header by its compact target; 0 if the target is negative, zero or too large.
    public static func work(bits: UInt32) -> UInt256 {
        work(target: CompactTarget.target(bits) ?? .zero)
    }

    /// Work of a branch that ends with a block of compact target `bits` on a parent whose branch has work `parentTotal`.
    ///
    /// - Returns: nil if the sum exceeds 2^256 - 1; such a block is invalid.
    public static func totalWork(parentTotal: UInt256, bits: UInt32) -> UInt256? {
        let sum = parentTotal.addingReportingOverflow(work(bits: bits))
        return sum.overflow ? nil : sum.partialValue
    }

    /// Whether a branch seen later replaces the current one: only if it has more work, so the first seen wins a tie.
    public static func prefers(candidate: UInt256, over current: UInt256) -> Bool {
        candidate > current
    }
}
