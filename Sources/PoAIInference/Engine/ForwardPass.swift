import CKernels
import PoAIModel

/// The transformer over one batch of token rows (docs/spec/numeric.md, section 4): embeddings in, final normed hidden
/// states out. Each region below runs on all threads; a region starts when the one before has ended everywhere.
struct ForwardPass {
    let model: ExactModel
    let kernel: Kernel
    let pool: WorkerPool
    let rope: RopeTables
    let scratch: Scratch

    private var config: LlamaConfig { model.config }
    private var functions: poai_kernels { kernel.functions.pointee }

    /// Runs all layers over `tokens`, split into `segments`. Afterwards the final normed hidden state of row r stands in
    /// `scratch.input` at r × width, and `scratch.faults` marks rows that met NaN or infinity.
    ///
    /// - Returns: false when `cancelled` said true before a layer; nothing of use has been computed then.
    func run(tokens: [UInt32], segments: [Segment], unless cancelled: () -> Bool = { false }) -> Bool {
        let count = tokens.count
        let segmentOfRow = segments.indices.flatMap { Array(repeating: $0, count: segments[$0].rows.count) }
        scratch.faults.base.update(repeating: 0, count: count)
        rows(count) { row in
            withUnsafePointer(to: model.embedding.view) { view in
                poai_unpack_row(view, Int(tokens[row]), hidden(row))
            }
            normAndQuantize(row, model.layers[0].attentionNorm)
        }
        for (index, layer) in model.layers.enumerated() {
            if cancelled() { return false }
            attention(layer, index, count, segments, segmentOfRow)
            pool.multiply(
                [MatrixJob(matrix: layer.attentionOutput, output: scratch.product.base)], scratch.activations,
                tokens: count, kernel: kernel)
            rows(count) { row in
                poai_add(hidden(row), scratch.product.base + row * Scratch.padded(config.width), config.width)
                normAndQuantize(row, layer.feedForwardNorm)
            }
            feedForward(layer, count)
            let isLast = index + 1 == model.layers.count
            rows(count) { row in
                poai_add(hidden(row), scratch.product.base + row * Scratch.padded(config.width), config.width)
                if isLast { finalNorm(row) } else { normAndQuantize(row, model.layers[index + 1].attentionNorm) }
            }
        }
        return true
    }

    private func attention(
        _ layer: ExactModel.Layer, _ index: Int, _ count: Int, _ segments: [Segment], _ segmentOfRow: [Int]
    ) {
        pool.multiply(
            [
                MatrixJob(matrix: layer.query, output: scratch.query.base),
                MatrixJob(matrix: layer.key, output: scratch.key.base),
                MatrixJob(matrix: layer.value, output: scratch.value.base),
            ], scratch.activations, tokens: count, kernel: kernel)
        rows(count) { row in
            let segment = segments[segmentOfRow[row]]
            rotateAndKeep(row, position: segment.start + row - segment.rows.lowerBound, segment, index)
        }
        rows(count) { row in
            let segment = segments[segmentOfRow[row]]
            attend(row, positions: segment.start + row - segment.rows.lowerBound + 1, segment, index)
            quantize(row, config.width)
        }
    }

    /// Rotates a row's query and key and writes its key and value where later rows of the sequence read them.
    private func rotateAndKeep(_ row: Int, position: Int, _ segment: Segment, _ layer: Int) {
        let half = config.headSize / 2
        let cosines = rope.cosines.base + position * half
        let sines = rope.sines.base + position * half
        poai_rope_rotate(scratch.query.base + row * Scratch.padded(config.width), config.heads, half, cosines, sines)
        let key = scratch.key.base + row * Scratch.padded(config.kvWidth)
        let value = scratch.value.base + row * Scratch.padded(config.kvWidth)
        poai_rope_rotate(key, config.kvHeads, half, cosines, sines)
        let offset = layer * segment.layerStride + position * config.kvWidth
        (segment.keys + offset).update(from: key, count: config.kvWidth)
        (segment.values + offset).update(from: value, count: config.kvWidth)
    }

    /// All heads of one row over the first `positions` positions of its sequence, into `scratch.input`.
    private func attend(_ row: Int, positions: Int, _ segment: Segment, _ layer: Int) {
        let size = config.headSize
        let perKeyHead = config.heads / config.kvHeads
        let query = scratch.query.base + row * Scratch.padded(config.width)
        let scores = scratch.scores.base + row * scratch.scoreStride
        for head in 0..<config.heads {
            let offset = layer * segment.layerStride + head / perKeyHead * size
            functions.attention(
                query + head * size, segment.keys + offset, segment.values + offset, config.kvWidth, positions, size,
                rope.scoreScale, scores, scratch.input.base + row * config.width + head * size)
        }
    }

    private func feedForward(_ layer: ExactModel.Layer, _ count: Int) {
        pool.multiply(
            [
                MatrixJob(matrix: layer.gate, output: scratch.gate.base),
                MatrixJob(matrix: layer.up, output: scratch.up.base),
            ], scratch.activations, tokens: count, kernel: kernel)
        rows(count) { row in
            let offset = row * Scratch.padded(config.feedForward)
            functions.silu_multiply(
                scratch.gate.base + offset, scratch.up.base + offset, config.feedForward,
                scratch.input.base + row * config.feedForward)
            quantize(row, config.feedForward)
        }
        pool.multiply(
            [MatrixJob(matrix: layer.down, output: scratch.product.base)], scratch.activations, tokens: count,
            kernel: kernel)
    }

    // MARK: one row

    private func hidden(_ row: Int) -> UnsafeMutablePointer<Float> { scratch.hidden.base + row * config.width }

    private func normAndQuantize(_ row: Int, _ weights: AlignedBuffer<Float>) {
        norm(row, weights)
        quantize(row, config.width)
    }

    private func norm(_ row: Int, _ weights: AlignedBuffer<Float>) {
        functions.rms_norm(
            hidden(row), weights.base, config.width, config.rmsEpsilon, scratch.input.base + row * config.width)
    }

    private func finalNorm(_ row: Int) {
        norm(row, model.outputNorm)
        if poai_all_finite(scratch.input.base + row * config.width, config.width) == 0 { scratch.faults.base[row] = 1 }
    }

    /// Quantizes a row of `scratch.input` whose rows are `columns` long; marks it when a value is not finite.
    func quantize(_ row: Int, _ columns: Int) {
        if !quantizeRow(row, columns) { scratch.faults.base[row] = 1 }
    }

    /// As `quantize`, but only returns whether all values are finite.
    func quantizeRow(_ row: Int, _ columns: Int) -> Bool {
        let block = row * (columns / Int(POAI_BLOCK))
        return functions.quantize(
            scratch.input.base + row * columns, columns, scratch.quants.base + row * columns,
            scratch.scales.base + block, scratch.sums.base + block, scratch.integerSums.base + block) == 0
    }

    /// Runs `body` for each row, some rows a chunk.
    func rows(_ count: Int, _ body: (Int) -> Void) {
        let perChunk = max(1, min(8, count / (4 * pool.threads)))
        pool.run((count + perChunk - 1) / perChunk) { chunk in
            for row in (chunk * perChunk)..<min((chunk + 1) * perChunk, count) { body(row) }
        }
    }
}
