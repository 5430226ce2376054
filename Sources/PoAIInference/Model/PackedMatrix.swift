import CKernels
import PoAIModel

/// A weight matrix in the kernels' layout (docs/spec/numeric.md, section 3.1), owning its memory.
struct PackedMatrix: Sendable {
    let rows: Int
    let columns: Int
    private let quants: AlignedBuffer<UInt8>?
    private let scales: AlignedBuffer<Float>?
    private let minimums: AlignedBuffer<Float>?
    private let floats: AlignedBuffer<Float>?

    /// Groups of 16 rows, the last one padded.
    var groups: Int { Self.groups(rows) }

    /// The view the kernels take; valid while this value lives.
    var view: poai_matrix {
        poai_matrix(
            rows: rows, columns: columns, quants: quants?.base, scales: scales?.base, minimums: minimums?.base,
            floats: floats?.base)
    }

    static func groups(_ rows: Int) -> Int { (rows + Int(POAI_GROUP_ROWS) - 1) / Int(POAI_GROUP_ROWS) }

    /// Repacks a two-dimensional tensor.
    ///
    /// - Throws: `ModelError` for a type the engine does not compute, a row length that is not a multiple of 32, or a
    ///   NaN or infinite scale, minimum or weight.
    init(_ tensor: GGUFTensor, of file: GGUFFile, pool: WorkerPool) throws(ModelError) {
        guard tensor.dimensions.count == 2, tensor.dimensions[0] % Int(POAI_BLOCK) == 0 else {
            throw .unsupportedShape(tensor: tensor.name, dimensions: tensor.dimensions)
        }
        columns = tensor.dimensions[0]
        rows = tensor.dimensions[1]
        let padded = Self.groups(rows) * Int(POAI_GROUP_ROWS)
        let cells = padded * columns
        let blocks = cells / Int(POAI_BLOCK)
        let quantized = tensor.type == .q4_0 || tensor.type == .q4_1 || tensor.type == .q8_0
        guard quantized || tensor.type == .f16 || tensor.type == .f32 else {
            throw .unsupportedTensorType(tensor: tensor.name, type: "\(tensor.type)")
        }
        quants = quantized ? AlignedBuffer(count: cells) : nil
        scales = quantized ? AlignedBuffer(count: blocks) : nil
        minimums = quantized && tensor.type != .q8_0 ? AlignedBuffer(count: blocks) : nil
        floats = quantized ? nil : AlignedBuffer(count: cells)
        guard try repack(tensor, of: file, pool: pool) else { throw .notFinite(tensor: tensor.name) }
    }

    /// Fills the buffers; false when a number is not finite.
    private func repack(_ tensor: GGUFTensor, of file: GGUFFile, pool: WorkerPool) throws(ModelError) -> Bool {
        guard let source = file.bytes(of: tensor).baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            throw .unsupportedShape(tensor: tensor.name, dimensions: tensor.dimensions)
        }
        let perChunk = 16
        let chunkCount = (groups + perChunk - 1) / perChunk
        let faults = AlignedBuffer<Int32>(count: chunkCount)
        pool.run(chunkCount) { chunk in
            let begin = chunk * perChunk
            let end = min(begin + perChunk, groups)
            faults.base[chunk] = repackGroups(begin, end, source, tensor.type)
        }
        return (0..<chunkCount).allSatisfy { faults.base[$0] == 0 }
    }

    private func repackGroups(_ begin: Int, _ end: Int, _ source: UnsafePointer<UInt8>, _ type: GGMLType) -> Int32 {
        switch (type, quants?.base, scales?.base, minimums?.base, floats?.base) {
        case (.q4_0, let quants?, let scales?, let minimums?, _):
            poai_repack_q4_0(source, rows, columns, begin, end, quants, scales, minimums)
        case (.q4_1, let quants?, let scales?, let minimums?, _):
            poai_repack_q4_1(source, rows, columns, begin, end, quants, scales, minimums)
        case (.q8_0, let quants?, let scales?, _, _):
            poai_repack_q8_0(source, rows, columns, begin, end, quants, scales)
        case (.f16, _, _, _, let floats?): poai_repack_f16(source, rows, columns, begin, end, floats)
        case (.f32, _, _, _, let floats?): poai_repack_f32(source, rows, columns, begin, end, floats)
        default: 1
        }
    }
}
