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
        pass.rows(rows.count) { pass.quantize($0, width) }
        pass.pool.multiply(
            [MatrixJob(matrix: pass.model.output, output: logits.base)], pass.scratch.activations, tokens: rows.count,
            kernel: pass.kernel)
    }

    /// −log p(target) at place `place` of the last `computeLogits`, in 2⁻¹⁶ nats; negative when it is not finite.
    func loss(place: Int, target: UInt32) -> Int64 {
        let row = logits.base + place * stride
        var largest: Float = 0
        let sum = pass.kernel.functions.pointee.sum_exp(row, pass.model.output.rows, &largest)
        return poai_token_loss(sum, largest, row[Int(target)])
    }
}
