import Foundation
import PoAIChain
import PoAIConsensus
import PoAINode
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization

/// A chain in a temporary folder. Its own blocks obey every rule that can be checked without a forward pass.
final class FalseChain: Sendable {
    let chain: Blockchain
    private let folder: URL
    private let counter = Mutex<UInt64>(0)

    /// The devnet that the node is on.
    init(target: Int, accounts: Int) throws {
        var spec = try ChainSpec.embedded(.devnet).withGenesisTarget(thousandths: target)
        if accounts > 0 { spec = try DevAccounts.fund(accounts, in: spec) }
        folder = FileManager.default.temporaryDirectory.appending(path: "poai-adversary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        chain = try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: Credulous())
    }

    /// Removes the folder; the chain is of no use then.
    func discard() { try? FileManager.default.removeItem(at: folder) }

    /// Adds own blocks, as many seconds apart as is given: the closer, the sooner the target demands more work.
    func grow(by count: Int, secondsApart seconds: UInt64) throws {
        for _ in 0..<count {
            let parent = chain.head.header.timestamp
            let block = try falseBlock { max(parent + seconds, $0.minimumTimestamp) }
            guard case .newHead = try chain.import(block) else { throw ArgumentError("a false block was not taken") }
        }
    }

    /// A block on the head, not taken in, made now.
    func falseBlock() throws -> Block {
        let now = UInt64(Date.now.timeIntervalSince1970)
        return try falseBlock { max(now, $0.minimumTimestamp) }
    }

    /// The number ℓ̂ is right by the choice of the digest, for which no forward pass is run.
    private func falseBlock(at time: (HeaderExpectations) -> UInt64) throws -> Block {
        let template = try chain.template(miner: .zero)
        var header = template.header
        header.timestamp = time(template.expectations)
        header.loss = 1 << 16
        repeat {
            header.mixHash = nextDigest()
        } while !Seal(header: header, epochKey: template.expectations.epochKey).meets(template.target)
        return Block(header: header)
    }

    private func nextDigest() -> Hash32 {
        let number = counter.withLock { counter in
            counter += 1
            return counter
        }
        return Keccak256.hash(Array("adversary \(number)".utf8))
    }
}

/// Believes every seal.
private struct Credulous: SealEvaluator {
    let batchSize = 64

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}
