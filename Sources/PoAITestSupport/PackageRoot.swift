import Foundation

/// Where this checkout is, for tests that read files of the repository.
public enum PackageRoot {
    /// The folder with Package.swift.
    public static let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The file or folder at `path` below the package root.
    public static func file(_ path: String) -> URL { url.appending(path: path) }

    /// Lines of the committed vector file `Tests/Vectors/<name>`, without comments (#) and empty lines.
    public static func vectorLines(_ name: String) throws -> [String] {
        try String(contentsOf: file("Tests/Vectors/\(name)"), encoding: .utf8)
            .split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }
}
