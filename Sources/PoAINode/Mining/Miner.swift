import Foundation
import PoAIChain
import PoAIConsensus
import PoAIInference
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization

/// Searches nonces for one block after the other and hands what it finds to the chain, like any block from elsewhere: a
/// machine that computed a wrong bit finds out before anyone else does.
public final class Miner: Sendable {
    /// What happened, for whoever tells people about it.
    public enum Event: Sendable {
        /// Work on a new height has begun, with the first quiz of it and what the model made of it.
        case quiz(height: UInt64, nonce: UInt64, SolvedQuiz)
        /// A block of ours is the new head.
        case found(FoundBlock)
        /// A block of ours was not taken.
        case refused(BlockHeader, ImportOutcome)
    }

    /// A block of ours and how it was found.
    public struct FoundBlock: Sendable {
        /// Its header.
        public let header: BlockHeader
        /// Its hash.
        public let hash: Hash32
        /// The winning try.
        public let solved: SolvedQuiz
        /// Tries made at its height.
        public let tries: UInt64
        /// Time spent at its height, in seconds.
        public let seconds: Double
    }

    /// What the miner has done so far.
    public let statistics = MiningStatistics()

    private let chain: Blockchain
    private let work: WorkEngine
    private let batchSize: Int
    private let address: Address
    private let firstNonce: UInt64
    private let transactions: (any TransactionSource)?
    private let report: @Sendable (Event) -> Void
    private let pauses = Mutex<Set<Pause>>([])

    /// Why the miner rests.
    public enum Pause: Hashable, Sendable {
        /// It was told to.
        case command
        /// The chain is behind that of others.
        case syncing
    }

    /// Lets the miner rest, or no longer rest for this reason.
    public func rest(_ reason: Pause, _ isResting: Bool) {
        pauses.withLock { if isResting { $0.insert(reason) } else { $0.remove(reason) } }
    }

    /// Whether it rests.
    public var isResting: Bool { pauses.withLock { !$0.isEmpty } }

    /// Seconds after which a template gets a fresh timestamp even when the head is the same.
    private static let templateSeconds = 10.0
    /// Seconds that a template lasts at least when there are new transactions to take in.
    private static let refreshSeconds = 0.5

    /// A miner that works on `work`'s engine and pays `address`.
    ///
    /// - Parameter firstNonce: where the nonces of each template begin; a random one keeps two nodes that pay the same
    ///   address from doing the same work.
    /// - Parameter transactions: what blocks may hold; they are empty without it.
    public init(
        chain: Blockchain, work: WorkEngine, address: Address, firstNonce: UInt64,
        transactions: (any TransactionSource)? = nil, report: @escaping @Sendable (Event) -> Void
    ) {
        self.chain = chain
        self.address = address
        self.firstNonce = firstNonce
        self.transactions = transactions
        self.report = report
        self.work = work
        batchSize = max(1, work.engine.rowsPerPass / work.generator.rules.tokenCount)
    }

    /// Mines until `stop` is set. Blocks its thread, which should be one of its own.
    ///
    /// - Throws: `ChainError` when the chain cannot take blocks any more, such as on a full disk; `InferenceError` when
    ///   the model cannot be run.
    public func run(until stop: StopFlag) throws {
        var began = ContinuousClock.now
        var heightShown: UInt64 = 0
        while !stop.isSet {
            if isResting || work.isVerifying {
                Thread.sleep(forTimeInterval: isResting ? 0.05 : 0.002)
                continue
            }
            let head = chain.head
            let revision = transactions?.revision
            let templateBegan = ContinuousClock.now
            let template = try chain.template(miner: address, transactions: transactions)
            statistics.begin(height: template.header.number, target: template.target)
            waitUntilAcceptable(template, stop)
            let isNewHeight = template.header.number != heightShown
            heightShown = template.header.number
            if isNewHeight { began = .now }
            let found = try search(template, showFirst: isNewHeight) {
                if stop.isSet || self.isResting || self.work.isVerifying { return true }
                if self.chain.head.hash != head.hash { return true }
                return self.transactions?.revision != revision
                    && (ContinuousClock.now - templateBegan) / .seconds(1) >= Self.refreshSeconds
            }
            if let found { try submit(found.block, found.solved, seconds: (ContinuousClock.now - began) / .seconds(1)) }
        }
    }

    /// Waits while the rules force a timestamp on the template that is still too far ahead of the clock, as on a chain
    /// whose blocks come many a second.
    private func waitUntilAcceptable(_ template: BlockTemplate, _ stop: StopFlag) {
        while !stop.isSet, template.header.timestamp > chain.now + chain.spec.maxFutureSeconds {
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// Tries nonces on one template until one wins, the template is old, or `cancelled` says so.
    private func search(
        _ template: BlockTemplate, showFirst: Bool, unless cancelled: () -> Bool
    ) throws(InferenceError) -> (block: Block, solved: SolvedQuiz)? {
        var nonces = NonceSearch(
            epochKey: template.expectations.epochKey, sealHash: template.sealHash,
            number: template.header.number, target: template.target, firstNonce: firstNonce)
        let began = ContinuousClock.now
        var isFirst = showFirst
        while !cancelled(), (ContinuousClock.now - began) / .seconds(1) < Self.templateSeconds {
            let tries = nonces.take(batchSize)
            guard let solved = try solve(tries, unless: cancelled) else { return nil }
            if isFirst { report(.quiz(height: nonces.number, nonce: tries[0].nonce, solved[0])) }
            isFirst = false
            statistics.tried(solved.map { ($0.seal.lhat, $0.trace.loss) })
            for (attempt, solution) in zip(tries, solved) where solution.seal.meets(nonces.target) {
                let trace = solution.trace
                return (template.sealed(nonce: attempt.nonce, loss: trace.loss, digest: trace.digest), solution)
            }
        }
        return nil
    }

    /// Solved quizzes, or nil when the work was cancelled.
    private func solve(
        _ tries: [NonceSearch.Try], unless cancelled: () -> Bool
    ) throws(InferenceError) -> [SolvedQuiz]? {
        do throws(InferenceError) {
            return try work.solver.solve(tries.map(\.quizSeed), unless: cancelled)
        } catch InferenceError.cancelled {
            return nil
        }
    }

    private func submit(_ block: Block, _ solved: SolvedQuiz, seconds: Double) throws(ChainError) {
        let tries = statistics.snapshot.triesOnBlock
        let outcome = try chain.import(block)
        guard case .newHead = outcome else {
            report(.refused(block.header, outcome))
            return
        }
        statistics.foundBlock()
        report(
            .found(
                FoundBlock(header: block.header, hash: block.hash, solved: solved, tries: tries, seconds: seconds)))
    }
}
