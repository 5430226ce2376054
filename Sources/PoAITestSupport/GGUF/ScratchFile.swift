#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file in the system's temporary folder that disappears with the object.
public final class ScratchFile: Sendable {
    /// Where it is.
    public let path: String

    /// Writes `bytes` to a new file.
    public init(_ bytes: [UInt8]) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/poai-test-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        precondition(descriptor >= 0, "no temporary file in \(folder): errno \(errno)")
        path = template.withUnsafeBytes { String(decoding: $0.dropLast(), as: UTF8.self) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            precondition(written > 0, "cannot write \(path): errno \(errno)")
            rest = rest.dropFirst(written)
        }
        close(descriptor)
    }

    deinit { unlink(path) }
}
