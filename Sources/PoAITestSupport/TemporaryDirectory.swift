import Foundation

/// A new empty folder that is removed with everything in it when this object goes.
public final class TemporaryDirectory: Sendable {
    /// The folder.
    public let url: URL

    /// Makes the folder.
    public init() throws {
        url = Self.newPath()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A path in the system's temporary folder that nothing else has.
    static func newPath() -> URL {
        FileManager.default.temporaryDirectory.appending(path: "poai-test-\(UUID().uuidString)")
    }

    /// The path of the folder.
    public var path: String { url.path }

    /// The path of `name` in the folder; nothing is created.
    public func path(_ name: String) -> String { url.appending(path: name).path }
}
