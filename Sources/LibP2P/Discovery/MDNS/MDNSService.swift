import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// Why peers in the local network are not looked for.
public enum MDNSError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text is no name of a service.
    case badServiceName(String)
    /// No network interface takes part; the reasons of the operating system, one each.
    case noInterface([String])

    /// One line for a person.
    public var description: String {
        switch self {
        case .badServiceName(let name): "\(name) is no name of a service in the local network"
        case .noInterface(let reasons):
            "no network interface takes part in multicast DNS" + reasons.map { "; \($0)" }.joined()
        }
    }
}

/// Finds peers in the local network by multicast DNS (libp2p/specs `discovery/mdns.md`) on every IPv4 interface, loopback
/// included, so that several nodes of one machine find each other. Interfaces that come later are taken in within a minute.
public final class MDNSService: Sendable {
    /// The service name of libp2p. Networks that are not to mix have names of their own, as `_poai-0a1b2c3d._udp.local`.
    public static let libp2pName = "_p2p._udp.local"
    static let port = 5353
    static let group = "224.0.0.251"
    /// Interfaces that take part at once.
    private static let maximumInterfaces = 16

    private struct State {
        var channels: [MDNSInterface: any Channel] = [:]
        var refresh: Task<Void, Never>?
        var isRunning = false
        var found: @Sendable (PeerID, [Multiaddr]) -> Void
    }

    private let own: PeerID
    private let serviceName: String
    private let addresses: @Sendable () -> [Multiaddr]
    private let limits: MDNSLimits
    /// What others call this node, for as long as the service lives.
    private let instance: String
    private let state: Mutex<State>

    /// A service that is not started.
    ///
    /// - Parameters:
    ///   - serviceName: nodes with the same one find each other.
    ///   - addresses: where this node listens; 0.0.0.0 stands for its address on each interface.
    ///   - found: called with each peer that answers and its addresses, which end in its id, again at every answer; has to
    ///     return at once.
    public convenience init(
        host: any PeerHost, serviceName: String = libp2pName, addresses: @escaping @Sendable () -> [Multiaddr],
        found: @escaping @Sendable (PeerID, [Multiaddr]) -> Void = { _, _ in }
    ) {
        self.init(own: host.id, serviceName: serviceName, limits: MDNSLimits(), addresses: addresses, found: found)
    }

    package init(
        own: PeerID, serviceName: String, limits: MDNSLimits, addresses: @escaping @Sendable () -> [Multiaddr],
        found: @escaping @Sendable (PeerID, [Multiaddr]) -> Void
    ) {
        (self.own, self.serviceName, self.limits, self.addresses) = (own, serviceName, limits, addresses)
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        instance = String((0..<40).compactMap { _ in letters.randomElement() })
        state = Mutex(State(found: found))
    }

    /// Has `handler` told of peers that are found, after what the service was made with.
    func onFound(_ handler: @escaping @Sendable (PeerID, [Multiaddr]) -> Void) {
        state.withLock { state in
            let before = state.found
            state.found = { peer, addresses in
                before(peer, addresses)
                handler(peer, addresses)
            }
        }
    }

    /// Begins on all interfaces; nothing happens when it runs.
    /// - Throws: `MDNSError`; then nothing runs.
    public func start() async throws(MDNSError) {
        guard let service = DNSLabels(serviceName), service.labels.count > 1 else {
            throw .badServiceName(serviceName)
        }
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard isFirst else { return }
        let reasons = await join(service)
        let isAlone = state.withLock { state in
            guard state.channels.isEmpty else { return false }
            state.isRunning = false
            return true
        }
        if isAlone { throw .noInterface(reasons) }
        let interval = limits.longestInterval
        let refresh = Task { [weak self] in
            while (try? await Task.sleep(for: interval)) != nil { _ = await self?.join(service) }
        }
        let isStopped = state.withLock { state in
            if state.isRunning { state.refresh = refresh }
            return !state.isRunning
        }
        if isStopped { refresh.cancel() }
    }

    /// Ends; returns when nothing is sent or told any more.
    public func stop() async {
        for channel in end() { try? await channel.closeFuture.get() }
    }

