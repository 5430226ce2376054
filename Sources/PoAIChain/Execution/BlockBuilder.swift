import PoAIConsensus
import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// What executing a block gives.
struct BlockOutcome {
    let change: StateChange
    /// What takes it back.
    let inverse: StateChange
    let stateRoot: Hash32
    let receipts: [Receipt]
    let gasUsed: UInt64

    var receiptsRoot: Hash32 { OrderedTrie.root(of: receipts) }

    var logsBloom: LogsBloom {
        var bloom = LogsBloom.zero
        for receipt in receipts { for log in receipt.logs { bloom.add(log) } }
        return bloom
    }
}

/// Executes transactions one after another on the parent's state: those of a given block, or those that a miner chooses.
struct BlockBuilder<Source: StateSource, Ancestors: AncestorHashes>: ~Copyable {
    private let parent: ParentState<Source, Ancestors>
    private var executor: BlockExecutor<ExecutionView<Source, Ancestors>>
    private var receipts: [Receipt] = []

    /// Begins a block after `parent`.
    init(on parent: ParentState<Source, Ancestors>, environment: BlockEnvironment) {
        self.parent = parent
        executor = BlockExecutor(view: parent.view, environment: environment)
    }

    /// Gas that is left for transactions.
    var gasLeft: UInt64 { executor.gasLeft }

    /// Executes a transaction as the next of the block.
    /// - Returns: why it must not be there; then nothing changed.
    mutating func append(_ transaction: RecoveredTransaction) throws(StorageError) -> ExecutionFault<StorageError>? {
        do throws(ExecutionFault<StorageError>) {
            let result = try executor.execute(transaction)
            receipts.append(
                Receipt(
                    kind: transaction.fields.kind, succeeded: result.succeeded, cumulativeGasUsed: executor.gasUsed,
                    logs: result.logs))
            return nil
        } catch {
            if case .view(let failure) = error { throw failure }
            return error
        }
    }

    /// Pays the subsidy and computes the roots.
    consuming func finish(spec: ChainSpec) throws(StorageError) -> BlockOutcome {
        let subsidy = Subsidy.wei(at: executor.environment.number, spec: spec)
        let diff: StateDiff
        do throws(ExecutionFault<StorageError>) {
            if !subsidy.isZero { try executor.credit(executor.environment.miner, subsidy) }
            diff = try executor.diff()
        } catch {
            if case .view(let failure) = error { throw failure }
            throw .misuse("paying the subsidy: \(error)")
        }
        let applied = try StateChange.applying(diff, on: parent.source, root: parent.header.stateRoot)
        return BlockOutcome(
            change: applied.change, inverse: applied.inverse, stateRoot: applied.root, receipts: receipts,
            gasUsed: executor.gasUsed)
    }
}
