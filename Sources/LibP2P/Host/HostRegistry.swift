import NIOCore

/// A connection that is upgraded, as the host holds it.
struct HostConnection: Sendable {
    let number: UInt64
    let channel: any Channel
    let handler: NIOLoopBound<YamuxHandler>
    var information: PeerConnection
    /// The peer wants no new streams on it.
    var isLeaving = false
}

/// What a host knows. All changes are made under its lock.
struct HostRegistry: Sendable {
    typealias Dial = Task<Result<PeerID, HostError>, Never>
    typealias Handler = @Sendable (any PeerStream) async -> Void

    /// By number, so in the order in which they came.
    private(set) var connections: [UInt64: HostConnection] = [:]
    private var numbers: [PeerID: [UInt64]] = [:]
    private var nextNumber: UInt64 = 0
    private var subscribers: [UInt64: AsyncStream<HostEvent>.Continuation] = [:]
    var handlers: [String: Handler] = [:]
    var gate: ConnectionGate
    /// Numbers of connections that peers made and that are being upgraded.
    var upgrading: [ObjectIdentifier: UInt64] = [:]
    /// Dials under way.
    var dials: [Multiaddr: Dial] = [:]
    var listeners: [any Channel] = []
    var listenAddresses: [Multiaddr] = []
    var isStopped = false
    /// Peers are to be told what the host is now.
    var isPushDue = false
    var maintenance: Task<Void, Never>?
    /// Of the last peer record; records of a later start have higher ones.
    private var recordNumber: UInt64

    init(limits: ConnectionLimits, recordNumber: UInt64) {
        gate = ConnectionGate(limits: limits)
        self.recordNumber = recordNumber
    }

    mutating func takeRecordNumber() -> UInt64 {
        recordNumber += 1
        return recordNumber
    }

    /// A number that no connection or subscriber had before.
    mutating func takeNumber() -> UInt64 {
        nextNumber += 1
        return nextNumber
    }

    /// One entry a peer: its oldest connection.
    var entries: [PeerConnection] {
        numbers.values.compactMap(\.first).sorted().compactMap { connections[$0]?.information }
    }

    /// The connections to a peer, oldest first.
    func connections(to peer: PeerID) -> [HostConnection] { (numbers[peer] ?? []).compactMap { connections[$0] } }

    mutating func add(_ connection: HostConnection) {
        let peer = connection.information.peer
        connections[connection.number] = connection
        numbers[peer, default: []].append(connection.number)
        if numbers[peer]?.count == 1 { tell(.connected(connection.information)) }
    }

    /// Changes a connection that is still there.
    mutating func update(_ number: UInt64, _ body: (inout HostConnection) -> Void) {
        guard let index = connections.index(forKey: number) else { return }
        body(&connections.values[index])
    }

    /// A connection's peer told what it is.
    mutating func identify(_ number: UInt64, _ identity: PeerIdentity) {
        update(number) { $0.information.identity = identity }
        guard let peer = connections[number]?.information.peer, let first = numbers[peer]?.first else { return }
        update(first) { $0.information.identity = identity }
        if let information = connections[first]?.information { tell(.identified(information)) }
    }

    mutating func remove(_ number: UInt64) {
        gate.end(number)
        guard let peer = connections.removeValue(forKey: number)?.information.peer else { return }
        numbers[peer]?.removeAll { $0 == number }
        guard numbers[peer]?.isEmpty == true else { return }
        numbers[peer] = nil
        tell(.disconnected(peer))
    }

    // MARK: Events

    mutating func subscribe(_ continuation: AsyncStream<HostEvent>.Continuation) -> UInt64 {
        let number = takeNumber()
        if isStopped { continuation.finish() } else { subscribers[number] = continuation }
        return number
    }

    mutating func unsubscribe(_ number: UInt64) { subscribers[number] = nil }

    func tell(_ event: HostEvent) { for subscriber in subscribers.values { subscriber.yield(event) } }

    /// Takes the subscribers, whose streams of events are to be finished without the lock.
    mutating func takeSubscribers() -> [AsyncStream<HostEvent>.Continuation] {
        defer { subscribers = [:] }
        return Array(subscribers.values)
    }
}
