import PoAIPrimitives

/// Turns a finished forward pass into traces (docs/spec/numeric.md, section 5): losses of the scored tokens, and the digest
/// over hidden states and losses.
struct TraceReader {
    let head: OutputHead
    let sequences: [ScoredSequence]
    /// First row of each sequence in the batch.
    let starts: [Int]

    /// A trace for each sequence, or nil where the model computed NaN or infinity.
    func read() -> [Trace?] {
        var hashers = hashHiddenStates()
        let losses = scoreTokens()
        return sequences.indices.map { index in
            let rows = starts[index]..<(starts[index] + sequences[index].tokens.count)
            guard rows.allSatisfy({ head.pass.scratch.faults.base[$0] == 0 }), losses[index].allSatisfy({ $0 >= 0 })
            else { return nil }
            let tokenLosses = losses[index].map(UInt64.init)
            for loss in tokenLosses {
                withUnsafeBytes(of: loss.littleEndian) { hashers[index].update($0) }
            }
            return Trace(digest: hashers[index].finalize(), tokenLosses: tokenLosses)
        }
    }

    /// A hasher per sequence that has taken in its final hidden states: f32, little-endian, all positions in order.
    private func hashHiddenStates() -> [Keccak256Hasher] {
        let width = head.pass.model.config.width
        var hashers = Array(repeating: Keccak256Hasher(), count: sequences.count)
        hashers.withUnsafeMutableBufferPointer { hashers in
            nonisolated(unsafe) let hashers = hashers  // each chunk touches its own element
            head.pass.pool.run(sequences.count) { index in
                let states = head.pass.scratch.input.base + starts[index] * width
                hashers[index].update(
                    UnsafeRawBufferPointer(start: states, count: sequences[index].tokens.count * width * 4))
            }
        }
        return hashers
    }

    /// Losses of the scored tokens by sequence, in pieces of the head's capacity.
    private func scoreTokens() -> [[Int64]] {
        var wanted: [(row: Int, target: UInt32)] = []
        for (index, sequence) in sequences.enumerated() {
            wanted += sequence.scored.map { (starts[index] + $0 - 1, sequence.tokens[$0]) }
        }
        let losses = AlignedBuffer<Int64>(count: wanted.count)
        for begin in stride(from: 0, to: wanted.count, by: head.capacity) {
            let piece = wanted[begin..<min(begin + head.capacity, wanted.count)]
            head.computeLogits(of: piece.map(\.row))
            head.pass.pool.run(piece.count) { place in
                losses.base[begin + place] = head.loss(place: place, target: wanted[begin + place].target)
            }
        }
        var next = 0
        return sequences.map { sequence in
            defer { next += sequence.scored.count }
            return (next..<(next + sequence.scored.count)).map { losses.base[$0] }
        }
    }
}
