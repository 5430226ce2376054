import PoAIModel

/// What `model inspect` says of a file. Shape fields are absent for an architecture that this program does not compute.
struct ModelReport: Encodable {
    struct Tensor: Encodable {
        var name: String
        var type: String
        var dimensions: [Int]
        var bytes: Int
    }

    struct Shape: Encodable {
        var layers, width, feedForward, heads, kvHeads, headSize, vocabulary, contextLength: Int
        var ropeBase: Float
        var rmsEpsilon: Float
        var tiedEmbeddings: Bool
    }

    var path: String
    var bytes: Int
    var sha256: String
    var metadata: [String: String]
    var tensors: [Tensor]
    var parameters: Int
    var shape: Shape?
    /// Why there is no shape: what of the model the exact engine cannot compute.
    var unsupported: String?

    init(_ file: GGUFFile, sha256: String) {
        path = file.path
        bytes = file.fileSize
        self.sha256 = sha256
        metadata = [:]
        for key in file.metadata.keys { metadata[key] = file.metadata.value(key).map(Self.text) }
        tensors = file.tensors.map {
            Tensor(name: $0.name, type: "\($0.type)", dimensions: $0.dimensions, bytes: $0.byteCount)
        }
        parameters = file.tensors.reduce(0) { $0 + $1.elementCount }
        do throws(GGUFError) {
            let config = try LlamaConfig(gguf: file)
            shape = Shape(
                layers: config.layers, width: config.width, feedForward: config.feedForward, heads: config.heads,
                kvHeads: config.kvHeads, headSize: config.headSize, vocabulary: config.vocabulary,
                contextLength: config.contextLength, ropeBase: config.ropeBase, rmsEpsilon: config.rmsEpsilon,
                tiedEmbeddings: config.tiedEmbeddings)
        } catch {
            unsupported = "\(error)"
        }
    }

    /// The report for people.
    var lines: [String] {
        var lines = [
            "File        \(path), \(bytes) bytes", "SHA-256     \(sha256)",
            "Parameters  \(parameters) in \(tensors.count) tensors: \(typeCounts)",
        ]
        if let shape {
            lines += [
                "Shape       \(shape.layers) layers, width \(shape.width), feed-forward \(shape.feedForward), "
                    + "\(shape.heads) heads (\(shape.kvHeads) for keys and values) of \(shape.headSize)",
                "            vocabulary \(shape.vocabulary), context \(shape.contextLength), "
                    + "RoPE base \(shape.ropeBase), "
                    + (shape.tiedEmbeddings ? "output tied to the embedding" : "output of its own"),
            ]
        }
        if let unsupported { lines.append("Unusable    \(unsupported)") }
        lines += ["", "Metadata"] + metadata.sorted { $0.key < $1.key }.map { "  \($0.key) = \(Self.short($0.value))" }
        return lines + ["", "Tensors"]
            + tensors.map { "  \($0.name)  \($0.type) \($0.dimensions), \($0.bytes) bytes" }
    }

    private var typeCounts: String {
        var counts: [String: Int] = [:]
        for tensor in tensors { counts[tensor.type, default: 0] += 1 }
        return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }

    private static func text(_ value: GGUFValue) -> String {
        switch value {
        case .unsigned(let number): "\(number)"
        case .signed(let number): "\(number)"
        case .float(let number): "\(number)"
        case .double(let number): "\(number)"
        case .bool(let flag): "\(flag)"
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .array(let array): "\(array.count) values of type \(array.elementType)"
        }
    }

    /// At most 100 printable characters, on one line: the text is a stranger's.
    private static func short(_ text: String) -> String {
        let printable = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }
        return printable.count > 100 ? printable.prefix(100).joined() + "..." : printable.joined()
    }
}
