import Dispatch
import PoAIChain
import PoAIPrimitives
import PoAITypes
import Synchronization

/// Takes batches of blocks in, one after another: while one is executed and stored the seals of the next are run. A batch on
/// top of one that was not stored is not stored either. Safe to use from any thread.
public final class ImportPipeline: Sendable {
    /// A batch on its way.
    private final class Batch: Sendable {
        enum State { case waiting, verified(VerifiedBatch), stored, failed }
        let tip: Hash32?
        /// Batches below it that were on their way when it came.
        let below: [Batch]
        let state = Mutex(State.waiting)

        init(tip: Hash32?, below: [Batch]) { (self.tip, self.below) = (tip, below) }

        var hasFailed: Bool { state.withLock { if case .failed = $0 { true } else { false } } }
        var verified: VerifiedBatch? {
            state.withLock { if case .verified(let batch) = $0 { batch } else { nil } }
        }
    }

    private let chain: Blockchain
    private let verifying = DispatchQueue(label: "poai.sync.verify")
    private let storing = DispatchQueue(label: "poai.sync.store")
    private let line = Mutex<[Batch]>([])

    /// A pipeline into `chain`.
    public init(_ chain: Blockchain) { self.chain = chain }

    /// Takes blocks in, parents first.
    /// - Parameter done: called on a thread of the pipeline, in the order of the batches, with what became of them and the
    ///   error of this machine if there was one.
    public func submit(
        _ blocks: [Block], _ done: @escaping @Sendable (SyncImportResult, ChainError?) -> Void
    ) {
        let batch = line.withLock { line in
            let isNext = line.last?.tip != nil && line.last?.tip == blocks.first?.header.parentHash
            let batch = Batch(tip: blocks.last?.hash, below: isNext ? line : [])
            line.append(batch)
            return batch
        }
        verifying.async { [self] in
            let outcome = verify(blocks, batch)
            storing.async { [self] in
                let (result, error) = outcome ?? store(batch)
                batch.state.withLock { $0 = result == .stored ? .stored : .failed }
                line.withLock { $0.removeAll { $0 === batch } }
                done(result, error)
            }
        }
    }

    /// Runs the seals; what became of the batch if that is known already.
    private func verify(_ blocks: [Block], _ batch: Batch) -> (SyncImportResult, ChainError?)? {
        if batch.below.contains(where: \.hasFailed) { return (.refused, nil) }
        do throws(ChainError) {
            let verified = try chain.verifyBatch(blocks, after: batch.below.compactMap(\.verified))
            batch.state.withLock { $0 = .verified(verified) }
            return nil
        } catch {
            batch.state.withLock { $0 = .failed }
            return (.failed, error)
        }
    }

    private func store(_ batch: Batch) -> (SyncImportResult, ChainError?) {
        guard let verified = batch.verified, !batch.below.contains(where: \.hasFailed) else { return (.refused, nil) }
        do throws(ChainError) { return (SyncImportResult(try chain.store(verified)), nil) } catch {
            return (.failed, error)
        }
    }
}

extension SyncImportResult {
    /// What the outcomes of a batch say.
    public init(_ outcomes: [ImportOutcome]) {
        self = .stored
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .newHead, .sideBranch, .alreadyKnown: continue
            case .rejected(.header(.traceDigest)), .rejected(.header(.loss)):
                self = .invalid(index: index, isSeal: true)
            case .rejected(let fault) where fault.isPermanent: self = .invalid(index: index, isSeal: false)
            case .rejected, .orphan, .reorgTooDeep: self = .refused
            }
            return
        }
    }
}
