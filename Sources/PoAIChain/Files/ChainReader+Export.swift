import PoAIPrimitives
import PoAIStorage

#if canImport(Glibc)
    import Glibc
#endif

extension ChainReader {
    /// Writes canonical blocks to a new file, their RLP one after another, in the form `Blockchain.importFile` reads. The
    /// file appears under its name when it is complete.
    ///
    /// - Parameters:
    ///   - from: first height; block 0 follows from the spec and need not be exported.
    ///   - to: last height; nil for the head.
    ///   - progress: called now and then with the number of blocks written.
    /// - Returns: how many blocks were written.
    /// - Throws: `ChainError.file` when the file exists or cannot be written, `.storage(.pruned)` when bodies are gone.
    public func export(
        path: String, from: UInt64 = 1, to: UInt64? = nil, progress: (UInt64) -> Void = { _ in }
    ) throws(ChainError) -> UInt64 {
        guard access(path, F_OK) != 0 else { throw .file(.exists(path: path)) }
        let partial = path + ".part"
        let writer: BlockFileWriter
        do throws(BlockFileError) { writer = try BlockFileWriter(path: partial) } catch { throw .file(error) }
        do throws(ChainError) {
            let count = try write(to: writer, from: from, to: to, progress)
            guard rename(partial, path) == 0 else {
                throw .file(.system(path: path, operation: "rename", code: errno))
            }
            return count
        } catch {
            unlink(partial)
            throw error
        }
    }

    private func write(
        to writer: BlockFileWriter, from: UInt64, to: UInt64?, _ progress: (UInt64) -> Void
    ) throws(ChainError) -> UInt64 {
        var failure: ChainError?
        let written = try read { (snapshot) throws(StorageError) -> UInt64 in
            let head = try snapshot.requireHeader(try ChainTables.head(in: snapshot)).number
            let last = to ?? head
            guard from <= last, last <= head else {
                failure = .noBlock(height: max(from, last), head: head)
                return 0
            }
            for height in from...last {
                let block = try snapshot.requireBlock(try snapshot.requireCanonical(height))
                do throws(BlockFileError) { try writer.append(block.rlpEncoded()) } catch {
                    failure = .file(error)
                    return 0
                }
                if height % 1000 == 0 { progress(height - from + 1) }
            }
            return last - from + 1
        }
        if let failure { throw failure }
        do throws(BlockFileError) { try writer.finish() } catch { throw .file(error) }
        return written
    }
}

/// Writes a new file through a buffer.
final class BlockFileWriter {
    private let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(path: String) throws(BlockFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(path: path, operation: "create", code: errno) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    func append(_ bytes: [UInt8]) throws(BlockFileError) {
        buffer += bytes
        if buffer.count >= 1 << 18 { try flush() }
    }

    /// Everything is on disk when this returns.
    func finish() throws(BlockFileError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw .system(path: path, operation: "sync", code: errno) }
    }

    private func flush() throws(BlockFileError) {
        var done = 0
        while done < buffer.count {
            let put = buffer.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done) }
            if put < 0, errno == EINTR { continue }
            guard put >= 0 else { throw .system(path: path, operation: "write", code: errno) }
            done += put
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
