import PoAIChain
import PoAIPrimitives
import PoAIRPC
import Synchronization

/// The miner as JSON-RPC sees it, and work for miners outside of the node.
package final class NodeMining: MiningControl {
    private let chain: Blockchain
    private let address: Address?
    private let miner: Miner?
    private let transactions: any TransactionSource
    private let found: @Sendable (Hash32) -> Void
    private let templates = Mutex(Templates())

    /// Work that was handed out, the newest last.
    private struct Templates {
        var kept: [(template: BlockTemplate, revision: UInt64, made: ContinuousClock.Instant)] = []
    }

    /// How much work is remembered: a find for older work is refused.
    private static let remembered = 64
    /// How long work is handed out again while head and pool are the same: its timestamp ages.
    private static let lifetime = Duration.seconds(5)

    /// - Parameters:
    ///   - address: who is paid for blocks; without one there is no work.
    ///   - miner: the node's own miner, if it has one.
    package init(
        chain: Blockchain, address: Address?, miner: Miner?, transactions: any TransactionSource,
        found: @escaping @Sendable (Hash32) -> Void = { _ in }
    ) {
        self.found = found
        (self.chain, self.address, self.miner, self.transactions) = (chain, address, miner, transactions)
    }

    package var isMining: Bool { miner.map { !$0.isResting } ?? false }

    package func setMining(_ mines: Bool) throws(RPCError) {
        guard let miner else { throw .server("this node has no miner: it was started with --no-mine") }
        miner.rest(.command, !mines)
    }

    package var hashrate: UInt64 { UInt64(max(0, miner?.statistics.snapshot.triesPerSecond ?? 0).rounded()) }

    package var coinbase: Address? { address }

    package func work() throws(RPCError) -> MiningWork {
        guard let address else {
            throw .server("no address to pay for blocks: start the node with --miner-address")
        }
        let template = try current(for: address)
        return MiningWork(
            sealHash: template.sealHash, epochKey: template.expectations.epochKey, target: template.target,
            number: template.header.number)
    }

    package func submit(_ work: MinedWork) throws(RPCError) -> Bool {
        let known = templates.withLock { state in
            state.kept.last { $0.template.sealHash == work.sealHash }?.template
        }
        guard let known else { return false }
        do throws(ChainError) {
            let block = known.sealed(nonce: work.nonce, loss: work.loss, digest: work.digest)
            guard case .newHead = try chain.import(block) else { return false }
            found(block.hash)
            return true
        } catch {
            throw .internal("\(error)")
        }
    }

    /// The latest template while it is still good, else a new one.
    private func current(for address: Address) throws(RPCError) -> BlockTemplate {
        let (head, revision, now) = (chain.head.hash, transactions.revision, ContinuousClock.now)
        let latest = templates.withLock { $0.kept.last }
        if let latest, latest.template.header.parentHash == head, latest.revision == revision,
            now - latest.made < Self.lifetime
        {
            return latest.template
        }
        let template: BlockTemplate
        do throws(ChainError) {
            template = try chain.template(miner: address, transactions: transactions)
        } catch {
            throw .internal("\(error)")
        }
        templates.withLock { state in
            state.kept.removeAll { $0.template.header.parentHash != template.header.parentHash }
            if state.kept.count >= Self.remembered { state.kept.removeFirst() }
            state.kept.append((template, revision, now))
        }
        return template
    }
}
