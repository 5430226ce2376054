import CKernels
import Crypto
import PoAIModel
import PoAIPrimitives

/// A model's weights, checked and repacked for the exact kernels: immutable, shared by any number of engines.
public final class ExactModel: Sendable {
    /// Shape of the model.
    public let config: LlamaConfig
    /// SHA-256 of the whole file.
    public let sha256: Hash32

    let embedding: PackedMatrix
    /// The output projection; the embedding again when they are tied.
    let output: PackedMatrix
    let outputNorm: AlignedBuffer<Float>
    let layers: [Layer]

    /// Weights of one transformer block.
    struct Layer: Sendable {
        let attentionNorm: AlignedBuffer<Float>
        let query, key, value, attentionOutput: PackedMatrix
        let feedForwardNorm: AlignedBuffer<Float>
        let gate, up, down: PackedMatrix
    }

    /// Hashes, checks and repacks the model in `file`, on `threads` threads. The file's pages are given back to the
    /// system afterwards.
    ///
    /// - Parameter expectedSHA256: the hash the file must have, or nil to take any.
    /// - Throws: `ModelError`, or `GGUFError` when the file is not a llama model with the tensors it should have.
    public init(file: GGUFFile, expectedSHA256: Hash32?, threads: Int) throws {
        sha256 = Self.hash(file)
        if let expectedSHA256, sha256 != expectedSHA256 {
            throw ModelError.wrongHash(path: file.path, got: sha256, expected: expectedSHA256)
        }
        config = try LlamaConfig(gguf: file)
        let size = config.headSize
        guard size >= 16, size & (size - 1) == 0, config.ropeDimensions == size else {
            throw ModelError.unsupportedHeadSize(got: size)
        }
        let loader = TensorLoader(file: file, pool: WorkerPool(threads: threads))
        embedding = try loader.matrix("token_embd.weight")
        output = config.tiedEmbeddings ? embedding : try loader.matrix("output.weight")
        outputNorm = try loader.vector("output_norm.weight")
        layers = try (0..<config.layers).map { try loader.layer($0) }
        file.adviseDontNeed()
    }

    private static func hash(_ file: GGUFFile) -> Hash32 {
        var hasher = SHA256()
        hasher.update(bufferPointer: file.bytes)
        return Hash32(Array(hasher.finalize())) ?? .zero  // a SHA-256 has 32 bytes
    }
}

/// Takes tensors out of a file by name, repacked.
private struct TensorLoader {
    let file: GGUFFile
    let pool: WorkerPool

    func matrix(_ name: String) throws -> PackedMatrix {
        guard let tensor = file.tensor(named: name) else {
            throw ModelError.unsupportedShape(tensor: name, dimensions: [])
        }
        return try PackedMatrix(tensor, of: file, pool: pool)
    }

    /// An F32 tensor of one dimension.
    func vector(_ name: String) throws -> AlignedBuffer<Float> {
        guard let tensor = file.tensor(named: name), tensor.dimensions.count == 1, tensor.type == .f32 else {
            throw ModelError.unsupportedShape(tensor: name, dimensions: file.tensor(named: name)?.dimensions ?? [])
        }
        let buffer = AlignedBuffer<Float>(count: tensor.dimensions[0])
        UnsafeMutableRawBufferPointer(start: buffer.base, count: buffer.count * 4)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: file.bytes(of: tensor).prefix(buffer.count * 4)))
        guard poai_all_finite(buffer.base, buffer.count) != 0 else { throw ModelError.notFinite(tensor: name) }
        return buffer
    }

    func layer(_ index: Int) throws -> ExactModel.Layer {
        let block = "blk.\(index)."
        return ExactModel.Layer(
            attentionNorm: try vector(block + "attn_norm.weight"),
            query: try matrix(block + "attn_q.weight"),
            key: try matrix(block + "attn_k.weight"),
            value: try matrix(block + "attn_v.weight"),
            attentionOutput: try matrix(block + "attn_output.weight"),
            feedForwardNorm: try vector(block + "ffn_norm.weight"),
            gate: try matrix(block + "ffn_gate.weight"),
            up: try matrix(block + "ffn_up.weight"),
            down: try matrix(block + "ffn_down.weight"))
    }
}
