import CKernels
import PoAIInference

/// Activations of some tokens quantized by one kernel.
struct QuantizedRows {
    let columns: Int
    var values: [Float]
    var quants: [Int8]
    var scales, sums: [Float]
    var integerSums: [Int32]
    var faults: [Int32] = []

    var tokens: Int { values.count / columns }

    init(_ values: [Float], columns: Int, kernel: Kernel) {
        self.columns = columns
        self.values = values
        let blocks = values.count / 32
        quants = [Int8](repeating: 99, count: values.count)
        scales = [Float](repeating: .nan, count: blocks)
        sums = scales
        integerSums = [Int32](repeating: -1, count: blocks)
        for token in 0..<(values.count / columns) {
            let place = token * columns / 32
            faults.append(
                values.withUnsafeBufferPointer { values in
                    quants.withUnsafeMutableBufferPointer { quants in
                        scales.withUnsafeMutableBufferPointer { scales in
                            sums.withUnsafeMutableBufferPointer { sums in
                                integerSums.withUnsafeMutableBufferPointer { integers in
                                    kernel.functions.pointee.quantize(
                                        values.baseAddress! + token * columns, columns,
                                        quants.baseAddress! + token * columns, scales.baseAddress! + place,
                                        sums.baseAddress! + place, integers.baseAddress! + place)
                                }
                            }
                        }
                    }
                })
        }
    }

    /// Product with `weights` on `kernel`: [token][rows rounded up to 16]; untouched places hold −777.
    func times(
        _ weights: PackedWeights, on kernel: Kernel, groups: Range<Int>? = nil, tokens range: Range<Int>? = nil
    ) -> [Float] {
        let stride = weights.groups * 16
        let groups = groups ?? 0..<weights.groups
        let range = range ?? 0..<tokens
        var out = [Float](repeating: -777, count: tokens * stride)
        values.withUnsafeBufferPointer { values in
            quants.withUnsafeBufferPointer { quants in
                scales.withUnsafeBufferPointer { scales in
                    sums.withUnsafeBufferPointer { sums in
                        integerSums.withUnsafeBufferPointer { integers in
                            var activations = poai_activations(
                                values: values.baseAddress!, quants: quants.baseAddress!, scales: scales.baseAddress!,
                                sums: sums.baseAddress!, integer_sums: integers.baseAddress!)
                            weights.withView { view in
                                kernel.functions.pointee.matmul(
                                    view, &activations, &out, stride, groups.lowerBound, groups.upperBound,
                                    range.lowerBound, range.upperBound)
                            }
                        }
                    }
                }
            }
        }
        return out
    }
}
