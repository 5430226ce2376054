import PoAIEVM
import PoAIPrimitives
import PoAITypes

/// One test: a state, a block, a transaction with choices, and what each choice leads to.
struct StateTest {
    private let state: StateTestState
    private let environment: BlockEnvironment
    private let transaction: StateTestTransaction
    /// The post states of the fork, nil if the test has none.
    let posts: [StateTestField]?

    init(_ field: StateTestField, fork: StateTestFork) throws(StateTestError) {
        posts = try field.field("post").optional(fork.rawValue)?.items()
        state = try StateTestState(field.field("pre"))
        environment = try Self.environment(field.field("env"))
        transaction = try StateTestTransaction(field.field("transaction"))
    }

    private static func environment(_ field: StateTestField) throws(StateTestError) -> BlockEnvironment {
        // Blocks before the merge have no random value: those tests are for earlier forks.
        let random = try field.optional("currentRandom")?.word() ?? .zero
        return BlockEnvironment(
            number: try field.field("currentNumber").number(), timestamp: try field.field("currentTimestamp").number(),
            miner: try field.field("currentCoinbase").address(), gasLimit: try field.field("currentGasLimit").number(),
            baseFee: try field.optional("currentBaseFee")?.word() ?? .zero, prevRandao: random.bigEndianHash,
            chainID: 1)
    }

    /// How a case went.
    enum Outcome {
        case passed
        case skipped(StateTestSkip)
        /// Says what is not as it should be.
        case failed(String)
    }

    /// Runs one post state. `file` is the path of the test's file.
    func run(_ post: StateTestField, file: String) throws(StateTestError) -> Outcome {
        let choice = try StateTestChoice(post.field("indexes"))
        if let skip = try StateTestSkip.of(transaction, data: transaction.data(choice), file: file) {
            return .skipped(skip)
        }
        return try compare(post, choice).map { .failed($0) } ?? .passed
    }

    /// - Returns: nil if all is as the test says, else what is not.
    private func compare(_ post: StateTestField, _ choice: StateTestChoice) throws(StateTestError) -> String? {
        let expected = try post.optional("expectException")?.text()
        var after = state
        var logs: [Log] = []
        switch try execute(choice, encoded: post.optional("txbytes")?.bytes()) {
        case .failure(let rejection):
            guard let expected else { return "the transaction was refused: \(rejection)" }
            guard rejection.isExpected(expected) else { return "expected \(expected), refused with: \(rejection)" }
        case .success(let (diff, found)):
            if let expected { return "expected \(expected), but the transaction was executed" }
            after.apply(diff)
            logs = found
        }
        return try compare(after.root, logs, with: post)
    }

    private func execute(
        _ choice: StateTestChoice, encoded: [UInt8]?
    ) throws(StateTestError) -> Result<(StateDiff, [Log]), StateTestRejection> {
        let chosen: RecoveredTransaction
        switch try transaction.choose(choice, encoded: encoded) {
        case .failure(let rejection): return .failure(rejection)
        case .success(let transaction): chosen = transaction
        }
        do throws(ExecutionFault<Never>) {
            var executor = BlockExecutor(view: state, environment: environment)
            let result = try executor.execute(chosen)
            return .success((try executor.diff(), result.logs))
        } catch {
            return .failure(StateTestRejection(error))
        }
    }

    private func compare(
        _ root: Hash32, _ logs: [Log], with post: StateTestField
    ) throws(StateTestError) -> String? {
        let expectedRoot = try post.field("hash").hash()
        if root != expectedRoot { return "state root \(root), expected \(expectedRoot)" }
        let logsHash = Keccak256.hash(RLP.encode(.list(logs.map(\.rlpItem))))
        let expectedLogs = try post.field("logs").hash()
        return logsHash == expectedLogs ? nil : "logs hash \(logsHash), expected \(expectedLogs)"
    }
}

/// A set of rules that tests are for.
public enum StateTestFork: String, Sendable, CaseIterable {
    /// The rules of this chain, without blobs.
    case cancun = "Cancun"
}
