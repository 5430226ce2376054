import PoAIConsensus
import PoAIPrimitives

/// Runs the forward passes that prove seals. The chain knows no model: its caller brings one.
public protocol SealEvaluator: Sendable {
    /// How many headers are worth handing over together; at least 1.
    var batchSize: Int { get }

    /// What the network's model computes on the quiz of each header, in their order.
    /// - Throws: when the passes could not be run, which says nothing about the headers.
    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation]
}

/// The result of one forward pass.
public struct SealEvaluation: Hashable, Sendable {
    /// Trace digest.
    public var digest: Hash32
    /// Loss in units of 2^-16 nats.
    public var loss: UInt64

    /// Puts the two together.
    public init(digest: Hash32, loss: UInt64) {
        self.digest = digest
        self.loss = loss
    }
}

/// Forward passes could not be run; no fault of any block.
public struct SealEvaluatorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One line: what happened and what to do.
    public let description: String

    /// An error with its one line.
    public init(_ description: String) { self.description = description }
}
