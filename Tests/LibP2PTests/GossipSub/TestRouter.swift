import PoAITestSupport
import Testing

import LibP2P

/// The id of peer number `number`.
func peer(_ number: Int) -> GossipPeerID { [0xAA, UInt8(number >> 8), UInt8(number & 0xFF)] }

/// A message of the given source and number.
func message(_ number: Int, from source: Int = 999, topic: String = "t", size: Int = 8) -> GossipMessage {
    let count = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    return GossipMessage(
        source: peer(source), data: Array(repeating: UInt8(truncatingIfNeeded: number), count: size),
        sequenceNumber: count, topic: topic)
}

func id(_ message: GossipMessage) -> GossipMessageID { GossipMessage.defaultID(message) ?? [] }

/// The signature that no router accepts.
let forgery: [UInt8] = [0xBA, 0xD0]

/// One router with a clock, whose invariants are checked after every call.
struct TestRouter {
    var router: GossipSub
    var now = Duration.zero

    init(
        seed: UInt64 = 1, scoring: GossipScoring = .init(), topics: [String] = ["t"],
        _ configure: (inout GossipConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = GossipConfiguration()
        configure(&configuration)
        router = try GossipSub(
            id: peer(0), configuration: configuration, scoring: scoring, random: DeterministicRandom(seed: seed),
            isAuthentic: { $0.signature != forgery })
        for topic in topics { _ = try router.subscribe(topic, now: now) }
    }

    var mesh: [GossipPeerID] { router.mesh("t") ?? [] }

    func check(_ location: SourceLocation = #_sourceLocation) {
        #expect(router.invariants() == [], sourceLocation: location)
    }

    @discardableResult mutating func connect(
        _ number: Int, outbound: Bool = false, version: GossipVersion = .v1_2, addresses: [String] = [],
        topics: [String] = ["t"], record: [UInt8]? = nil, location: SourceLocation = #_sourceLocation
    ) throws -> [GossipAction] {
        let hello = try router.peerConnected(
            peer(number), version: version, outbound: outbound, addresses: addresses, signedRecord: record, now: now)
        let rpc = GossipRPC(subscriptions: topics.map { GossipSubscription(subscribe: true, topic: $0) })
        let actions = hello + router.receive(rpc, from: peer(number), now: now)
        check(location)
        return actions
    }

    mutating func disconnect(_ number: Int, location: SourceLocation = #_sourceLocation) {
        router.peerDisconnected(peer(number), now: now)
        check(location)
    }

    mutating func receive(
        _ rpc: GossipRPC, from number: Int, location: SourceLocation = #_sourceLocation
    ) -> [GossipAction] {
        let actions = router.receive(rpc, from: peer(number), now: now)
        check(location)
        return actions
    }

    mutating func receive(
        _ control: GossipControl, from number: Int, location: SourceLocation = #_sourceLocation
    ) -> [GossipAction] { receive(GossipRPC(control: control), from: number, location: location) }

    /// Receives a message and reports the verdict. The actions after the verdict.
    @discardableResult mutating func deliver(
        _ message: GossipMessage, from number: Int, _ verdict: GossipVerdict = .accept,
        location: SourceLocation = #_sourceLocation
    ) -> [GossipAction] {
        _ = receive(GossipRPC(messages: [message]), from: number, location: location)
        let actions = router.report(id(message), verdict, now: now)
        check(location)
        return actions
    }

    /// Lets seconds pass with a heartbeat at the end of each. The actions of the last one.
    @discardableResult mutating func beat(
        _ count: Int = 1, location: SourceLocation = #_sourceLocation
    ) -> [GossipAction] {
        var actions: [GossipAction] = []
        for _ in 0..<count {
            now += .seconds(1)
            actions = router.heartbeat(now: now)
            check(location)
        }
        return actions
    }

    func score(_ number: Int) -> Double { router.score(of: peer(number)) }
}

extension [GossipAction] {
    /// What is sent, in order.
    var sent: [(rpc: GossipRPC, peer: GossipPeerID)] {
        compactMap { if case .send(let rpc, let peer) = $0 { (rpc, peer) } else { nil } }
    }

    func sent(to number: Int) -> [GossipRPC] { sent.filter { $0.peer == peer(number) }.map(\.rpc) }

    /// The peers that are grafted, sorted.
    var grafted: Set<GossipPeerID> { Set(sent.filter { !$0.rpc.control.graft.isEmpty }.map(\.peer)) }

    var pruned: Set<GossipPeerID> { Set(sent.filter { !$0.rpc.control.prune.isEmpty }.map(\.peer)) }

    /// The peers that are sent messages.
    var relayed: Set<GossipPeerID> { Set(sent.filter { !$0.rpc.messages.isEmpty }.map(\.peer)) }

    /// The peers that are sent IHAVE.
    var advertised: [GossipPeerID] { sent.filter { !$0.rpc.control.have.isEmpty }.map(\.peer) }

    var unwanted: Set<GossipPeerID> { Set(sent.filter { !$0.rpc.control.dontWant.isEmpty }.map(\.peer)) }

    /// The ids to validate.
    var validations: [GossipMessageID] {
        compactMap { if case .validate(let id, _, _) = $0 { id } else { nil } }
    }

    var connects: [GossipPeerInfo] {
        compactMap { if case .connect(let info) = $0 { info } else { nil } }
    }
}

/// A scoring in which nothing counts but what a test switches on.
func plainScoring(_ change: (inout GossipTopicScore) -> Void = { _ in }) -> GossipScoring {
    var topic = GossipTopicScore()
    topic.timeInMeshWeight = 0
    topic.firstDeliveriesWeight = 0
    topic.invalidWeight = 0
    change(&topic)
    var scoring = GossipScoring()
    scoring.topics = ["t": topic]
    scoring.topicCap = 0
    return scoring
}

/// A router with peers 1...6 in the mesh and 7...10 outside.
func fullRouter(_ configure: (inout GossipConfiguration) -> Void = { _ in }) throws -> TestRouter {
    var test = try TestRouter(scoring: plainScoring { $0.invalidWeight = -1 }, configure)
    for number in 1...6 { try test.connect(number) }
    test.beat()
    for number in 7...10 { try test.connect(number) }
    return test
}
