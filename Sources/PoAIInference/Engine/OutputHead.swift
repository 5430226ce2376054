import CKernels
import PoAIPrimitives

/// The output projection over chosen rows of a finished forward pass: logits and losses.
struct OutputHead {
    let pass: ForwardPass
    /// Logits [rows][vocabulary rounded up to 16].
    let logits: AlignedBuffer<Float>
    let capacity: Int

    var stride: Int { Scratch.padded(pass.model.output.rows) }

    init(pass: ForwardPass, capacity: Int) {
        self.pass = pass
        self.capacity = capacity
        logits = AlignedBuffer(count: capacity * Scratch.padded(pass.model.output.rows))
    }

    /// Computes logits of `rows` (at most `capacity`), in that order. The final hidden states, which stand in
    /// `scratch.input`, are moved to the front to be quantized, so read what else is needed of them before.
    func computeLogits(of rows: [Int]) {
        let width = pass.model.config.width
        let input = pass.scratch.input.base
        for (place, row) in rows.enumerated() where place != row {
            (input + place * width).update(from: input + row * width, count: width)
        }
        // Places are not rows of the batch: what quantizing finds here must not mark those. Bad states are marked already.
        pass.rows(rows.count) { _ = pass.quantizeRow($0, width) }
        pass.pool.multiply(
            [MatrixJob(matrix: pass.model.output, output: logits.base)], pass.scratch.activations, tokens: rows.count,
            kernel: pass.kernel)
    }

    /// Logits at place 0 of the last `computeLogits`; nil when one is NaN or infinite.
    func firstLogits() -> [Float]? {
        let count = pass.model.output.rows
        guard poai_all_finite(logits.base, count) != 0 else { return nil }
        return Array(UnsafeBufferPointer(start: logits.base, count: count))
    }

    /// −log p(target) at place `place` of the last `computeLogits`, in 2⁻¹⁶ nats; negative when it is not finite.
    func loss(place: Int, target: UInt32) -> Int64 {
        let row = logits.base + place * stride
        var largest: Float = 0
        let sum = pass.kernel.functions.pointee.sum_exp(row, pass.model.output.rows, &largest)
        return poai_token_loss(sum, largest, row[Int(target)])
    }
}
