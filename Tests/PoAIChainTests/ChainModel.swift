import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import PoAITypes
import PoAIWork

/// A forward pass for tests: hashes of the quiz seed. Deterministic, so that everybody agrees; cheap.
struct HashEvaluator: SealEvaluator {
    var batchSize = 7

    static func evaluate(_ quizSeed: Hash32) -> SealEvaluation {
        let digest = Keccak256.hash(Array("digest".utf8) + quizSeed.bytes)
        let loss = Keccak256.hash(Array("loss".utf8) + quizSeed.bytes).bytes.prefix(3)
        return SealEvaluation(digest: digest, loss: loss.reduce(0) { $0 << 8 | UInt64($1) })
    }

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        guard batch.count <= batchSize else { throw SealEvaluatorError("batch of \(batch.count)") }
        return batch.map { Self.evaluate($0.quizSeed) }
    }
}

func testSpec(
    name: String = "testnet", chainID: UInt64 = 7, halvingInterval: UInt64 = 10, alloc: [Allocation]? = nil
) throws -> ChainSpec {
    try ChainSpec(
        name: name, chainID: chainID, blockInterval: 5, retargetInterval: 8, epochBlocks: 6, medianTimeBlocks: 5,
        powLimitBits: 0x2100_ffff, genesisBits: 0x2040_0000, genesisTimestamp: 1_000_000,
        halvingInterval: halvingInterval,
        models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "hash")],
        alloc: alloc ?? [
            Allocation(address: testAddress(200), wei: UInt256(1_000)),
            Allocation(address: testAddress(201), wei: UInt256(5)),
        ])
}

func testAddress(_ byte: UInt8) -> Address { Address([UInt8](repeating: byte, count: 20)) ?? .zero }

/// The chain told naively, in memory: every block with the balances after it, each state's root computed from nothing.
struct ChainModel: HeaderContext {
    typealias Failure = Never

    struct Node {
        var header: BlockHeader
        var work: UInt256
        var balances: [Address: UInt256]
    }

    let spec: ChainSpec
    let genesis: Hash32
    private(set) var nodes: [Hash32: Node]
    private(set) var head: Hash32

    init(_ spec: ChainSpec) throws {
        self.spec = spec
        let balances = Dictionary(uniqueKeysWithValues: spec.alloc.map { ($0.address, $0.wei) })
        let header = spec.genesisHeader(stateRoot: try Self.root(of: balances))
        genesis = header.hash
        head = genesis
        nodes = [genesis: Node(header: header, work: ForkChoice.work(bits: header.bits), balances: balances)]
    }

    /// The root of the trie that holds exactly these accounts.
    static func root(of balances: [Address: UInt256]) throws -> Hash32 {
        let updates = balances.map { address, wei in
            TrieUpdate(
                key: Keccak256.hash(address.bytes).bytes, value: Account(balance: wei).rlpEncoded())
        }
        return try MerkleTrie(root: EmptyTrie.root, reader: NoTrieNodes()).updated(updates).root
    }

    func header(_ hash: Hash32) -> BlockHeader? { nodes[hash]?.header }
    /// A known block.
    subscript(hash: Hash32) -> Node {
        guard let node = nodes[hash] else { preconditionFailure("the model has no block \(hash)") }
        return node
    }
    var headNode: Node { self[head] }

    /// Hashes from genesis to `tip`.
    func chain(to tip: Hash32) -> [Hash32] {
        var chain = [tip]
        while let last = chain.last, last != genesis { chain.append(self[last].header.parentHash) }
        return chain.reversed()
    }

    /// What a right child of `parent` is, sealed; `change` spoils the header before it is sealed.
    func mine(
        on parent: Hash32, miner: Address, seconds: UInt64 = 5, change: (inout BlockHeader) -> Void = { _ in }
    ) throws -> Block {
        let before = self[parent]
        guard let expected = HeaderExpectations.after(before.header, hash: parent, spec: spec, in: self) else {
            throw SealEvaluatorError("no expectations")
        }
        var header = BlockHeader(
            parentHash: parent, miner: miner,
            stateRoot: try Self.root(of: balances(after: parent, miner: miner)), bits: expected.bits,
            number: expected.number, gasLimit: spec.genesisGasLimit,
            timestamp: max(before.header.timestamp + seconds, expected.minimumTimestamp),
            baseFeePerGas: expected.baseFee)
        change(&header)
        return Self.sealed(header, expected)
    }

    static func sealed(_ header: BlockHeader, _ expected: HeaderExpectations) -> Block {
        var header = header
        let sealHash = header.sealHash
        while true {
            let seed = Seal.quizSeed(
                epochKey: expected.epochKey, sealHash: sealHash, number: header.number, nonce: header.nonce)
            let result = HashEvaluator.evaluate(seed)
            if Seal.lhat(quizSeed: seed, loss: result.loss, traceDigest: result.digest) < expected.target {
                header.loss = result.loss
                header.mixHash = result.digest
                return Block(header: header)
            }
            header.nonce += 1
        }
    }

    private func balances(after parent: Hash32, miner: Address) -> [Address: UInt256] {
        var balances = self[parent].balances
        let number = self[parent].header.number + 1
        // Counted block by block, not by the formula under test.
        var subsidy = spec.initialSubsidy
        var left = number - 1
        while left >= spec.halvingInterval {
            subsidy = subsidy >> 1
            left -= spec.halvingInterval
        }
        if !subsidy.isZero { balances[miner, default: .zero] = (balances[miner] ?? .zero) &+ subsidy }
        return balances
    }

    /// Takes a right block in; the first seen of most work is the head.
    mutating func accept(_ block: Block) {
        let header = block.header
        guard nodes[block.hash] == nil else { return }
        let work = self[header.parentHash].work &+ ForkChoice.work(bits: header.bits)
        nodes[block.hash] = Node(
            header: header, work: work, balances: balances(after: header.parentHash, miner: header.miner))
        if work > headNode.work { head = block.hash }
    }

    /// A branch of right blocks on `parent`, not taken in.
    func branch(
        on parent: Hash32, count: Int, miner: Address, seconds: UInt64 = 5, extraData: [UInt8] = []
    ) throws -> [Block] {
        var copy = self
        var blocks: [Block] = []
        for _ in 0..<count {
            let block = try copy.mine(on: blocks.last?.hash ?? parent, miner: miner, seconds: seconds) {
                $0.extraData = extraData
            }
            copy.accept(block)
            blocks.append(block)
        }
        return blocks
    }
}
