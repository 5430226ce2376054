import Crypto
import Foundation
import PoAIPrimitives

/// SHA-256 of a file, read in pieces.
public enum FileDigest {
    /// 64 lower-case hex digits, or nil when there is no file at `path`.
    public static func sha256(of path: String) throws(ModelFetchError) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .system(path: path, operation: "open", code: errno)
        }
        defer { close(descriptor) }
        var hasher = SHA256()
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { piece.deallocate() }
        while true {
            let count = read(descriptor, piece.baseAddress, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(path: path, operation: "read", code: errno) }
            if count == 0 { break }
            hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: piece[..<count]))
        }
        return Hex.encode(Array(hasher.finalize()))
    }
}
