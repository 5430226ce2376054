import CKernels
import PoAIModel
import PoAIPrimitives
import Synchronization

/// The exact engine: runs an `ExactModel` by the numeric contract (docs/spec/numeric.md) on any kernel, number of threads
/// and batch size, always with the same bytes.
///
/// One call works at a time; others wait. Several engines may share one model.
public final class ExactEngine: InferenceEngine {
    /// Name of the numeric contract, as chain specs pin it.
    public static let contractName = "exact-1"

    /// The weights.
    public let model: ExactModel
    /// The kernel in use.
    public let kernel: Kernel
    /// Threads of a forward pass, the caller's included.
    public let threads: Int
    /// Longest sequence in tokens.
    public let maximumLength: Int
    /// Token rows of one pass through the weights; longer batches are cut into several passes.
    public let rowsPerPass: Int

    /// SHA-256 of the model file.
    public var modelSHA256: Hash32 { model.sha256 }

    private let state: Mutex<State>

    /// What only the caller that holds the lock may touch.
    private struct State: ~Copyable {
        let head: OutputHead
        let keys, values: AlignedBuffer<Float>
    }

    /// - Parameters:
    ///   - model: the weights.
    ///   - kernel: the implementation; the fastest this CPU has unless told otherwise.
    ///   - threads: threads of a pass, at least 1.
    ///   - maximumLength: longest sequence in tokens.
    ///   - sequencesPerPass: sequences of that length that one pass through the weights takes together.
    public init(
        model: ExactModel, kernel: Kernel = .best, threads: Int, maximumLength: Int, sequencesPerPass: Int = 4
    ) {
        self.model = model
        self.kernel = kernel
        self.threads = max(threads, 1)
        self.maximumLength = max(maximumLength, 1)
        rowsPerPass = self.maximumLength * max(sequencesPerPass, 1)
        let pass = ForwardPass(
            model: model, kernel: kernel, pool: WorkerPool(threads: self.threads),
            rope: RopeTables(config: model.config, positions: self.maximumLength),
            scratch: Scratch(config: model.config, rows: rowsPerPass, positions: self.maximumLength))
        let cells = rowsPerPass * model.config.kvWidth
        state = Mutex(
            State(
                head: OutputHead(pass: pass, capacity: 16), keys: AlignedBuffer(count: cells),
                values: AlignedBuffer(count: cells)))
    }

    /// One pass over each sequence; see `InferenceEngine`.
    public func evaluate(
        _ batch: [ScoredSequence], unless cancelled: () -> Bool
    ) throws(InferenceError) -> [Trace] {
        try validate(batch)
        var traces: [Trace] = []
        traces.reserveCapacity(batch.count)
        while traces.count < batch.count {
            let group = nextGroup(of: batch, from: traces.count)
            traces.append(contentsOf: try evaluateGroup(batch, group, cancelled))
        }
        return traces
    }

    /// Losses in 2⁻¹⁶ nats of each token of one sequence from position 1 on, for perplexity.
    public func tokenLosses(_ tokens: [UInt32]) throws(InferenceError) -> [UInt64] {
        let scored = Array(tokens.indices.dropFirst())
        return try evaluate([ScoredSequence(tokens: tokens, scored: scored)])[0].tokenLosses
    }

    /// Logits, f32 [vocabulary], that predict the token after `position`, from one pass over `tokens` without a cache.
    ///
    /// - Throws: `InferenceError`, as `evaluate`, also when a logit is NaN or infinite.
    public func logits(_ tokens: [UInt32], at position: Int) throws(InferenceError) -> [Float] {
        let sequence = ScoredSequence(tokens: tokens, scored: [])
        try validate([sequence])
        guard tokens.indices.contains(position) else {
            throw .badScoredPosition(index: 0, got: position, length: tokens.count)
        }
        let logits = state.withLock { state -> [Float]? in
            _ = run(state, [sequence], unless: { false })
            guard (0..<tokens.count).allSatisfy({ state.head.pass.scratch.faults.base[$0] == 0 }) else { return nil }
            state.head.computeLogits(of: [position])
            return state.head.firstLogits()
        }
        guard let logits else { throw .notFinite(index: 0) }
        return logits
    }

    private func validate(_ batch: [ScoredSequence]) throws(InferenceError) {
        for (index, sequence) in batch.enumerated() {
            try sequence.validate(index: index, vocabulary: model.config.vocabulary, limit: maximumLength)
        }
    }

    /// As many sequences from `start` on as fit one pass.
    private func nextGroup(of batch: [ScoredSequence], from start: Int) -> Range<Int> {
        var end = start
        var rows = 0
        while end < batch.count, rows + batch[end].tokens.count <= rowsPerPass {
            rows += batch[end].tokens.count
            end += 1
        }
        return start..<end
    }

    private func evaluateGroup(
        _ batch: [ScoredSequence], _ group: Range<Int>, _ cancelled: () -> Bool
    ) throws(InferenceError) -> [Trace] {
        let sequences = Array(batch[group])
        let traces: [Trace?]? = state.withLock { state in
            guard let starts = run(state, sequences, unless: cancelled) else { return nil }
            return TraceReader(head: state.head, sequences: sequences, starts: starts).read()
        }
        guard let traces else { throw .cancelled }
        var result: [Trace] = []
        for (offset, trace) in traces.enumerated() {
            guard let trace else { throw .notFinite(index: group.lowerBound + offset) }
            result.append(trace)
        }
        return result
    }

    /// Runs the transformer over the sequences, one after the other in the batch; returns each one's first row, or nil when it
    /// was cancelled.
    private func run(_ state: borrowing State, _ sequences: [ScoredSequence], unless cancelled: () -> Bool) -> [Int]? {
        var segments: [Segment] = []
        var row = 0
        for sequence in sequences {
            let offset = row * model.config.kvWidth
            segments.append(
                Segment(
                    rows: row..<(row + sequence.tokens.count), start: 0, keys: state.keys.base + offset,
                    values: state.values.base + offset, layerStride: 0))
            row += sequence.tokens.count
        }
        guard state.head.pass.run(tokens: sequences.flatMap(\.tokens), segments: segments, unless: cancelled) else {
            return nil
        }
        return segments.map(\.rows.lowerBound)
    }
}
