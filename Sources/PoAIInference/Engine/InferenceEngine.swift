import PoAIPrimitives

/// Something that runs the network's pinned model over scored token sequences and reports what it computed.
///
/// Every engine that claims the same numeric contract returns the same bytes for the same sequence, whatever the other
/// sequences of the batch, the machine or the number of threads (docs/spec/numeric.md).
public protocol InferenceEngine: Sendable {
    /// SHA-256 of the model file the engine runs.
    var modelSHA256: Hash32 { get }

    /// One teacher-forced forward pass over each sequence; traces in the order of `batch`.
    ///
    /// - Parameter cancelled: asked now and then, between layers; once it says true the work is dropped.
    /// - Throws: `InferenceError`, naming the first sequence at fault; nothing is returned for the others then.
    func evaluate(_ batch: [ScoredSequence], unless cancelled: () -> Bool) throws(InferenceError) -> [Trace]
}

extension InferenceEngine {
    /// One teacher-forced forward pass over each sequence, to its end.
    public func evaluate(_ batch: [ScoredSequence]) throws(InferenceError) -> [Trace] {
        try evaluate(batch, unless: { false })
    }
}

/// Tokens to run the model over, and which of them are scored.
public struct ScoredSequence: Sendable, Hashable {
    /// Token ids, first to last; at least one.
    public let tokens: [UInt32]
    /// Positions whose token is scored against the prediction made one position earlier: ascending, each 1 or above.
    public let scored: [Int]

    /// A sequence; it is checked when it is evaluated.
    public init(tokens: [UInt32], scored: [Int]) {
        self.tokens = tokens
        self.scored = scored
    }
}

/// What one forward pass computed (docs/spec/numeric.md, section 5).
public struct Trace: Sendable, Hashable {
    /// Keccak-256 over the final normed hidden states of all positions and the losses of the scored tokens.
    public let digest: Hash32
    /// −log p of each scored token, in units of 2⁻¹⁶ nats.
    public let tokenLosses: [UInt64]
    /// Their sum.
    public let loss: UInt64

    /// A trace from its parts; `loss` is the sum of `tokenLosses`.
    public init(digest: Hash32, tokenLosses: [UInt64]) {
        self.digest = digest
        self.tokenLosses = tokenLosses
        loss = tokenLosses.reduce(0, &+)
    }
}

/// Why a forward pass was not run or has no result.
public enum InferenceError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Sequence `index` of the batch has no tokens.
    case emptySequence(index: Int)
    /// Sequence `index` is longer than the engine was set up for.
    case sequenceTooLong(index: Int, got: Int, limit: Int)
    /// Sequence `index` has a token id outside the vocabulary.
    case tokenOutOfRange(index: Int, got: UInt32, vocabulary: Int)
    /// Scored positions of sequence `index` are not ascending or outside 1 ..< its length.
    case badScoredPosition(index: Int, got: Int, length: Int)
    /// The model computed NaN or infinity for sequence `index`, so it has no trace.
    case notFinite(index: Int)
    /// The caller asked to stop before the work was done.
    case cancelled

    /// The error in one line.
    public var description: String {
        switch self {
        case .emptySequence(let index): "sequence \(index) of the batch has no tokens"
        case .sequenceTooLong(let index, let got, let limit):
            "sequence \(index) has \(got) tokens; this engine was set up for at most \(limit)"
        case .tokenOutOfRange(let index, let got, let vocabulary):
            "sequence \(index) has token \(got); the model's vocabulary ends at \(vocabulary - 1)"
        case .badScoredPosition(let index, let got, let length):
            "sequence \(index) scores position \(got); positions must ascend within 1 ..< \(length)"
        case .notFinite(let index):
            "the model computed NaN or infinity on sequence \(index): the model file is damaged or not usable for work"
        case .cancelled: "the forward pass was stopped before its end"
        }
    }
}

extension ScoredSequence {
    /// Checks the sequence as number `index` of a batch against the vocabulary and the longest sequence allowed.
    func validate(index: Int, vocabulary: Int, limit: Int) throws(InferenceError) {
        guard !tokens.isEmpty else { throw .emptySequence(index: index) }
        guard tokens.count <= limit else { throw .sequenceTooLong(index: index, got: tokens.count, limit: limit) }
        for token in tokens where token >= UInt32(clamping: vocabulary) {
            throw .tokenOutOfRange(index: index, got: token, vocabulary: vocabulary)
        }
        var previous = 0
        for position in scored {
            guard position > previous, position < tokens.count else {
                throw .badScoredPosition(index: index, got: position, length: tokens.count)
            }
            previous = position
        }
    }
}
