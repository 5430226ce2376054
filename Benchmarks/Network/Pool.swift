import Dispatch
import PoAIMempool
import PoAINetwork
import PoAINode
import PoAIPrimitives
import PoAITypes
import Synchronization

/// Accounts with keys that all have money.
struct Accounts: MempoolState {
    let keys: [PrivateKey]

    init(count: Int) throws {
        keys = try (0..<count).map { try PrivateKey(bytes: Keccak256.hash(Array("sender \($0)".utf8)).bytes) }
    }

    func account(_ address: Address) throws(MempoolStateError) -> MempoolAccount {
        MempoolAccount(nonce: 0, balance: UInt256(1_000_000_000_000_000_000))
    }

    /// Signed envelopes of plain transfers, as many of each sender, in the order of their nonces: those of sender 0, 1, …
    func transfers(_ count: Int, chainID: UInt64) throws -> [[[UInt8]]] {
        let each = (count + keys.count - 1) / keys.count
        let signed = Mutex([Int: [[UInt8]]]())
        DispatchQueue.concurrentPerform(iterations: keys.count) { sender in
            let envelopes = (0..<min(each, max(0, count - sender * each))).map { nonce in
                TransactionFields.dynamicFee(
                    chainID: chainID, nonce: UInt64(nonce), maxPriorityFeePerGas: UInt256(1_000_000),
                    maxFeePerGas: UInt256(1_000_000_000), gasLimit: 21_000, to: .zero, value: UInt256(1), data: []
                ).signed(by: keys[sender]).encoded()
            }
            signed.withLock { $0[sender] = envelopes }
        }
        let all = signed.withLock { signed in keys.indices.map { signed[$0] ?? [] } }
        guard all.reduce(0, { $0 + $1.count }) == count else { throw BenchmarkError("a transfer was not signed") }
        return all
    }
}

/// A real pool of a node on accounts that never change.
final class BenchmarkPool: PoolAccess {
    let mempool: Mempool
    private let refusals = Mutex<[String: Int]>([:])

    init(chainID: UInt64, accounts: Accounts) {
        mempool = Mempool(
            chainID: chainID, state: accounts, head: MempoolHead(gasLimit: 30_000_000, baseFee: UInt256(1_000_000)),
            clock: { 0 })
    }

    var count: Int {
        let status = mempool.status
        return status.pending + status.queued
    }

    /// Why transactions were not taken, and how often.
    var refused: [String: Int] { refusals.withLock { $0 } }

    func pendingHashes(limit: Int) -> [Hash32] {
        Array(mempool.content.shuffled().flatMap { $0.pending.map(\.hash) }.prefix(limit))
    }

    func contains(_ hash: Hash32) -> Bool { mempool.transaction(hash) != nil }

    func encoded(_ hash: Hash32) -> [UInt8]? { mempool.transaction(hash)?.transaction.encoded() }

    func add(encoded: [UInt8]) -> PoolVerdict {
        let result: Result<Admission, MempoolFault> = mempool.add(encoded: encoded)
        switch result {
        case .success: return .added
        case .failure(let fault):
            let verdict = PoolVerdict(fault)
            if verdict != .known {
                refusals.withLock { $0[String("\(fault)".prefix { $0 != ":" }), default: 0] += 1 }
            }
            return verdict
        }
    }

    func subscribe(_ receive: @escaping @Sendable ([Hash32]) -> Void) -> @Sendable () -> Void {
        let subscription = mempool.subscribe { receive($0.map(\.hash)) }
        return { subscription.cancel() }
    }
}
