import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import PoAIWork
import Testing

import struct LibP2P.PeerID

struct SeedEvaluator: SealEvaluator {
    var batchSize: Int { 4 }
    static func pass(_ seed: Hash32) -> SealEvaluation {
        SealEvaluation(digest: Keccak256.hash(seed), loss: UInt64(seed.bytes[0]) << 8 | UInt64(seed.bytes[1]))
    }
    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { Self.pass($0.quizSeed) }
    }
}

/// Takes every seal, so that chains with false ones can be made.
struct BlindEvaluator: SealEvaluator {
    var batchSize: Int { 4 }
    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}

struct Given: TransactionSource {
    var list: [RecoveredTransaction] = []
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { list }
}

/// A chain in a folder of its own, with one transfer in each block it mines.
struct Node {
    let folder: TemporaryDirectory
    let chain: Blockchain
    static let key = try? PrivateKey(bytes: [UInt8](repeating: 1, count: 32))

    init(blind: Bool = false, evaluator given: (any SealEvaluator)? = nil) throws {
        folder = try TemporaryDirectory()
        let key = try #require(Self.key)
        let spec = try ChainSpec(
            name: "testnet", chainID: 7, blockInterval: 5, retargetInterval: 8, epochBlocks: 6, medianTimeBlocks: 5,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2040_0000, genesisTimestamp: 1_000_000, halvingInterval: 1000,
            models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "hash")],
            alloc: [Allocation(address: key.publicKey.address, wei: UInt256(1_000_000_000_000_000_000))])
        var options = Blockchain.Options()
        options.clock = { 1_100_000 }
        let evaluator = given ?? (blind ? BlindEvaluator() : SeedEvaluator())
        chain = try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: evaluator, options: options)
    }

    var claim: SyncClaim {
        SyncClaim(head: chain.head.hash, height: chain.head.header.number, totalWork: chain.head.totalWork)
    }

    /// A node with the lowest `count` blocks of this one.
    func copy(_ count: UInt64, blind: Bool = false) throws -> Node {
        let other = try Node(blind: blind)
        if count == 0 { return other }
        for block in try (1...count).map({ try #require(try chain.reader.block(at: $0)) }) {
            _ = try other.chain.import(block)
        }
        return other
    }

    /// Mines blocks; with `falsely` the seals only look right.
    func mine(_ count: Int, miner: UInt8, falsely: Bool = false) throws {
        let miner = try #require(Address([UInt8](repeating: miner, count: 20)))
        let key = try #require(Self.key)
        for _ in 0..<count {
            let sent = TransactionFields.dynamicFee(
                chainID: 7, nonce: try chain.reader.account(key.publicKey.address)?.nonce ?? 0,
                maxPriorityFeePerGas: UInt256(1), maxFeePerGas: UInt256(2_000_000_000), gasLimit: 21_000, to: miner,
                value: UInt256(1), data: []
            ).signed(by: key)
            let template = try chain.template(
                miner: miner, transactions: Given(list: [try RecoveredTransaction(sent)]))
            var (header, found) = (template.header, false)
            // At the pace of the network, so that the target stays where it is.
            header.timestamp = max(
                chain.head.header.timestamp + chain.spec.blockInterval, template.expectations.minimumTimestamp)
            let sealHash = header.sealHash
            while !found {
                let seed = Seal.quizSeed(
                    epochKey: template.expectations.epochKey, sealHash: sealHash, number: header.number,
                    nonce: header.nonce)
                let pass = SeedEvaluator.pass(seed)
                (header.loss, header.mixHash) = (falsely ? pass.loss + 1 : pass.loss, pass.digest)
                found =
                    Seal.lhat(quizSeed: seed, loss: header.loss, traceDigest: header.mixHash)
                    < template.expectations.target
                if !found { header.nonce += 1 }
            }
            let block = Block(header: header, transactions: template.transactions)
            guard case .newHead = try chain.import(block) else { throw SealEvaluatorError("not taken") }
        }
    }
}

