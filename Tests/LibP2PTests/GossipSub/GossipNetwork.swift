import PoAITestSupport
import Testing

import LibP2P

/// Routers in memory, joined by links with constant delays, in steps of a millisecond. Messages whose payload starts with
/// 0xFF are invalid.
struct GossipNetwork {
    enum Event {
        case deliver(GossipRPC, from: Int, to: Int)
        case verdict(GossipMessageID, GossipVerdict, node: Int)
        case heartbeat(node: Int)
    }

    private(set) var routers: [GossipSub] = []
    /// The accepted messages of each node.
    private(set) var received: [Set<GossipMessageID>] = []
    private var milliseconds = 0
    /// Nodes that pass on nothing but control messages.
    var silent: Set<Int> = []
    /// The percentage of messages, not of control messages, that are lost.
    var loss = 0
    /// A running hash of everything that was sent.
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    private var links: [Set<Int>] = []
    private var events: [Int: [Event]] = [:]
    private var random: DeterministicRandom

    var now: Duration { .milliseconds(milliseconds) }

    init(
        _ count: Int, seed: UInt64, scoring: GossipScoring = .init(),
        _ configure: (inout GossipConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = GossipConfiguration()
        configure(&configuration)
        random = DeterministicRandom(seed: seed)
        for node in 0..<count {
            var router = try GossipSub(
                id: peer(node), configuration: configuration, scoring: scoring,
                random: DeterministicRandom(seed: random.next()), isAuthentic: { $0.signature != forgery })
            _ = try router.subscribe("t", now: .zero)
            routers.append(router)
            received.append([])
            links.append([])
            events[random.below(1000), default: []].append(.heartbeat(node: node))
        }
    }

    /// Every node dials `degree` others.
    mutating func dial(_ degree: Int, among nodes: Range<Int>) throws {
        for node in nodes {
            var others = nodes.filter { $0 != node && !links[node].contains($0) }
            others.shuffle(using: &random)
            for other in others.prefix(degree) { try connect(node, other) }
        }
    }

    mutating func connect(_ dialler: Int, _ other: Int) throws {
        guard links[dialler].insert(other).inserted else { return }
        links[other].insert(dialler)
        let first = try routers[dialler].peerConnected(peer(other), version: .v1_2, outbound: true, now: now)
        let second = try routers[other].peerConnected(peer(dialler), version: .v1_2, outbound: false, now: now)
        perform(first, by: dialler)
        perform(second, by: other)
    }

    mutating func disconnect(_ node: Int, _ other: Int) {
        guard links[node].remove(other) != nil else { return }
        links[other].remove(node)
        routers[node].peerDisconnected(peer(other), now: now)
        routers[other].peerDisconnected(peer(node), now: now)
    }

    func neighbours(_ node: Int) -> [Int] { links[node].sorted() }

    mutating func publish(_ message: GossipMessage, by node: Int) throws {
        let (id, actions) = try routers[node].publish(message, now: now)
        received[node].insert(id)
        perform(actions, by: node)
    }

    /// Sends whatever a test likes.
    mutating func send(_ rpc: GossipRPC, from node: Int, to other: Int) {
        perform([.send(rpc, to: peer(other))], by: node)
    }

    /// Lets time pass. `afterHeartbeat` sees every node right after its heartbeat.
    mutating func run(seconds: Int, afterHeartbeat: (Int, GossipSub) -> Void = { _, _ in }) {
        let end = milliseconds + 1000 * seconds
        while milliseconds < end {
            // An event of this millisecond may cause another one in it.
            while let due = events.removeValue(forKey: milliseconds) {
                for event in due { handle(event, afterHeartbeat) }
            }
            milliseconds += 1
        }
    }

    private mutating func handle(_ event: Event, _ afterHeartbeat: (Int, GossipSub) -> Void) {
        switch event {
        case .deliver(let rpc, let from, let to):
            guard links[to].contains(from) else { return }
            perform(routers[to].receive(rpc, from: peer(from), now: now), by: to)
        case .verdict(let id, let verdict, let node):
            if verdict == .accept { received[node].insert(id) }
            perform(routers[node].report(id, verdict, now: now), by: node)
        case .heartbeat(let node):
            let actions = routers[node].heartbeat(now: now)
            #expect(routers[node].invariants() == [])
            afterHeartbeat(node, routers[node])
            perform(actions, by: node)
            schedule(.heartbeat(node: node), after: 1000)
        }
    }

    private mutating func perform(_ actions: [GossipAction], by node: Int) {
        for action in actions {
            switch action {
            case .send(let rpc, let peer): transmit(rpc, from: node, to: Int(peer[1]) << 8 + Int(peer[2]))
            case .validate(let id, let message, _):
                let verdict: GossipVerdict = message.data.first == 0xFF ? .reject : .accept
                schedule(.verdict(id, verdict, node: node), after: random.below(30))
            case .connect: break
            }
        }
    }

    private mutating func transmit(_ rpc: GossipRPC, from node: Int, to other: Int) {
        let weight = UInt64(rpc.messages.count + 7 * rpc.control.graft.count + 31 * rpc.control.prune.count)
        digest = (digest ^ (UInt64(node) << 32 + UInt64(other) << 16 + weight)) &* 0x100_0000_01B3
        guard rpc.messages.isEmpty || (!silent.contains(node) && random.below(100) >= loss) else { return }
        // Constant per link, which keeps the order.
        schedule(.deliver(rpc, from: node, to: other), after: 5 + (node * 31 + other * 17) % 120)
    }

    private mutating func schedule(_ event: Event, after delay: Int) {
        events[milliseconds + delay, default: []].append(event)
    }
}
