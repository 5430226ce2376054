import Dispatch
import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import PoAIWork
import Synchronization

/// Blocks full of plain transfers between random accounts, and the network they belong to. The same numbers of accounts
/// and blocks always give the same.
struct Workload {
    /// Plain transfers that fill a block of 30 million gas.
    static let transfersPerBlock = 1428

    let spec: ChainSpec
    private let blockCount: Int
    private let transfers: [Transfer]
    private let addresses: [Address]
    /// Of the accounts that send.
    private let keys: [Int: PrivateKey]

    private struct Transfer {
        let sender: Int
        let recipient: Int
        let nonce: UInt64
    }

    init(accounts: Int, blocks: Int) throws {
        var generator = SplitMix(state: 0x506F_4149)
        var nonces: [Int: UInt64] = [:]
        blockCount = blocks
        transfers = (0..<blocks * Self.transfersPerBlock).map { _ in
            let sender = Int.random(in: 0..<accounts, using: &generator)
            let recipient = Int.random(in: 0..<accounts, using: &generator)
            defer { nonces[sender, default: 0] += 1 }
            return Transfer(sender: sender, recipient: recipient, nonce: nonces[sender, default: 0])
        }
        let senders = Array(nonces.keys)
        let pairs = parallelMap(senders) { sender in Self.key(sender) }
        keys = Dictionary(uniqueKeysWithValues: zip(senders, pairs))
        var addresses = (0..<accounts).map { Address(lastBytesOf: Self.seed($0)) }
        for (sender, address) in zip(senders, parallelMap(pairs) { $0.address }) { addresses[sender] = address }
        self.addresses = addresses
        spec = try ChainSpec(
            name: "benchmark", chainID: 7, blockInterval: 5, retargetInterval: 1_000_000, epochBlocks: 1_000,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2100_ffff, genesisTimestamp: 1_000_000,
            models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "none")],
            alloc: addresses.sorted().map { Allocation(address: $0, wei: UInt256(10_000_000_000_000_000_000)) })
    }

    /// Signs the transfers and puts them into blocks, each on the one before, by importing them into `chain`.
    func blocks(on chain: Blockchain) throws -> [Block] {
        let signed = parallelMap(transfers) { transfer in
            // What does not sign is left out of the blocks, which is noticed below.
            try? RecoveredTransaction(
                TransactionFields.dynamicFee(
                    chainID: spec.chainID, nonce: transfer.nonce, maxPriorityFeePerGas: UInt256(1_000_000),
                    maxFeePerGas: UInt256(10_000_000_000_000), gasLimit: 21_000, to: addresses[transfer.recipient],
                    value: UInt256(1), data: []
                ).signed(by: keys[transfer.sender] ?? Self.key(transfer.sender)))
        }
        return try (0..<blockCount).map { index in
            let range = index * Self.transfersPerBlock..<(index + 1) * Self.transfersPerBlock
            let template = try chain.template(
                miner: .zero, transactions: GivenTransactions(transactions: signed[range].compactMap { $0 }))
            guard template.transactions.count == Self.transfersPerBlock else {
                throw BenchmarkError("block \(index + 1) took \(template.transactions.count) transfers")
            }
            let block = sealed(template)
            try importing([block], into: chain)
            return block
        }
    }

    /// Any nonce that wins with no loss and a digest of zeros: the stub of an evaluator agrees.
    private func sealed(_ template: BlockTemplate) -> Block {
        var nonce: UInt64 = 0
        while true {
            let seed = Seal.quizSeed(
                epochKey: template.expectations.epochKey, sealHash: template.sealHash, number: template.header.number,
                nonce: nonce)
            if Seal.lhat(quizSeed: seed, loss: 0, traceDigest: .zero) < template.target {
                return template.sealed(nonce: nonce, loss: 0, digest: .zero)
            }
            nonce += 1
        }
    }

    private static func seed(_ index: Int) -> Hash32 { Keccak256.hash(Array("account \(index)".utf8)) }

    private static func key(_ index: Int) -> PrivateKey {
        guard let key = try? PrivateKey(bytes: seed(index).bytes) else { preconditionFailure("one hash in 2^128") }
        return key
    }
}

/// Takes blocks in, each of which must become the head.
func importing(_ blocks: [Block], into chain: Blockchain) throws {
    for (block, outcome) in zip(blocks, try chain.importBatch(blocks)) {
        guard case .newHead = outcome else { throw BenchmarkError("block \(block.header.number): \(outcome)") }
    }
}

/// Says of every seal what it claims: seals are not what is measured.
struct AcceptingEvaluator: SealEvaluator {
    let batchSize = 64

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}

private struct GivenTransactions: TransactionSource {
    let transactions: [RecoveredTransaction]
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { transactions }
}

/// SplitMix64: the same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

/// Maps on all cores.
private func parallelMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
    let chunk = 256
    let done = Mutex([Int: [Result]]())
    let chunks = (elements.count + chunk - 1) / chunk
    DispatchQueue.concurrentPerform(iterations: chunks) { index in
        let results = elements[index * chunk..<min((index + 1) * chunk, elements.count)].map(transform)
        done.withLock { $0[index] = results }
    }
    return done.withLock { done in (0..<chunks).flatMap { done[$0] ?? [] } }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
