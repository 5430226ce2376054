import Foundation

/// Why the file of a peer book is not read or written.
public struct PeerBookFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The call that the operating system refused.
    public let call: String
    /// Its error number.
    public let code: Int32
    /// The file.
    public let path: String

    /// Puts the parts together.
    public init(call: String, code: Int32, path: String) { (self.call, self.code, self.path) = (call, code, path) }

    /// One line for a person.
    public var description: String { "\(path): \(call): \(String(cString: strerror(code)))" }
}

/// The file that keeps a peer book.
public struct PeerBookFile: Hashable, Sendable {
    /// Where it is.
    public let path: String
    /// Bounds of the book.
    public let limits: PeerBook.Limits

    /// The file at `path`, in a folder that exists.
    public init(path: String, limits: PeerBook.Limits = PeerBook.Limits()) {
        (self.path, self.limits) = (path, limits)
    }

    /// The book; an empty one when there is no file. A damaged file is renamed to end in `.damaged` and the book is empty
    /// too; then `report` is told in one line.
    /// - Throws: `PeerBookFileError`.
    public func load(report: (String) -> Void) throws(PeerBookFileError) -> PeerBook {
        guard let bytes = try read() else { return PeerBook(limits: limits) }
        do throws(PeerBookError) { return try PeerBook(text: bytes, limits: limits) } catch {
            let aside = path + ".damaged"
            guard rename(path, aside) == 0 else { throw failure("rename") }
            report("\(path) is damaged (\(error)); it is now \(aside), and known peers are collected anew")
            return PeerBook(limits: limits)
        }
    }

    /// Writes the book; a crash leaves the old file or the new one.
    /// - Throws: `PeerBookFileError`; then the old file is still there.
    public func save(_ book: PeerBook) throws(PeerBookFileError) {
        let temporary = path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("open") }
        do throws(PeerBookFileError) {
            defer { close(file) }
            try write(Array(book.text.utf8), to: file)
            guard fsync(file) == 0 else { throw failure("fsync") }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else { throw failure("rename") }
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("open") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("fsync") }
    }

    private func read() throws(PeerBookFileError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("open")
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        // One byte too many is enough to see that the file is too long.
        while bytes.count <= PeerBook.maximumLength {
            let count = Foundation.read(file, &part, part.count)
            guard count >= 0 else {
                if errno == EINTR { continue }
                throw failure("read")
            }
            guard count > 0 else { break }
            bytes += part.prefix(count)
        }
        return bytes
    }

    private func write(_ bytes: [UInt8], to file: Int32) throws(PeerBookFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                if count < 0, errno == EINTR { continue }
                throw failure("write")
            }
            rest = rest.dropFirst(count)
        }
    }

    private func failure(_ call: String) -> PeerBookFileError { PeerBookFileError(call: call, code: errno, path: path) }
}
