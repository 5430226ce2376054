import LibP2P
import PoAIChain
import PoAINetwork
import PoAIRPC
import Synchronization

import struct PoAIPrimitives.Hash32

/// The network of a node: host of peers, gossip, discovery, and what the chain does with them.
final class NodeNetwork: Sendable {
    /// What happens, for the log.
    typealias Report = @Sendable (NetworkEvent) -> Void

    let host: Host
    let service: NetworkService
    let discovery: DiscoveryService
    private let kademlia: KademliaService
    private let mdns: MDNSService?
    private let announced: Multiaddr?
    private let isStopped = Atomic<Bool>(false)
    private let chain: Blockchain

    /// Who this node is: its key is kept in the data folder.
    static let keyFile = "node.key"
    /// Where other nodes were found, kept in the data folder.
    static let bookFile = "peers.txt"
    /// Name and version of this program, as others see it.
    static let agent = "poaid/\(NodeVersion.text)/\(NodeVersion.platform)"

    /// Listens and begins; blocks its caller.
    /// - Throws: `NodeKeyFileError`, `HostError`, `GossipError`, `ChainError`.
    static func start(
        _ configuration: P2PConfiguration, dataDirectory: String, chain: Blockchain, pool: NodePool,
        report: @escaping Report
    ) throws -> NodeNetwork {
        let key = try NodeKeyFile.loadOrCreate(dataDirectory + "/" + keyFile)
        return try Blocking.run {
            let host = try await listen(configuration, key)
            do { return try await NodeNetwork(configuration, dataDirectory, host, chain, pool, report) } catch {
                await host.stop()
                throw error
            }
        }
    }

    private init(
        _ configuration: P2PConfiguration, _ dataDirectory: String, _ host: Host, _ chain: Blockchain, _ pool: NodePool,
        _ report: @escaping Report
    ) async throws {
        (self.host, self.chain, announced) = (host, chain, configuration.announced)
        let names = NetworkNames(genesis: try chain.reader.canonicalHash(at: 0) ?? .zero)
        service = try NetworkService(
            host: host, gossip: try NetworkService.gossip(on: host, names: names), chain: chain, pool: pool,
            agent: Self.agent, report: report)
        // A node that listens on this machine only belongs to a network on this machine.
        let policy = AddressPolicy(allowsLoopback: host.listenAddresses.contains { AddressScope($0) == .loopback })
        kademlia = KademliaService(host: host, protocolName: names.kademlia, policy: policy)
        let discovers = configuration.discovers
        var limits = DialPolicy.Limits()
        limits.target = discovers ? max(1, configuration.maxPeers / 2) : 0
        limits.maxPeers = configuration.maxPeers
        mdns = discovers ? Self.localDiscovery(host, names) : nil
        discovery = DiscoveryService(
            host: host, kademlia: discovers ? kademlia : nil, explicit: configuration.peers + configuration.bootstrap,
            addresses: policy, limits: limits, mdns: mdns,
            book: discovers ? PeerBookFile(path: dataDirectory + "/" + Self.bookFile) : nil,
            report: { report(.failed($0)) })
        try service.start()
        if discovers { kademlia.start() }
        discovery.start()
    }

    /// Finds nodes of the same chain on the local network.
    private static func localDiscovery(_ host: Host, _ names: NetworkNames) -> MDNSService {
        MDNSService(
            host: host, serviceName: names.localService,
            addresses: { [weak host] in host?.listenAddresses ?? [] }, found: { _, _ in })
    }

    /// Ends all connections, once; blocks its caller.
    func stop() {
        guard isStopped.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        discovery.stop()
        kademlia.stop()
        Blocking.run { [service, host] in
            await service.stop()
            await host.stop()
        }
    }

    /// Tells the peers of a block that was found here and is stored.
    func announce(_ hash: Hash32) {
        guard let block = try? chain.reader.block(hash) else { return }
        service.announce(block)
    }

    /// How far the synchronisation is, nil when there is none to do; blocks its caller.
    var syncStatus: SyncStatus? { Blocking.run { [service] in await service.syncStatus() } }

    /// The same as JSON-RPC tells it.
    var syncProgress: SyncProgress? {
        syncStatus.map {
            SyncProgress(
                startingBlock: $0.startingHeight, currentBlock: $0.currentHeight, highestBlock: $0.highestHeight)
        }
    }

    /// This node's multiaddrs, the one that the operator named first.
    var addresses: [String] {
        ((announced.map { [$0] } ?? []) + host.listenAddresses).map { "\($0)/p2p/\(host.id)" }
    }

    private static func listen(_ configuration: P2PConfiguration, _ key: NodeKey) async throws -> Host {
        var settings = HostConfiguration()
        settings.agent = agent
        settings.protocolVersion = "poai/1"
        settings.announced = configuration.announced.map { [$0] } ?? []
        settings.connections.connections = configuration.maxPeers + 16
        settings.connections.inbound = max(1, configuration.maxPeers)
        settings.connections.highWater = configuration.maxPeers
        settings.connections.lowWater = max(1, configuration.maxPeers * 9 / 10)
        do {
            let port = configuration.port ?? P2PConfiguration.defaultPort
            return try await Host(key: key, configuration: settings, listen: [try address(configuration.host, port)])
        } catch {
            guard configuration.port == nil else { throw P2PError.cannotListen(configuration, "\(error)") }
            return try await Host(key: key, configuration: settings, listen: [try address(configuration.host, 0)])
        }
    }

    private static func address(_ host: String, _ port: Int) throws -> Multiaddr {
        guard let port = UInt16(exactly: port) else { throw P2PError.badAddress(host) }
        if let ip = IPv4(host) { return try Multiaddr([.ip4(ip), .tcp(port)]) }
        guard let ip = IPv6(host) else { throw P2PError.badAddress(host) }
        return try Multiaddr([.ip6(ip), .tcp(port)])
    }
}
