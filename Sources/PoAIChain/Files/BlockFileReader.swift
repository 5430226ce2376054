import PoAIPrimitives
import PoAITypes

#if canImport(Glibc)
    import Glibc
#endif

/// Reads a file of blocks, their RLP one after another, with bounded memory.
package struct BlockFileReader: ~Copyable {
    /// Largest block read, in bytes.
    package static let blockLimit = 16 << 20
    private static let chunk = 1 << 16

    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var position = 0
    private var reachedEnd = false
    /// Place of the next block in the file.
    package private(set) var offset: UInt64 = 0
    /// Number of the last block read.
    private var lastNumber: UInt64?

    package init(path: String) throws(BlockFileError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, operation: "open", code: errno) }
    }

    deinit { close(descriptor) }

    /// The next block and its place; nil at the end of the file.
    package mutating func next() throws(BlockFileError) -> (block: Block, offset: UInt64)? {
        try fill(atLeast: 9)
        if position == buffer.count { return nil }
        let length = try length()
        guard length <= Self.blockLimit else {
            throw .tooLarge(path: path, offset: offset, bytes: length, limit: Self.blockLimit)
        }
        try fill(atLeast: length)
        guard buffer.count - position >= length else {
            throw .truncated(
                path: path, offset: offset, after: lastNumber, missing: length - (buffer.count - position))
        }
        let block: Block
        do throws(BlockDecodingError) {
            block = try Block(rlp: Array(buffer[position..<position + length]))
        } catch {
            throw .notABlock(path: path, offset: offset, after: lastNumber, detail: error.description)
        }
        let place = offset
        position += length
        offset += UInt64(length)
        lastNumber = block.header.number
        return (block, place)
    }

    private func length() throws(BlockFileError) -> Int {
        do throws(RLPError) {
            if let length = try RLP.itemLength(prefix: buffer[position...].prefix(9)) { return length }
        } catch {
            throw .notABlock(path: path, offset: offset, after: lastNumber, detail: error.description)
        }
        throw .truncated(path: path, offset: offset, after: lastNumber, missing: nil)
    }

    /// Reads on until `count` bytes are there or the file ends.
    private mutating func fill(atLeast count: Int) throws(BlockFileError) {
        if buffer.count - position >= count || reachedEnd { return }
        buffer.removeFirst(position)
        position = 0
        while buffer.count < count, !reachedEnd {
            var chunk = [UInt8](repeating: 0, count: Self.chunk)
            let got = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .system(path: path, operation: "read", code: errno) }
            reachedEnd = got == 0
            buffer.append(contentsOf: chunk[..<got])
        }
    }
}
