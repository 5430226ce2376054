import Foundation

/// A file in the system's temporary folder that disappears with this object.
public final class ScratchFile: Sendable {
    /// Where it is.
    public let path = TemporaryDirectory.newPath().path

    /// Writes `bytes` to a new file.
    public init(_ bytes: [UInt8]) {
        precondition(TestFile.write(bytes, to: path), "cannot write \(path): errno \(errno)")
    }

    deinit { unlink(path) }
}
