import Foundation
import PoAIPrimitives

/// Small files that hold secrets: written once, read whole.
public enum SecretFile {
    /// Makes a new file, on disk when this returns. On an error nothing is left behind.
    ///
    /// - Throws: `.exists` when there is something of that name; `.system` for what the operating system refuses.
    public static func create(_ path: String, mode: mode_t = 0o600, _ bytes: [UInt8]) throws(KeyFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? .exists(path: path) : .system(path: path, operation: "create", code: errno)
        }
        defer { close(descriptor) }
        guard let code = write(bytes, to: descriptor) else { return }
        unlink(path)
        throw .system(path: path, operation: "write", code: code)
    }

    /// All bytes of a file.
    ///
    /// - Throws: `.system`; `.tooLong` for more than `limit` bytes.
    public static func read(_ path: String, limit: Int) throws(KeyFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, operation: "open", code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path: path, operation: "read", code: errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
        throw .tooLong(path: path, limit: limit)
    }

    /// A private key: 64 hex digits, with or without `0x` and space around them, as `generate-key --save` writes it.
    ///
    /// - Throws: `.noKey`, which shows nothing of the file, and what `read` throws.
    public static func readKey(_ path: String) throws(KeyFileError) -> PrivateKey {
        let text = String(decoding: try read(path, limit: 1024), as: UTF8.self)
        guard let key = PrivateKey(text: text) else { throw .noKey(path: path) }
        return key
    }

    /// Nil, or the errno that stopped it.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? EIO : errno }
            done += count
        }
        return fsync(descriptor) == 0 ? nil : errno
    }
}

extension PrivateKey {
    /// 64 hex digits, with or without `0x` and space around them, of a number in the range of private keys; nil for
    /// anything else.
    public init?(text: String) {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard let bytes = try? Hex.decode(trimmed), let key = try? PrivateKey(bytes: bytes) else { return nil }
        self = key
    }
}
