import PoAIModel

/// Text generation with a key-value cache. Logits are the same bytes as those of one pass over the whole text, since a
/// token's result depends on its own sequence only and every sum has a fixed order (docs/spec/numeric.md, section 2).
///
/// Not thread-safe: one owner at a time.
public final class DecodeSession {
    /// Positions the session has room for.
    public let capacity: Int
    /// Tokens taken in so far.
    public private(set) var tokens: [UInt32] = []

    private let head: OutputHead
    private let keys, values: AlignedBuffer<Float>

    /// A session over `model` for at most `capacity` tokens, at most the model's context length.
    public init(model: ExactModel, kernel: Kernel = .best, threads: Int, capacity: Int) {
        self.capacity = min(max(capacity, 1), model.config.contextLength)
        let rows = min(self.capacity, 64)
        let pass = ForwardPass(
            model: model, kernel: kernel, pool: WorkerPool(threads: max(threads, 1)),
            rope: RopeTables(config: model.config, positions: self.capacity),
            scratch: Scratch(config: model.config, rows: rows, positions: self.capacity))
        head = OutputHead(pass: pass, capacity: 1)
        let cells = model.config.layers * self.capacity * model.config.kvWidth
        keys = AlignedBuffer(count: cells)
        values = AlignedBuffer(count: cells)
    }

    /// Takes in more tokens and returns the logits, f32 [vocabulary], that predict the next one.
    ///
    /// - Throws: `InferenceError` when there are none, when they do not fit or are not in the vocabulary, or when the
    ///   model computes NaN or infinity; the session is unchanged then, but for the last case, which ends it.
    public func append(_ more: [UInt32]) throws(InferenceError) -> [Float] {
        let config = head.pass.model.config
        let all = ScoredSequence(tokens: tokens + more, scored: [])
        guard !more.isEmpty else { throw .emptySequence(index: 0) }
        try all.validate(index: 0, vocabulary: config.vocabulary, limit: capacity)
        var last = 0
        while tokens.count < all.tokens.count {
            let piece = Array(all.tokens[tokens.count...].prefix(head.pass.scratch.rows))
            let segment = Segment(
                rows: 0..<piece.count, start: tokens.count, keys: keys.base, values: values.base,
                layerStride: capacity * config.kvWidth)
            _ = head.pass.run(tokens: piece, segments: [segment])
            guard (0..<piece.count).allSatisfy({ head.pass.scratch.faults.base[$0] == 0 }) else {
                throw .notFinite(index: 0)
            }
            tokens += piece
            last = piece.count - 1
        }
        head.computeLogits(of: [last])
        guard let logits = head.firstLogits() else { throw .notFinite(index: 0) }
        return logits
    }

    /// Generates greedily: the most likely token, the lowest id on a tie, until `limit` tokens, a token of `stop` or the
    /// end of the room. Calls `emit` for each token that is not a stop token.
    ///
    /// - Returns: the tokens generated, without the stop token.
    @discardableResult
    public func generate(
        prompt: [UInt32], limit: Int, stop: [UInt32], emit: (UInt32) -> Void = { _ in }
    ) throws(InferenceError) -> [UInt32] {
        var logits = try append(prompt)
        var generated: [UInt32] = []
        while generated.count < limit {
            let token = Self.mostLikely(logits)
            if stop.contains(token) { break }
            generated.append(token)
            emit(token)
            if generated.count == limit || tokens.count == capacity { break }
            logits = try append([token])
        }
        return generated
    }

    /// The index of the largest logit, the lowest one on a tie.
    static func mostLikely(_ logits: [Float]) -> UInt32 {
        var best = 0
        for index in logits.indices where logits[index] > logits[best] { best = index }
        return UInt32(best)
    }
}
