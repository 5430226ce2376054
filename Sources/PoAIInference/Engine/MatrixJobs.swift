import CKernels

/// One matrix product of a region: `matrix` × all activations → `output`, `stride` floats from one token to the next.
struct MatrixJob {
    let matrix: PackedMatrix
    let output: UnsafeMutablePointer<Float>
    var stride: Int { matrix.groups * Int(POAI_GROUP_ROWS) }
}

extension WorkerPool {
    /// Runs matrix products that share their activations over `tokens` tokens, cut into chunks of outputs: some groups of
    /// rows × at most 64 tokens, so that a chunk's activations stay in the second-level cache. Outputs are never split
    /// along a sum, so the cut changes no bit.
    func multiply(_ jobs: [MatrixJob], _ activations: poai_activations, tokens: Int, kernel: Kernel) {
        let tokenBlock = 64
        let tokenBlocks = (tokens + tokenBlock - 1) / tokenBlock
        let groups = jobs.reduce(0) { $0 + $1.matrix.groups }
        let perChunk = max(1, min(12, (groups * tokenBlocks + 4 * threads - 1) / (4 * threads)))
        var chunks: [(job: Int, begin: Int, end: Int)] = []
        for (index, job) in jobs.enumerated() {
            for begin in stride(from: 0, to: job.matrix.groups, by: perChunk) {
                chunks.append((index, begin, min(begin + perChunk, job.matrix.groups)))
            }
        }
        let views = jobs.map(\.matrix.view)
        let matmul = kernel.functions.pointee.matmul
        views.withUnsafeBufferPointer { views in
            chunks.withUnsafeBufferPointer { chunks in
                withUnsafePointer(to: activations) { activations in
                    run(chunks.count * tokenBlocks) { index in
                        let chunk = chunks[index % chunks.count]
                        let first = index / chunks.count * tokenBlock
                        let job = jobs[chunk.job]
                        guard let view = views.baseAddress else { return }
                        matmul(
                            view + chunk.job, activations, job.output, job.stride, chunk.begin, chunk.end, first,
                            min(first + tokenBlock, tokens))
                    }
                }
            }
        }
    }
}
