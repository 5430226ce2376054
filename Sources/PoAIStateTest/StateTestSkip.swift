/// What is not run, and why. Everything else must pass.
public enum StateTestSkip: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The transaction is of type 3.
    case blobTransaction
    /// The outcome depends on the contract at address 10 or on the price of blobs.
    case blobRules

    /// Why.
    public var description: String {
        switch self {
        case .blobTransaction: "a blob transaction (EIP-4844): this chain has no blobs"
        case .blobRules: "depends on point evaluation or the blob base fee (EIP-4844, EIP-7516): this chain has no blobs"
        }
    }

    /// - Parameters:
    ///   - name: the test's name in its file.
    ///   - file: the file's path.
    static func of(_ test: StateTest, name: String, file: String) -> StateTestSkip? {
        if test.transaction.hasBlobs { return .blobTransaction }
        return blobFiles.contains { file.hasSuffix($0) } ? .blobRules : nil
    }

    private static let blobFiles: [String] = []
}
