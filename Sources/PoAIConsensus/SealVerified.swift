import PoAIPrimitives
import PoAITypes
import PoAIWork

/// A header whose seal was repeated by a forward pass with equal results. Only `verify` makes it.
public struct SealVerified: Hashable, Sendable {
    /// The header with all rules checked.
    public let checked: HeaderChecked

    /// The header.
    public var header: BlockHeader { checked.header }

    private init(_ checked: HeaderChecked) {
        self.checked = checked
    }

    /// Compares what a forward pass on the quiz of `checked.quizSeed` gave with what the header claims, bit for bit.
    ///
    /// - Parameters:
    ///   - digest: trace digest of the pass.
    ///   - loss: its loss, in units of 2^-16 nats.
    /// - Throws: `HeaderFault.traceDigest` or `.loss`; `expected` is what the pass gave.
    public static func verify(
        _ checked: HeaderChecked, digest: Hash32, loss: UInt64
    ) throws(HeaderFault) -> SealVerified {
        guard checked.seal.traceDigest == digest else {
            throw .traceDigest(got: checked.seal.traceDigest, expected: digest)
        }
        guard checked.seal.loss == loss else { throw .loss(got: checked.seal.loss, expected: loss) }
        return SealVerified(checked)
    }
}
