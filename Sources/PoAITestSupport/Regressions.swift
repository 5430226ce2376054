import Foundation

/// Inputs that fuzzing once found to break something (scripts/fuzz.sh): `Tests/Fixtures/<module>/regressions/<target>-...`.
public enum Regressions {
    /// Name and bytes of the inputs of a target, in order of their names. Never empty: then the files were not found.
    /// - Throws: `VectorError.missing`, or what reading a file throws.
    public static func inputs(module: String, target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = PackageRoot.file("Tests/Fixtures/\(module)/regressions")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("\(target)-") }
        guard !names.isEmpty else { throw VectorError.missing("\(folder.path)/\(target)-*") }
        return try names.sorted().map { ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0)))) }
    }
}
