import LibP2P
import PoAINetwork
import PoAIPrimitives
import Synchronization

/// A pool that takes everything but envelopes that begin with 0xFF, which are invalid, 0xFE, which it does not want, or 0xFD,
/// for which it has no place the first two times.
final class FakePool: PoolAccess {
    private struct State {
        var content: [Hash32: [UInt8]] = [:]
        var adds: [Hash32: Int] = [:]
        var receivers: [Int: @Sendable ([Hash32]) -> Void] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var hashes: Set<Hash32> { state.withLock { Set($0.content.keys) } }
    /// How often each was offered.
    var adds: [Hash32: Int] { state.withLock { $0.adds } }
    func pendingHashes(limit: Int) -> [Hash32] { Array(hashes.prefix(limit)) }
    func contains(_ hash: Hash32) -> Bool { state.withLock { $0.content[hash] != nil } }
    func encoded(_ hash: Hash32) -> [UInt8]? { state.withLock { $0.content[hash] } }
    func remove(_ hash: Hash32) { state.withLock { $0.content[hash] = nil } }

    /// Has it without having told anybody, as from an earlier run.
    func preload(_ envelope: [UInt8]) { state.withLock { $0.content[Keccak256.hash(envelope)] = envelope } }

    func add(encoded: [UInt8]) -> PoolVerdict {
        let hash = Keccak256.hash(encoded)
        let (verdict, receivers) = state.withLock { state -> (PoolVerdict, [@Sendable ([Hash32]) -> Void]) in
            state.adds[hash, default: 0] += 1
            if encoded.first == 0xFF { return (.invalid("signature"), []) }
            if encoded.first == 0xFE { return (.refused("fee"), []) }
            if encoded.first == 0xFD, state.adds[hash, default: 0] < 3 { return (.notYet("full"), []) }
            guard state.content.updateValue(encoded, forKey: hash) == nil else { return (.known, []) }
            return (.added, Array(state.receivers.values))
        }
        for receive in receivers { receive([hash]) }
        return verdict
    }

    func subscribe(_ receive: @escaping @Sendable ([Hash32]) -> Void) -> @Sendable () -> Void {
        let id = state.withLock { state in
            state.next += 1
            state.receivers[state.next] = receive
            return state.next
        }
        return { self.state.withLock { $0.receivers[id] = nil } }
    }
}

/// Notes offences.
final class Complaints: Sendable {
    private let list = Mutex<[(PeerID, Offence)]>([])
    func add(_ peer: PeerID, _ offence: Offence) { list.withLock { $0.append((peer, offence)) } }
    func of(_ peer: PeerID) -> [Offence] { list.withLock { $0.filter { $0.0 == peer }.map(\.1) } }
    var count: Int { list.withLock { $0.count } }
}

/// A node with a topic that floods: a message goes to all neighbours when it is published or accepted, but not to the one it
/// came from; each message is looked at once.
final class RelayNode: Sendable {
    let host: MemoryHost
    let pool = FakePool()
    let complaints = Complaints()
    let names: NetworkNames
    private let holder = Mutex<TransactionService?>(nil)
    private let neighbours = Mutex<[RelayNode]>([])
    private let seen = Mutex<Set<[UInt8]>>([])
    /// Hashes by the peer that announced them here.
    let heard = Mutex<[PeerID: Set<Hash32>]>([:])

    /// What this node announced.
    let published = Mutex<[[UInt8]]>([])

    init(_ network: MemoryNetwork, limits: TransactionRelay.Limits = .init(), times: TransactionService.Times = .init())
        throws
    {
        host = try network.host()
        names = NetworkNames(genesis: .zero)
        let service = TransactionService(
            host: host, names: names, pool: pool, publish: { [weak self] in self?.publish($0) },
            offend: { [complaints] in complaints.add($0, $1) },
            mayTalk: { [weak self] peer in self?.host.connections.contains { $0.peer == peer } ?? false },
            limits: limits, times: times)
        holder.withLock { $0 = service }
    }

    var service: TransactionService {
        holder.withLock { service in
            guard let service else { preconditionFailure("made by init") }
            return service
        }
    }

    func publish(_ message: [UInt8]) {
        published.withLock { $0.append(message) }
        seen.withLock { _ = $0.insert(message) }
        spread(message, except: nil)
    }

    private func spread(_ message: [UInt8], except sender: PeerID?) {
        for other in neighbours.withLock({ $0 }) where other.host.id != sender {
            Task { await other.receive(message, from: self.host.id) }
        }
    }

    func receive(_ message: [UInt8], from peer: PeerID) async {
        if let announcement = try? TransactionAnnouncement(message) {
            heard.withLock { $0[peer, default: []].formUnion(announcement.entries.map(\.hash)) }
        }
        guard seen.withLock({ $0.insert(message).inserted }) else { return }
        if await service.validate(message, from: peer) == .accept { spread(message, except: peer) }
    }

    func join(_ other: RelayNode) async throws {
        try await host.connect(to: other.host.address)
        neighbours.withLock { $0.append(other) }
        other.neighbours.withLock { $0.append(self) }
        service.peerAdmitted(other.host.id)
        other.service.peerAdmitted(host.id)
    }
}
