/// A GGUF version 3 file, mapped into memory. Opening it reads the header, metadata and tensor list only; nothing of it is
/// believed before it is checked: counts, lengths, types, alignment, names, sizes, the end of the file, overlap.
///
/// Source: the GGUF specification in ggml's `docs/gguf.md`.
public final class GGUFFile: Sendable {
    /// The path as given.
    public let path: String
    /// The key-value part.
    public let metadata: GGUFMetadata
    /// The tensors in file order.
    public let tensors: [GGUFTensor]
    /// Alignment of tensor offsets in bytes: `general.alignment`, or 32.
    public let alignment: Int
    /// Byte of the file at which tensor offsets start.
    public let dataOffset: Int

    private let indexByName: [String: Int]
    private let file: MappedFile

    static let magic: [UInt8] = Array("GGUF".utf8)
    static let version: UInt32 = 3
    static let maximumTensors: UInt64 = 65_536

    /// Maps and checks the file at `path`. Typical cost: a millisecond for a vocabulary of 49,152 tokens.
    public init(path: String) throws(GGUFError) {
        let file = try MappedFile(path: path)
        var cursor = GGUFCursor(file)
        let tensorCount = try Self.readHeader(&cursor)
        let entryCount = try cursor.integer(UInt64.self, "number of metadata entries")

        metadata = try GGUFMetadata(reading: entryCount, from: &cursor)
        alignment = try Self.alignment(metadata, file)
        tensors = try Self.readTensors(tensorCount, &cursor, alignment: alignment)
        dataOffset = try Self.place(tensors, after: cursor, alignment: alignment)

        var index: [String: Int] = [:]
        for (position, tensor) in tensors.enumerated() {
            guard index.updateValue(position, forKey: tensor.name) == nil else {
                throw file.error(.duplicate(thing: "tensor", name: tensor.name))
            }
        }
        indexByName = index
        self.path = path
        self.file = file
    }

    /// Length of the file in bytes.
    public var fileSize: Int { file.size }

    /// The tensor of that name, or nil.
    public func tensor(named name: String) -> GGUFTensor? { indexByName[name].map { tensors[$0] } }

    /// The bytes of one of this file's tensors. They are valid while this object lives: hold it, for instance with
    /// `withExtendedLifetime`, for as long as the pointer is used. A tensor of another file gives an empty buffer.
    public func bytes(of tensor: GGUFTensor) -> UnsafeRawBufferPointer {
        guard self.tensor(named: tensor.name) == tensor else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = dataOffset + tensor.offset
        return UnsafeRawBufferPointer(rebasing: file.bytes[start..<(start + tensor.byteCount)])
    }

    /// All bytes of the file, for hashing it; valid while this object lives.
    public var bytes: UnsafeRawBufferPointer { file.bytes }

    /// Lets the system drop the file's resident pages, for when the weights have been repacked elsewhere. Later reads work and
    /// fetch the pages again.
    public func adviseDontNeed() { file.adviseDontNeed() }

    /// An error about this file, for checks of its meaning done elsewhere.
    public func error(_ fault: GGUFError.Fault) -> GGUFError { file.error(fault) }
}

extension GGUFFile {
    /// Magic, version and number of tensors.
    private static func readHeader(_ cursor: inout GGUFCursor) throws(GGUFError) -> UInt64 {
        let file = cursor.file
        let magic = [UInt8](try cursor.take(4, "magic"))
        guard magic == Self.magic else { throw file.error(.badMagic(got: magic)) }
        let version = try cursor.integer(UInt32.self, "version")
        guard version == Self.version else {
            throw file.error(version.byteSwapped <= 0xFFFF ? .bigEndian : .unsupportedVersion(got: version))
        }
        let count = try cursor.integer(UInt64.self, "number of tensors")
        guard count <= maximumTensors else {
            throw file.error(
                .outOfRange(thing: "number of tensors", got: count, expected: "at most \(maximumTensors)"))
        }
        return count
    }

    private static func alignment(_ metadata: GGUFMetadata, _ file: MappedFile) throws(GGUFError) -> Int {
        let key = "general.alignment"
        let value = try metadata.unsignedIfPresent(key) ?? 32
        guard (8...1_048_576).contains(value), value.nonzeroBitCount == 1 else {
            throw file.error(.badValue(key: key, got: "\(value)", expected: "a power of two from 8 to 1048576"))
        }
        return Int(value)
    }

    private static func readTensors(
        _ count: UInt64, _ cursor: inout GGUFCursor, alignment: Int
    ) throws(GGUFError) -> [GGUFTensor] {
        var result: [GGUFTensor] = []
        for _ in 0..<count { result.append(try GGUFTensor(reading: &cursor, alignment: alignment)) }
        return result
    }

    /// Finds the start of the tensor data; checks that all tensors end within the file and that none overlap.
    private static func place(
        _ tensors: [GGUFTensor], after cursor: GGUFCursor, alignment: Int
    ) throws(GGUFError) -> Int {
        let file = cursor.file
        let padding = (alignment - cursor.offset % alignment) % alignment
        let start = tensors.isEmpty ? min(cursor.offset + padding, file.size) : cursor.offset + padding
        let room = file.size - start
        var previous: GGUFTensor?
        for tensor in tensors.sorted(by: { ($0.offset, $0.name) < ($1.offset, $1.name) }) {
            guard tensor.offset <= room, tensor.byteCount <= room - tensor.offset else {
                let has = UInt64(max(0, room - min(room, tensor.offset)))
                throw file.error(
                    .truncated(
                        thing: "tensor \(tensor.name)", offset: start, needs: UInt64(tensor.byteCount), has: has))
            }
            if let previous, previous.offset + previous.byteCount > tensor.offset {
                throw file.error(.overlap(tensor: previous.name, with: tensor.name))
            }
            previous = tensor
        }
        return start
    }
}
