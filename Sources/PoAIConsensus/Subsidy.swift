import PoAIPrimitives
import PoAITypes

/// New coins per block (docs/spec/consensus.md, "Subsidy").
public enum Subsidy {
    /// From this many halvings on there is no subsidy, however large it began.
    public static let lastHalving: UInt64 = 64

    /// Wei that the miner of the block at `number` receives: none at genesis, then the initial subsidy, halved after every
    /// `halvingInterval` blocks and rounded down.
    public static func wei(at number: UInt64, spec: ChainSpec) -> UInt256 {
        guard number > 0 else { return .zero }
        let halvings = (number - 1) / spec.halvingInterval
        guard halvings < lastHalving else { return .zero }
        return spec.initialSubsidy >> Int(halvings)
    }
}