    /// Begins to end; the channels that close.
    @discardableResult func end() -> [any Channel] {
        let channels = state.withLock { state in
            state.refresh?.cancel()
            (state.refresh, state.isRunning) = (nil, false)
            defer { state.channels = [:] }
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
        return channels
    }

    /// Takes in the interfaces that are not yet, and drops those that are gone; what went wrong.
    private func join(_ service: DNSLabels) async -> [String] {
        let devices = (try? System.enumerateDevices()) ?? []
        let interfaces = Set(devices.compactMap { MDNSInterface($0) })
        let gone = state.withLock { state in
            let gone = state.channels.filter { !interfaces.contains($0.key) || !$0.value.isActive }
            for interface in gone.keys { state.channels[interface] = nil }
            return gone
        }
        for channel in gone.values { channel.close(promise: nil) }
        var reasons: [String] = []
        // Loopback first, so that it is there whatever else is.
        for interface in interfaces.sorted(by: { $0.isLoopback && !$1.isLoopback }) {
            let isWanted = state.withLock { state in
                state.isRunning && state.channels[interface] == nil && state.channels.count < Self.maximumInterfaces
            }
            guard isWanted else { continue }
            do {
                let channel = try await open(interface, service)
                let isKept = state.withLock { state in
                    if state.isRunning { state.channels[interface] = channel }
                    return state.isRunning
                }
                if !isKept { channel.close(promise: nil) }
            } catch { reasons.append("\(interface.address.map(String.init).joined(separator: ".")): \(error)") }
        }
        return reasons
    }

    /// A socket that hears and speaks on one interface only.
    private func open(_ interface: MDNSInterface, _ service: DNSLabels) async throws -> any Channel {
        let epoch = NIODeadline.now()
        let link = MDNSLink(
            service: service, instance: instance, own: own, scope: interface.scope, limits: limits, at: .zero)
        guard let link else { throw MDNSError.badServiceName(serviceName) }
        let group = try SocketAddress(ipAddress: Self.group, port: Self.port)
        let channel = try await Self.bootstrap.bind(host: "0.0.0.0", port: Self.port).get()
        do {
            try await Self.join(interface, channel)
            let found: @Sendable (PeerID, [Multiaddr]) -> Void = { [weak self] in self?.tell($0, $1) }
            try await channel.eventLoop.submit { [addresses] in
                let handler = MDNSHandler(
                    link, interface, group: group, epoch: epoch, addresses: addresses, found: found)
                try channel.pipeline.syncOperations.addHandler(handler)
                handler.begin(try channel.pipeline.syncOperations.context(handler: handler))
            }.get()
        } catch {
            channel.close(promise: nil)
            throw error
        }
        return channel
    }

    private func tell(_ peer: PeerID, _ addresses: [Multiaddr]) {
        let found = state.withLock { $0.isRunning ? $0.found : nil }
        found?(peer, addresses)
    }
}

extension MDNSService {
    /// Sockets that share the port with other programs, and are heard on the machine itself. The longest message is read
    /// whole.
    private static var bootstrap: DatagramBootstrap {
        var bootstrap = DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .channelOption(ChannelOptions.socketOption(.init(rawValue: SO_REUSEPORT)), value: 1)
            .channelOption(ChannelOptions.ipOption(.ip_multicast_loop), value: 1)
            .channelOption(ChannelOptions.ipOption(.ip_multicast_ttl), value: 255)
            .channelOption(
                ChannelOptions.recvAllocator,
                value: FixedSizeRecvByteBufferAllocator(capacity: DNSMessage.maximumLength))
        #if os(Linux)
            // IP_MULTICAST_ALL: only what comes to the interface that this socket joined on.
            bootstrap = bootstrap.channelOption(ChannelOptions.ipOption(.init(rawValue: 49)), value: 0)
        #endif
        return bootstrap
    }

    /// Joins the group on an interface and sends there. The kernel takes loopback too, though it does not say so, which is
    /// why the option is set directly.
    private static func join(_ interface: MDNSInterface, _ channel: any Channel) async throws {
        guard let options = channel as? any SocketOptionProvider else { throw ChannelError.operationUnsupported }
        let own = in_addr(
            s_addr: try SocketAddress(packedIPAddress: ByteBuffer(bytes: interface.address), port: 0).ipv4)
        let all = in_addr(s_addr: try SocketAddress(ipAddress: group, port: 0).ipv4)
        try await options.unsafeSetSocketOption(
            level: .ip, name: .ip_add_membership, value: ip_mreq(imr_multiaddr: all, imr_interface: own)
        ).get()
        try await options.unsafeSetSocketOption(level: .ip, name: .ip_multicast_if, value: own).get()
    }
}

extension SocketAddress {
    /// The address in network order; 0 for other ones than of IPv4.
    fileprivate var ipv4: in_addr_t {
        if case .v4(let address) = self { address.address.sin_addr.s_addr } else { 0 }
    }
}
