import Foundation
import Synchronization

/// Gossipsub on the streams of a host: `GossipSub` with a clock, streams and validation. Safe to use from any thread.
///
/// It has one stream to each peer that speaks gossipsub, and reads one of each.
public final class GossipService: Sendable {
    /// What is spoken, first choice first.
    public static let protocols = ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"]

    let host: any PeerHost
    let options: GossipServiceOptions
    let signing: GossipSigning
    let messageID: @Sendable (GossipMessage) -> GossipMessageID?
    private let graylistThreshold: Double
    let startedAt = ContinuousClock.now
    let state: Mutex<GossipServiceState>

    /// A service that is not started.
    /// - Parameters:
    ///   - signing: with `strictSign` the key has to be the host's.
    ///   - messageID: the id of a message; nil for the default id, which needs signed messages.
    /// - Throws: `invalidParameter`.
    public init(
        host: any PeerHost, configuration: GossipConfiguration = .init(), scoring: GossipScoring = .init(),
        signing: GossipSigning, messageID: (@Sendable (GossipMessage) -> GossipMessageID?)? = nil,
        options: GossipServiceOptions = .init()
    ) throws(GossipError) {
        try options.validate()
        switch signing {
        case .strictSign(let key): try GossipConfiguration.require(key.peerID == host.id, "signing")
        case .strictNoSign: try GossipConfiguration.require(messageID != nil, "messageID")
        }
        self.host = host
        self.options = options
        self.signing = signing
        graylistThreshold = scoring.graylistThreshold
        self.messageID = messageID ?? GossipMessage.defaultID
        let router = try GossipSub(
            id: host.id.bytes, configuration: configuration, scoring: scoring, random: SystemRandomNumberGenerator(),
            messageID: self.messageID, isAuthentic: signing.isAuthentic)
        // Numbers go on rising after a restart, so that no id comes again.
        let sequence = UInt64(max(0, Date().timeIntervalSince1970 * 1e6)) &* 1000
        state = Mutex(GossipServiceState(router, sequence: sequence))
        state.withLock { $0.onMisbehaviour = options.onMisbehaviour }
    }

    deinit { state.withLock { $0.root }?.cancel() }

    /// Begins to serve and to open streams. Does nothing when it is started, or was stopped.
    public func start() {
        let (jobs, continuation) = AsyncStream.makeStream(of: (@Sendable () async -> Void).self)
        let isFirst = state.withLock { state in
            guard state.root == nil else { return false }
            state.jobs = continuation
            state.isRunning = true
            state.root = Task {
                await withDiscardingTaskGroup { group in
                    for await job in jobs { group.addTask(operation: job) }
                    group.cancelAll()
                }
            }
            return true
        }
        guard isFirst else { return }
        for name in Self.protocols { host.serve(name) { [weak self] stream in await self?.read(stream) } }
        let events = host.events()
        continuation.yield { [weak self] in
            for await event in events { self?.note(event) }
        }
        let interval = options.heartbeat
        continuation.yield { [weak self] in
            while (try? await Task.sleep(for: interval)) != nil { self?.beat() }
        }
        for connection in host.connections { attend(connection.peer) }
    }

    /// Ends all streams and tasks; returns when they have ended. It cannot be started again.
    public func stop() async {
        for name in Self.protocols { host.stopServing(name) }
        let (root, peers) = state.withLock { state in
            defer {
                state.peers = [:]
                state.links = [:]
                state.actions = []
                state.isRunning = false
                state.jobs?.finish()
            }
            return (state.root, state.peers.values)
        }
        for peer in peers {
            if case .open(let link) = peer.phase { link.close() }
            peer.inbound?.close()
        }
        root?.cancel()
        await root?.value
    }

    /// Has `act` told of peers that stay below the graylist threshold, in place of what the options name.
    public func onMisbehaviour(_ act: @escaping @Sendable (PeerID, Double) -> Void) {
        state.withLock { $0.onMisbehaviour = act }
    }

    /// Sets the application's own score of a peer (P5). Does nothing unless the peer is connected and the score finite.
    public func setApplicationScore(_ score: Double, of peer: PeerID) {
        perform { $0.router.setApplicationScore(score, of: peer.bytes) }
    }

    /// The score of a peer, 0 when it is unknown.
    public func score(of peer: PeerID) -> Double { state.withLock { $0.router.score(of: peer.bytes) } }

    /// The mesh of a topic, empty when it is not joined.
    public func mesh(of topic: String) -> [PeerID] {
        state.withLock { state in (state.router.mesh(topic) ?? []).compactMap { state.peers[$0]?.id } }
    }

    /// The connected peers that are subscribed to a topic.
    public func topicPeers(of topic: String) -> [PeerID] {
        state.withLock { state in
            state.router.subscribers(topic, minimum: -.infinity).compactMap { state.peers[$0]?.id }
        }
    }

    /// How a peer's score relates to the threshold below which it is not heard.
    func isGraylisted(_ peer: GossipPeerID, _ state: GossipServiceState) -> Bool {
        state.router.score(of: peer) < graylistThreshold
    }
}
