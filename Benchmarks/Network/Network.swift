import Foundation
import LibP2P
import NIOCore
import NIOPosix
import PoAIPrimitives
import PoAITypes

/// All nodes, connected.
struct Network {
    let nodes: [Node]
    let topology: Topology
    let events: Events
    private let folder: URL
    private let proxies: [DelayProxy]
    private let group: MultiThreadedEventLoopGroup

    init(_ arguments: Arguments, accounts: Accounts) async throws {
        let spec = try ChainSpec(
            name: "benchmark", chainID: 7, blockInterval: 5, retargetInterval: 1_000_000, epochBlocks: 1_000_000,
            powLimitBits: 0x2100_ffff, genesisBits: 0x2100_ffff, genesisTimestamp: 1_000_000,
            models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "none")], alloc: [])
        folder = FileManager.default.temporaryDirectory.appending(path: "poai-network-\(UUID().uuidString)")
        events = Events()
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        topology = Topology(nodes: arguments.nodes, degree: arguments.degree)
        var nodes: [Node] = []
        for index in 0..<arguments.nodes {
            let path = folder.appending(path: "\(index)")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            nodes.append(
                try await Node(index: index, folder: path.path, spec: spec, accounts: accounts, events: events))
        }
        self.nodes = nodes
        for node in nodes { try node.service.start() }
        var proxies: [DelayProxy] = []
        for link in topology.links {
            let target = nodes[link.to].host
            guard case .tcp(var port)? = target.listenAddresses.first?.components.dropFirst().first else {
                throw BenchmarkError("node \(link.to) does not listen")
            }
            if arguments.delay > 0 {
                let oneWay = TimeAmount.microseconds(Int64(arguments.delay) * 500)
                let proxy = try await DelayProxy(to: Int(port), delay: oneWay, on: group)
                proxies.append(proxy)
                port = UInt16(clamping: proxy.port)
            }
            _ = try await nodes[link.from].host.connect(
                to: try Multiaddr("/ip4/127.0.0.1/tcp/\(port)/p2p/\(target.id)"))
        }
        self.proxies = proxies
        try await settle()
    }

    /// Until everybody met its neighbours and the meshes of both topics had some heartbeats to form.
    private func settle() async throws {
        try await waiting(60, "the nodes did not meet") {
            nodes.allSatisfy { node in
                node.service.peerCount == topology.degree(of: node.index)
                    && node.gossip.topicPeers(of: node.service.names.blocks).count == topology.degree(of: node.index)
            }
        }
        try await Task.sleep(for: .seconds(5))
    }

    /// Mesh sizes of the topic of blocks, the smallest and the largest.
    var meshSizes: [Int] {
        let sizes = nodes.map { $0.gossip.mesh(of: $0.service.names.blocks).count }
        return [sizes.min() ?? 0, sizes.max() ?? 0]
    }

    func stop() async {
        for node in nodes { await node.stop() }
        for proxy in proxies { await proxy.stop() }
        try? await group.shutdownGracefully()
        try? FileManager.default.removeItem(at: folder)
    }
}

/// Returns when `isDone`; throws after so many seconds when there is a complaint, else returns false.
@discardableResult
func waiting(_ seconds: Double, _ complaint: String? = nil, until isDone: () -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while !isDone() {
        guard ContinuousClock.now < end else {
            if let complaint { throw BenchmarkError(complaint) }
            return false
        }
        try await Task.sleep(for: .milliseconds(20))
    }
    return true
}
