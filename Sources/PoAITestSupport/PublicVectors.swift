import Foundation

/// Public conformance data, which is not part of the repository: the folder named by the environment variable
/// POAI_VECTORS, by default `../shared/vectors` from the package root. It holds `ethereum.tar.xz`, or what that unpacks to.
public enum PublicVectors {
    /// The unpacked Ethereum vectors, nil when there are none; then one line on standard output says so.
    public static let ethereum: URL? = {
        let folder =
            ProcessInfo.processInfo.environment["POAI_VECTORS"].map { URL(filePath: $0) }
            ?? PackageRoot.url.deletingLastPathComponent().appending(path: "shared/vectors")
        if isFolder(folder.appending(path: "ethereum-tests")) { return folder }
        let archive = folder.appending(path: "ethereum.tar.xz").resolvingSymlinksInPath()
        if FileManager.default.fileExists(atPath: archive.path), let unpacked = unpack(archive) { return unpacked }
        print("SKIPPED: tests with public Ethereum vectors; no \(archive.path) (set POAI_VECTORS to their folder)")
        return nil
    }()

    /// Whether the Ethereum vectors are there: the condition for tests that read them.
    public static var hasEthereum: Bool { ethereum != nil }

    /// The parsed JSON file at `path` below the Ethereum vectors, as JSONSerialization gives it.
    /// - Throws: `VectorError` when it is missing; the parser's error when it is not JSON.
    public static func json(_ path: String) throws -> Any {
        guard let url = ethereum?.appending(path: path), FileManager.default.fileExists(atPath: url.path) else {
            throw VectorError.missing(path)
        }
        return try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    }

    /// Unpacks into a cache outside of the checkout, once per archive. Concurrent runs may both unpack; one wins the
    /// rename, and the content is the same.
    private static func unpack(_ archive: URL) -> URL? {
        let manager = FileManager.default
        guard let attributes = try? manager.attributesOfItem(atPath: archive.path),
            let size = attributes[.size] as? Int, let date = attributes[.modificationDate] as? Date
        else { return nil }
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["POAI_VECTORS_CACHE"].map { URL(filePath: $0) }
            ?? environment["XDG_CACHE_HOME"].map { URL(filePath: $0).appending(path: "poai-vectors") }
            ?? manager.homeDirectoryForCurrentUser.appending(path: ".cache/poai-vectors")
        let target = cache.appending(path: "ethereum-\(size)-\(Int(date.timeIntervalSince1970))")
        if isFolder(target) { return target }
        let partial = cache.appending(path: "partial-\(UUID().uuidString)")
        guard (try? manager.createDirectory(at: partial, withIntermediateDirectories: true)) != nil else { return nil }
        let tar = Process()
        tar.executableURL = URL(filePath: "/usr/bin/env")
        tar.arguments = ["tar", "-xJf", archive.path, "-C", partial.path]
        guard (try? tar.run()) != nil else { return nil }
        tar.waitUntilExit()
        guard tar.terminationStatus == 0 else {
            try? manager.removeItem(at: partial)
            return nil
        }
        if (try? manager.moveItem(at: partial, to: target)) == nil { try? manager.removeItem(at: partial) }
        return isFolder(target) ? target : nil
    }

    private static func isFolder(_ url: URL) -> Bool {
        var folder: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &folder) && folder.boolValue
    }
}

/// A vector file that should be there is not, or does not have the expected form.
public enum VectorError: Error, Equatable {
    /// No such file.
    case missing(String)
    /// Another form than expected; names what.
    case malformed(String)
}
