import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// A block that lacks only its seal: what a miner searches a nonce for.
public struct BlockTemplate: Hashable, Sendable {
    /// The header with nonce, loss and mixHash zero.
    public let header: BlockHeader
    /// The transactions, executed and paid for.
    public let transactions: [Transaction]
    /// What the chain demands of the block: target and epoch key among it.
    public let expectations: HeaderExpectations
    /// Hash over all of the header but the seal; part of every quiz seed.
    public let sealHash: Hash32

    init(header: BlockHeader, transactions: [Transaction], expectations: HeaderExpectations) {
        self.header = header
        self.transactions = transactions
        self.expectations = expectations
        sealHash = header.sealHash
    }

    /// The target that ℓ̂ must be below.
    public var target: UInt256 { expectations.target }

    /// The finished block.
    ///
    /// - Parameters:
    ///   - nonce: the number of the winning try.
    ///   - loss: the try's loss, in units of 2^-16 nats.
    ///   - digest: the try's trace digest.
    public func sealed(nonce: UInt64, loss: UInt64, digest: Hash32) -> Block {
        var header = header
        header.nonce = nonce
        header.loss = loss
        header.mixHash = digest
        return Block(header: header, transactions: transactions)
    }
}

/// Where a miner's transactions come from: asked once per template, on the state it is built on.
public protocol TransactionSource: Sendable {
    /// Transactions worth to be mined, the best first; those of one sender in the order of their nonces.
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction]

    /// Another number whenever candidates may have changed.
    var revision: UInt64 { get }
}

extension TransactionSource {
    /// Always the same.
    public var revision: UInt64 { 0 }
}

extension Blockchain {
    /// A template on the head, whose subsidy and tips go to `miner`. Its time is now, or the earliest the rules
    /// allow where that is later.
    ///
    /// - Parameters:
    ///   - extraData: up to 32 bytes of the miner's choice; more are cut off.
    ///   - transactions: what may go in. One that is invalid on this state is left out, and so are those of its sender
    ///     that follow.
    public func template(
        miner: Address, extraData: [UInt8] = [], transactions source: (any TransactionSource)? = nil
    ) throws(ChainError) -> BlockTemplate {
        let now = options.clock()
        return try reader.read { (snapshot) throws(StorageError) in
            let head = try ChainReader.head(try ChainTables.head(in: snapshot), spec, snapshot)
            let expected = head.expectations
            var header = BlockHeader(
                parentHash: head.hash, miner: miner, stateRoot: head.header.stateRoot, bits: expected.bits,
                number: expected.number,
                gasLimit: spec.genesisGasLimit, timestamp: max(now, expected.minimumTimestamp),
                extraData: Array(extraData.prefix(BlockHeader.maxExtraDataCount)), baseFeePerGas: expected.baseFee)
            let parent = ParentState(
                source: StoredState(snapshot), header: head.header, ancestors: BranchHashes(snapshot: snapshot))
            var builder = BlockBuilder(
                on: parent,
                environment: Execution.environment(
                    number: header.number, timestamp: header.timestamp, miner: miner, after: head.header,
                    baseFee: expected.baseFee, spec: spec))
            let candidates = source?.candidates(baseFee: expected.baseFee, gasLimit: spec.genesisGasLimit) ?? []
            let chosen = try Self.fill(&builder, from: candidates)
            let outcome = try builder.finish(spec: spec)
            header.stateRoot = outcome.stateRoot
            header.transactionsRoot = OrderedTrie.root(of: chosen)
            header.receiptsRoot = outcome.receiptsRoot
            header.logsBloom = outcome.logsBloom
            header.gasUsed = outcome.gasUsed
            return BlockTemplate(header: header, transactions: chosen, expectations: expected)
        }
    }

    /// Bytes of transactions that a template takes at most.
    static let maxTemplateBytes = 1 << 20

    private static func fill(
        _ builder: inout BlockBuilder<StoredState, BranchHashes>, from candidates: [RecoveredTransaction]
    ) throws(StorageError) -> [Transaction] {
        var chosen: [Transaction] = []
        var skipped: Set<Address> = []
        var bytes = 0
        for candidate in candidates where !skipped.contains(candidate.sender) {
            if builder.gasLeft < 21_000 { break }
            let size = candidate.transaction.encoded().count
            if bytes + size > maxTemplateBytes {
                skipped.insert(candidate.sender)
            } else if try builder.append(candidate) != nil {
                skipped.insert(candidate.sender)
            } else {
                chosen.append(candidate.transaction)
                bytes += size
            }
        }
        return chosen
    }
}
