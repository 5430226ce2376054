import PoAIChain
import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Synchronization

/// The pool of waiting transactions of one chain: follows its heads, and offers the miner what may be mined.
public final class NodePool: Sendable {
    /// The pool's rules and content.
    public let mempool: Mempool

    private let chain: Blockchain
    private let changes = Atomic<UInt64>(0)
    private let savedChange = Atomic<UInt64>(0)
    private let subscriptions = Mutex<(heads: HeadSubscription?, pending: PendingSubscription?)>((nil, nil))
    private let report: @Sendable (PoolEvent) -> Void

    /// What people may want to know of the pool.
    public enum PoolEvent: Sendable {
        /// A file from an earlier run was read.
        case loaded(MempoolLoad, path: String)
        /// The file of an earlier run could not be read or written; the node goes on without.
        case fileFailed(JournalError)
        /// The pool could not follow a new head; the next one repairs it.
        case headFailed(String)
    }

    /// An empty pool that follows `chain` from now on.
    public init(
        chain: Blockchain, limits: MempoolLimits = MempoolLimits(),
        report: @escaping @Sendable (PoolEvent) -> Void = { _ in }
    ) {
        self.chain = chain
        self.report = report
        let start = ContinuousClock.now
        mempool = Mempool(
            chainID: chain.spec.chainID, limits: limits, state: HeadAccounts(reader: chain.reader),
            head: Self.next(after: chain.head, spec: chain.spec),
            clock: { UInt64(max(0, (ContinuousClock.now - start).components.seconds)) })
        let heads = chain.subscribe { [weak self] in self?.follow($0) }
        let pending = mempool.subscribe { [weak self] _ in self?.changed() }
        subscriptions.withLock { $0 = (heads, pending) }
    }

    /// Takes in what an earlier run left in a file, if there is one.
    public func load(from path: String) {
        do throws(JournalError) {
            report(.loaded(try mempool.load(from: path), path: path))
            savedChange.store(changes.load(ordering: .acquiring), ordering: .releasing)
        } catch {
            report(.fileFailed(error))
        }
    }

    /// Writes the pool to a file.
    /// - Parameter onlyIfChanged: whether to leave a file alone that is as the pool was when it was last written.
    public func save(to path: String, onlyIfChanged: Bool = false) {
        let change = changes.load(ordering: .acquiring)
        if onlyIfChanged, change == savedChange.load(ordering: .acquiring) { return }
        do throws(JournalError) {
            try mempool.save(to: path)
            savedChange.store(change, ordering: .releasing)
        } catch {
            report(.fileFailed(error))
        }
    }

    /// Takes a transaction in its envelope (EIP-2718) in, if the rules allow.
    public func add(encoded: [UInt8]) -> Result<Admission, MempoolFault> {
        let result = mempool.add(encoded: encoded)
        if case .success = result { changed() }
        return result
    }

    private func changed() { changes.wrappingAdd(1, ordering: .acquiringAndReleasing) }

    /// What the block after a head is like.
    private static func next(after head: ChainHead, spec: ChainSpec) -> MempoolHead {
        MempoolHead(gasLimit: spec.genesisGasLimit, baseFee: head.expectations.baseFee)
    }

    private func follow(_ change: HeadChange) {
        do {
            try mempool.headChanged(
                to: Self.next(after: change.head, spec: chain.spec), mined: try transactions(of: change.added),
                returned: try transactions(of: change.removed))
        } catch {
            report(.headFailed("\(error)"))
        }
        changed()
    }

    /// Transactions of blocks. Senders of those that wait here are known; the others' are recovered.
    private func transactions(of blocks: [BlockReference]) throws(ChainError) -> [RecoveredTransaction] {
        var found: [RecoveredTransaction] = []
        for reference in blocks {
            // A block that was pruned meanwhile is too old to matter.
            guard let block = try chain.reader.block(reference.hash) else { continue }
            for transaction in block.transactions {
                if let known = mempool.transaction(transaction.hash) ?? (try? RecoveredTransaction(transaction)) {
                    found.append(known)
                }
            }
        }
        return found
    }
}

extension NodePool: TransactionSource {
    /// Executable transactions, the best first.
    public func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] {
        mempool.best(baseFee: baseFee, gasLimit: gasLimit)
    }

    /// Grows with every change of the pool.
    public var revision: UInt64 { changes.load(ordering: .acquiring) }
}

/// Accounts after the head of a chain.
private struct HeadAccounts: MempoolState {
    let reader: ChainReader

    func account(_ address: Address) throws(MempoolStateError) -> MempoolAccount {
        do throws(ChainError) {
            guard let account = try reader.account(address) else { return MempoolAccount() }
            return MempoolAccount(nonce: account.nonce, balance: account.balance)
        } catch {
            throw MempoolStateError(detail: "\(error)")
        }
    }
}