enum Manner: CaseIterable { case honest, wrongBodies, silent, noBodies, badHeader, failing, noHeaders }

/// Peers with chains and manners, and a node that syncs from them; answers come in random order.
struct Net {
    let node: Node
    var sync: ChainSync
    var peers: [(id: PeerID, node: Node, manner: Manner)] = []
    var punished: [PeerID: SyncOffence] = [:]
    var isFinished = false
    var waiting: [SyncAction] = []
    var random: DeterministicRandom
    var bodyRequests: [PeerID: Int] = [:]

    /// Imports that this machine fails at.
    var failingImports = 0
    /// Headers that were sent.
    var headersSent = 0
    /// Called before each answer.
    var beforeAnswer: ((inout Net) throws -> Void)?
    var now = Duration.zero

    static var limits: SyncLimits {
        var limits = SyncLimits()
        (limits.headersPerRequest, limits.bodiesPerRequest, limits.bodyWindow) = (16, 4, 24)
        limits.importBatch = 8
        return limits
    }

    init(_ node: Node, seed: UInt64 = 1, limits: SyncLimits = Net.limits) {
        self.node = node
        sync = ChainSync(node.chain.reader, limits: limits)
        random = DeterministicRandom(seed: seed)
    }

    mutating func add(_ other: Node, _ manner: Manner = .honest, claims: SyncClaim? = nil) throws -> PeerID {
        let id = try PeerID(bytes: [0x12, 0x20] + random.bytes(32))
        peers.append((id, other, manner))
        sync.peer(id, claims: claims ?? other.claim)
        return id
    }

    mutating func run(_ steps: Int = 2000) throws {
        for _ in 0..<steps {
            try step()
            if let action = takeWaiting() { try answer(action) }
            #expect(sync.isConsistent)
        }
    }

    /// Any action that waits; imports in their order.
    mutating func takeWaiting() -> SyncAction? {
        if waiting.isEmpty { return nil }
        let chosen = random.below(waiting.count)
        guard case .importBlocks = waiting[chosen] else { return waiting.remove(at: chosen) }
        let first = waiting.firstIndex { if case .importBlocks = $0 { true } else { false } }
        return waiting.remove(at: first ?? chosen)
    }

    mutating func step() throws {
        for action in try sync.step(now: now) {
            switch action {
            case .finished: isFinished = true
            case .punish(let peer, let offence): punished[peer] = offence
            default: waiting.append(action)
            }
        }
        #expect(sync.isConsistent)
        now += .milliseconds(100)
    }

    mutating func answer(_ action: SyncAction) throws {
        try beforeAnswer?(&self)
        switch action {
        case .importBlocks(let id, let blocks):
            if failingImports > 0 {
                failingImports -= 1
                return sync.imported(id, .failed)
            }
            sync.imported(id, SyncImportResult(try node.chain.importBatch(blocks)))
        case .requestHeaders(let id, let peer, let locator, _):
            guard let entry = peers.first(where: { $0.id == peer }), entry.manner != .silent else { return }
            if entry.manner == .failing { return sync.failed(id) }
            var headers = try ChainServer(entry.node.chain.reader).headers(after: locator, limit: 16)
            if entry.manner == .badHeader, !headers.isEmpty { headers[0].bits ^= 1 }
            if entry.manner == .noHeaders { headers = [] }
            headersSent += headers.count
            try sync.headers(id, headers, time: 1_100_000)
        case .requestBodies(let id, let peer, let hashes):
            bodyRequests[peer, default: 0] += 1
            guard let entry = peers.first(where: { $0.id == peer }), entry.manner != .silent else { return }
            if entry.manner == .failing { return sync.failed(id) }
            let blocks = entry.manner == .noBodies ? [] : try ChainServer(entry.node.chain.reader).blocks(hashes)
            sync.bodies(id, blocks.map { ($0.hash, entry.manner == .wrongBodies ? [] : $0.transactions) })
        case .punish, .finished: break
        }
    }
}
