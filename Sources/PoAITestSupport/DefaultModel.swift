import Foundation

/// The default model's file, for tests of the real thing: `POAI_MODEL`, else what `scripts/start_mining.sh` fetches.
public enum DefaultModel {
    /// Where it is, or would be.
    public static let path =
        ProcessInfo.processInfo.environment["POAI_MODEL"]
        ?? PackageRoot.file("models/SmolLM2-135M-Instruct.Q4_1.gguf").path

    /// Whether it is there; says so once when it is not, as tests that need it are skipped then.
    public static let isThere: Bool = {
        let isThere = FileManager.default.fileExists(atPath: path)
        if !isThere { print("SKIPPED: tests of the real model, as \(path) is missing (set POAI_MODEL)") }
        return isThere
    }()
}
