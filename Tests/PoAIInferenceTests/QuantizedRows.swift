import CKernels
import PoAIInference

/// Activations of some tokens quantized by one kernel.
final class QuantizedRows {
    let columns: Int
    let values: [Float]
    let tokens: Int
    /// What the kernel returned for each token.
    private(set) var faults: [Int32] = []

    private let input: UnsafeMutablePointer<Float>
    private let q: UnsafeMutablePointer<Int8>
    private let s, weighted: UnsafeMutablePointer<Float>
    private let whole: UnsafeMutablePointer<Int32>

    var quants: [Int8] { Array(UnsafeBufferPointer(start: q, count: values.count)) }
    var scales: [Float] { Array(UnsafeBufferPointer(start: s, count: values.count / 32)) }
    var sums: [Float] { Array(UnsafeBufferPointer(start: weighted, count: values.count / 32)) }
    var integerSums: [Int32] { Array(UnsafeBufferPointer(start: whole, count: values.count / 32)) }

    init(_ values: [Float], columns: Int, kernel: Kernel) {
        self.columns = columns
        self.values = values
        tokens = values.count / columns
        let blocks = values.count / 32
        input = .allocate(capacity: values.count)
        input.initialize(from: values, count: values.count)
        q = .allocate(capacity: values.count)
        q.initialize(repeating: 99, count: values.count)
        s = .allocate(capacity: blocks)
        s.initialize(repeating: .nan, count: blocks)
        weighted = .allocate(capacity: blocks)
        weighted.initialize(repeating: .nan, count: blocks)
        whole = .allocate(capacity: blocks)
        whole.initialize(repeating: -1, count: blocks)
        for token in 0..<tokens {
            let (cell, block) = (token * columns, token * columns / 32)
            faults.append(
                kernel.functions.pointee.quantize(
                    input + cell, columns, q + cell, s + block, weighted + block, whole + block))
        }
    }

    deinit {
        input.deallocate()
        q.deallocate()
        s.deallocate()
        weighted.deallocate()
        whole.deallocate()
    }

    /// Product with `weights` on `kernel`: [token][rows rounded up to 16]; untouched places hold −777.
    func times(
        _ weights: PackedWeights, on kernel: Kernel, groups: Range<Int>? = nil, tokens range: Range<Int>? = nil
    ) -> [Float] {
        let stride = weights.groups * 16
        let groups = groups ?? 0..<weights.groups
        let range = range ?? 0..<tokens
        var out = [Float](repeating: -777, count: tokens * stride)
        var activations = poai_activations(values: input, quants: q, scales: s, sums: weighted, integer_sums: whole)
        weights.withView { view in
            kernel.functions.pointee.matmul(
                view, &activations, &out, stride, groups.lowerBound, groups.upperBound, range.lowerBound,
                range.upperBound)
        }
        return out
    }
}
