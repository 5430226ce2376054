import CKernels
import PoAIInference
import PoAIPrimitives
import PoAITestSupport
import Testing

/// Turns over the last bit of a float.
private func flip(_ value: UnsafeMutablePointer<Float>) {
    value.pointee = Float(bitPattern: value.pointee.bitPattern ^ 1)
}

/// Faults are put in on purpose: what checks the engine must see each of them.
@Suite struct SabotageTests {
    /// A copy of the portable table in which one function gives one wrong bit now and then.
    static func table(_ place: Int) -> poai_kernels {
        var table = poai_kernels_portable().pointee
        switch place {
        case 0:
            table.quantize = { x, n, q, scales, sums, integers in
                let result = poai_kernels_portable().pointee.quantize(x, n, q, scales, sums, integers)
                if x[0] > 1 { q[n - 1] ^= 1 }
                return result
            }
        case 1:
            table.matmul = { w, a, out, stride, groups, groupEnd, tokens, tokenEnd in
                poai_kernels_portable().pointee.matmul(w, a, out, stride, groups, groupEnd, tokens, tokenEnd)
                if groups == 0, tokens == 0, groupEnd > 0, tokenEnd > 0 { flip(out) }
            }
        case 2:
            table.rms_norm = { x, w, n, eps, y in
                poai_kernels_portable().pointee.rms_norm(x, w, n, eps, y)
                flip(y + (n - 1))
            }
        case 3:
            table.attention = { query, keys, values, stride, count, size, scale, scores, out in
                poai_kernels_portable().pointee.attention(
                    query, keys, values, stride, count, size, scale, scores, out)
                if count == 30 { out[size - 1] *= 1.001 }
            }
        case 4:
            table.silu_multiply = { g, u, n, y in
                poai_kernels_portable().pointee.silu_multiply(g, u, n, y)
                for index in 0..<n where y[index] > 0.5 { y[index] *= 1.01 }
            }
        default:
            table.sum_exp = { x, n, largest in
                poai_kernels_portable().pointee.sum_exp(x, n, largest) * 1.0001
            }
        }
        return table
    }

    @Test(arguments: 0...5) func aWrongKernelDoesNotGiveTheGoldenTraces(place: Int) throws {
        let golden = try GoldenTraces("q4_1")
        let model = try model(TinyModels.bytes("q4_1"))
        let expected = try golden.traces.map { try $0.trace }
        let traces = try withUnsafePointer(to: Self.table(place)) { table in
            let kernel = Kernel(functions: table)
            return try ExactEngine(model: model, kernel: kernel, threads: 1, maximumLength: 80)
                .evaluate(golden.traces.map(\.sequence))
        }
        #expect(traces != expected)
    }

    /// Another bit of a weight is another model: the hash says so, and so do the results.
    @Test func aFlippedBitInTheModelShows() throws {
        let golden = try GoldenTraces("q4_1")
        let bytes = TinyModels.bytes("q4_1")
        let pinned = try Hash32(hex: golden.model)
        #expect(try model(bytes, expected: pinned).sha256 == pinned)
        let expected = try golden.traces.map { try $0.trace }
        var random = DeterministicRandom(seed: 61)
        // The weights are the last 40,000 bytes and more of the file.
        for _ in 0..<12 {
            var damaged = bytes
            damaged[damaged.count - 1 - random.below(40_000)] ^= 1 << UInt8(random.below(8))
            do {
                _ = try model(damaged, expected: pinned)
                Issue.record("a damaged model was taken for the pinned one")
            } catch let error as ModelError {
                guard case .wrongHash(_, let got, pinned) = error, got != pinned else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
        // A quant in the first layer's gate matrix, which every token uses.
        var builder = TinyModels.builder("q4_1")
        let gate = try #require(builder.tensors.firstIndex { $0.name == "blk.0.ffn_gate.weight" })
        builder.tensors[gate].data[10] ^= 0x40
        let engine = ExactEngine(model: try model(builder.file()), threads: 1, maximumLength: 80)
        let traces = try engine.evaluate(golden.traces.map(\.sequence))
        for (got, expected) in zip(traces, expected) { #expect(got.digest != expected.digest) }
    }
}
