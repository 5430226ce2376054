import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import PoAIWork
import Testing

import struct LibP2P.PeerID

private struct SeedEvaluator: SealEvaluator {
    var batchSize: Int { 4 }
    static func pass(_ seed: Hash32) -> SealEvaluation {
        SealEvaluation(digest: Keccak256.hash(seed), loss: UInt64(seed.bytes[0]) << 8 | UInt64(seed.bytes[1]))
    }
    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { Self.pass($0.quizSeed) }
    }
}

/// Takes every seal, so that chains with false ones can be made.
private struct BlindEvaluator: SealEvaluator {
    var batchSize: Int { 4 }
    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.header.mixHash, loss: $0.header.loss) }
    }
}

private struct Given: TransactionSource {
    var list: [RecoveredTransaction] = []
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { list }
}

/// A chain in a folder of its own, with one transfer in each block it mines.
private struct Node {
    let folder: TemporaryDirectory
    let chain: Blockchain
    static let key = try? PrivateKey(bytes: [UInt8](repeating: 1, count: 32))

    init(blind: Bool = false) throws {
        folder = try TemporaryDirectory()
        let key = try #require(Self.key)
        let spec = try ChainSpec(
            name: "testnet", chainID: 7, blockInterval: 5, retargetInterval: 8, epochBlocks: 6, medianTimeBlocks: 5,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2040_0000, genesisTimestamp: 1_000_000, halvingInterval: 1000,
            models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "hash")],
            alloc: [Allocation(address: key.publicKey.address, wei: UInt256(1_000_000_000_000_000_000))])
        var options = Blockchain.Options()
        options.clock = { 1_100_000 }
        let evaluator: any SealEvaluator = blind ? BlindEvaluator() : SeedEvaluator()
        chain = try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: evaluator, options: options)
    }

    var claim: SyncClaim {
        SyncClaim(head: chain.head.hash, height: chain.head.header.number, totalWork: chain.head.totalWork)
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

private enum Manner { case honest, wrongBodies, silent, noBodies, badHeader }

/// Peers with chains and manners, and a node that syncs from them; answers come in random order.
private struct Net {
    let node: Node
    var sync: ChainSync
    var peers: [(id: PeerID, node: Node, manner: Manner)] = []
    var punished: [PeerID: SyncOffence] = [:]
    var isFinished = false
    var waiting: [SyncAction] = []
    var random: DeterministicRandom
    var bodyRequests: [PeerID: Int] = [:]

    init(_ node: Node, seed: UInt64 = 1) {
        self.node = node
        var limits = SyncLimits()
        (limits.headersPerRequest, limits.bodiesPerRequest, limits.bodyWindow) = (16, 4, 24)
        limits.importBatch = 8
        sync = ChainSync(node.chain.reader, limits: limits)
        random = DeterministicRandom(seed: seed)
    }

    mutating func add(_ other: Node, _ manner: Manner = .honest, claims: SyncClaim? = nil) throws -> PeerID {
        let id = try PeerID(bytes: [0x12, 0x20] + random.bytes(32))
        peers.append((id, other, manner))
        sync.peer(id, claims: claims ?? other.claim)
        return id
    }

    mutating func run() throws {
        var now = Duration.zero
        for _ in 0..<2000 {
            for action in try sync.step(now: now) {
                switch action {
                case .finished: isFinished = true
                case .punish(let peer, let offence): punished[peer] = offence
                default: waiting.append(action)
                }
            }
            #expect(sync.isConsistent)
            now += .milliseconds(100)
            if !waiting.isEmpty {
                try answer(waiting.remove(at: random.below(waiting.count)))
                #expect(sync.isConsistent)
            }
        }
    }

    private mutating func answer(_ action: SyncAction) throws {
        switch action {
        case .importBlocks(let blocks): sync.imported(SyncImportResult(of: blocks, in: node.chain))
        case .requestHeaders(let id, let peer, let locator, _):
            guard let entry = peers.first(where: { $0.id == peer }), entry.manner != .silent else { return }
            var headers = try ChainServer(entry.node.chain.reader).headers(after: locator, limit: 16)
            if entry.manner == .badHeader, !headers.isEmpty { headers[0].bits ^= 1 }
            try sync.headers(id, headers, time: 1_100_000)
        case .requestBodies(let id, let peer, let hashes):
            bodyRequests[peer, default: 0] += 1
            guard let entry = peers.first(where: { $0.id == peer }), entry.manner != .silent else { return }
            let blocks = entry.manner == .noBodies ? [] : try ChainServer(entry.node.chain.reader).blocks(hashes)
            sync.bodies(id, blocks.map { ($0.hash, entry.manner == .wrongBodies ? [] : $0.transactions) })
        case .punish, .finished: break
        }
    }
}

@Suite struct ChainSyncTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func threePeersOfWhichOneLiesAndOneStalls(seed: UInt64) throws {
        let source = try Node()
        try source.mine(100, miner: 2)
        var net = Net(try Node(), seed: seed)
        let honest = try net.add(source)
        let liar = try net.add(source, .wrongBodies)
        let silent = try net.add(source, .silent)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.punished[liar] == .wrongBody)
        #expect(net.punished[silent] == .stalling)
        #expect(net.punished[honest] == nil)
        #expect(net.isFinished)
    }

    @Test func aHeavierChainWithFalseSealsIsRefusedForTheTrueOne() throws {
        let (source, forger) = (try Node(), try Node(blind: true))
        try source.mine(20, miner: 2)
        try forger.mine(40, miner: 3, falsely: true)
        var net = Net(try Node())
        let honest = try net.add(source)
        let liar = try net.add(forger)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.punished == [liar: .invalidSeal])
        #expect(net.bodyRequests[honest] != nil)
    }

    @Test func aLongForkIsTakenBack() throws {
        let (source, fork) = (try Node(), try Node())
        try source.mine(45, miner: 2)
        try fork.mine(35, miner: 3)
        var net = Net(fork)
        _ = try net.add(source)
        try net.run()
        #expect(fork.chain.head.hash == source.chain.head.hash)
        #expect(net.punished.isEmpty)
    }

    @Test func aPeerWithLessWorkThanItClaimsIsPunishedBeforeItsBodies() throws {
        let (own, short) = (try Node(), try Node())
        try own.mine(30, miner: 2)
        try short.mine(10, miner: 3)
        var net = Net(own)
        var claim = short.claim
        claim.totalWork = .max
        let liar = try net.add(short, claims: claim)
        try net.run()
        #expect(net.punished == [liar: .brokenClaim])
        #expect(net.bodyRequests[liar] == nil)
        #expect(own.chain.head.header.number == 30)
    }

    @Test func aStaleTipIsLeftInPeace() throws {
        let (own, stale) = (try Node(), try Node())
        try own.mine(5, miner: 2)
        try stale.mine(3, miner: 3)
        var net = Net(own)
        _ = try net.add(stale)
        try net.run()
        #expect(net.punished.isEmpty)
        #expect(own.chain.head.header.number == 5)
    }

    @Test func aPeerThatServesNoBodiesHoldsNobodyUp() throws {
        let source = try Node()
        try source.mine(30, miner: 2)
        var net = Net(try Node())
        _ = try net.add(source, .noBodies)
        _ = try net.add(source)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
    }

    @Test func aHeaderThatBreaksARuleCostsItsSender() throws {
        let source = try Node()
        try source.mine(10, miner: 2)
        var net = Net(try Node())
        let liar = try net.add(source, .badHeader)
        try net.run()
        #expect(net.punished == [liar: .invalidHeader])
        #expect(net.node.chain.head.header.number == 0)
    }
}
