/// What is not run, and why. Everything else must pass.
public enum StateTestSkip: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The transaction is of type 3.
    case blobTransaction
    /// The case is about the contract at address 10, or calls it on the way.
    case pointEvaluation

    /// Why.
    public var description: String {
        switch self {
        case .blobTransaction: "a blob transaction (EIP-4844), which this chain does not have"
        case .pointEvaluation: "needs the point evaluation contract at address 10 (EIP-4844), which this chain lacks"
        }
    }

    /// - Parameters:
    ///   - data: what the case gives the transaction as data.
    ///   - file: the path of its file.
    static func of(_ transaction: StateTestTransaction, data: [UInt8], file: String) -> StateTestSkip? {
        if transaction.hasBlobs { return .blobTransaction }
        if pointEvaluationFiles.contains(where: { file.hasSuffix($0) }) { return .pointEvaluation }
        // The first argument of each case is the precompiled contract that it accesses.
        let isAboutTen = data.dropFirst(4).prefix(32).elementsEqual([UInt8](repeating: 0, count: 31) + [10])
        return isAboutTen && filesOfAllAddresses.contains { file.hasSuffix($0) } ? .pointEvaluation : nil
    }

    private static let filesOfAllAddresses = [
        "/stPreCompiledContracts/idPrecomps.json", "/stPreCompiledContracts/precompsEIP2929Cancun.json",
    ]

    private static let pointEvaluationFiles = [
        "/eip4844_blobs/invalid_precompile_calls.json",
        "/eip4844_blobs/point_evaluation_precompile_calls.json",
        "/eip4844_blobs/point_evaluation_precompile_external_vectors.json",
        "/eip4844_blobs/point_evaluation_precompile_gas_tx_to.json",
        "/eip4844_blobs/point_evaluation_precompile_gas_usage.json",
        "/eip4844_blobs/valid_precompile_calls.json",
        // Calls the addresses 0 to 699; that at 10 counts as accessed from the begin in Cancun.
        "/stSpecialTest/failed_tx_xcf416c53_Paris.json",
    ]
}
