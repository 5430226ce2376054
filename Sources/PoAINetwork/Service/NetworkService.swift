import LibP2P
import PoAIChain
import PoAITypes
import Synchronization

import struct PoAIPrimitives.Hash32
import enum PoAIPrimitives.Keccak256

/// The network of one chain on a host of peers: meets nodes of the same chain, relays blocks, and synchronises.
public final class NetworkService: Sendable {
    /// Times of the service.
    public struct Times: Hashable, Sendable {
        /// How long a new peer has to say which chain it is on.
        public var status = Duration.seconds(15)
        /// How often statuses are exchanged again.
        public var refresh = Duration.seconds(10)

        /// The defaults.
        public init() {}
    }

    struct State {
        var peers = ChainPeers()
        /// Connected, with their status still to come.
        var strangers: Set<PeerID> = []
        var tasks: [Task<Void, Never>] = []
    }

    /// The host.
    public let host: any PeerHost
    /// What topics and protocols are called.
    public let names: NetworkNames
    let gossip: GossipService
    let chain: Blockchain
    let pool: any PoolAccess
    let agent: String
    let times: Times
    let report: @Sendable (NetworkEvent) -> Void
    let state = Mutex(State())
    private let epoch = ContinuousClock.now
    private let parts = Mutex<Parts?>(nil)

    private struct Parts {
        let relay: BlockRelayService
        let sync: SyncDriver
        let transactions: TransactionService
    }

    /// A service that is not started.
    /// - Parameters:
    ///   - gossip: made by `gossip(on:)`.
    ///   - agent: name and version of this program.
    /// - Throws: `ChainError` when the chain cannot be read.
    public init(
        host: any PeerHost, gossip: GossipService, chain: Blockchain, pool: any PoolAccess, agent: String,
        times: Times = Times(),
        report: @escaping @Sendable (NetworkEvent) -> Void = { _ in }
    ) throws(ChainError) {
        (self.host, self.gossip, self.chain, self.pool) = (host, gossip, chain, pool)
        (self.agent, self.times, self.report) = (agent, times, report)
        names = NetworkNames(genesis: try chain.reader.canonicalHash(at: 0) ?? .zero)
    }

    /// Gossip as this network speaks it: messages are not signed, for they prove themselves, and their id is the hash of
    /// topic and content, so that a block from two sources is one message.
    /// - Throws: never in practice: `invalidParameter`.
    public static func gossip(
        on host: any PeerHost, names: NetworkNames, options: GossipServiceOptions = GossipServiceOptions()
    ) throws(GossipError) -> GossipService {
        var scoring = GossipScoring()
        scoring.topics = [names.blocks: GossipTopicScore(), names.transactions: GossipTopicScore()]
        return try GossipService(
            host: host, scoring: scoring, signing: .strictNoSign,
            messageID: { Keccak256.hash(Array($0.topic.utf8) + [0] + $0.data).bytes }, options: options)
    }

    var now: Duration { epoch.duration(to: .now) }

    /// Begins. To be called once.
    /// - Throws: when the topics cannot be joined.
    public func start() throws(GossipError) {
        let client = SyncClient(host: host, names: names)
        let relay = BlockRelayService(
            chain: chain, client: client, report: { [weak self] in self?.take($1, of: $0) },
            failed: { [report] in report(.failed($0)) })
        let sync = SyncDriver(
            chain, client, report: { [report] in report(.failed("sync: \($0)")) },
            punish: { [weak self] peer, offence in self?.note(offence.offence, of: peer) })
        let transactions = TransactionService(
            host: host, names: names, pool: pool,
            publish: { [gossip, names] in try? gossip.publish($0, to: names.transactions) },
            offend: { [weak self] in self?.note($1, of: $0) },
            mayTalk: { [weak self] in self?.isAdmitted($0) == true })
        parts.withLock { $0 = Parts(relay: relay, sync: sync, transactions: transactions) }
        serve()
        try gossip.subscribe(names.blocks) { [weak self] message, peer in
            guard self?.isAdmitted(peer) == true else { return .ignore }
            return await relay.validate(message.data, from: peer)
        }
        try gossip.subscribe(names.transactions) { [weak self] message, peer in
            guard self?.isAdmitted(peer) == true else { return .ignore }
            return await transactions.validate(message.data, from: peer)
        }
        gossip.onMisbehaviour { [weak self] peer, _ in self?.note(.gossipAbuse, of: peer) }
        transactions.start()
        gossip.start()
        let events = host.events()
        let tasks = [
            Task { [weak self] in for await event in events { self?.follow(event) } },
            Task { [weak self, times] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: times.refresh)
                    self?.refresh()
                }
            },
            Task { [report] in
                do { try await sync.run() } catch is CancellationError {} catch { report(.failed("sync: \(error)")) }
            },
        ]
        state.withLock { $0.tasks = tasks }
        for connection in host.connections { follow(.connected(connection)) }
    }

    /// Ends; connections stay.
    public func stop() async {
        let tasks = state.withLock { state in
            defer { state.tasks = [] }
            return state.tasks
        }
        tasks.forEach { $0.cancel() }
        transactions?.stop()
        parts.withLock { $0?.relay }?.stop()
        for name in [names.status, names.sync] { host.stopServing(name) }
        await gossip.stop()
    }

    /// Tells the peers of a block that was found here and is stored.
    public func announce(_ block: Block) {
        // Nobody to tell is no fault, and a block is told once.
        try? gossip.publish(BlockAnnouncement(of: block).encoded(), to: names.blocks)
    }

    /// How far the synchronisation is; nil when there is none to do.
    public func syncStatus() async -> SyncStatus? { await sync?.status }

    var sync: SyncDriver? { parts.withLock { $0?.sync } }
    var transactions: TransactionService? { parts.withLock { $0?.transactions } }

    func isAdmitted(_ peer: PeerID) -> Bool { state.withLock { $0.peers[peer] != nil } }
}
