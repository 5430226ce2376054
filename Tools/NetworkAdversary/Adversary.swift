import LibP2P
import PoAIChain
import PoAINetwork
import PoAIPrimitives
import PoAITypes

/// The peer: what it says of its chain, and what it serves.
final class Adversary: Sendable {
    let manner: Manner
    let address: Multiaddr
    let node: PeerID
    let host: Host
    let source: FalseChain
    let names: NetworkNames
    private let blocks: Int

    init(_ arguments: Arguments) async throws {
        (manner, address, node) = (arguments.manner, arguments.address, arguments.node)
        blocks = arguments.blocks
        source = try FalseChain(target: arguments.target, accounts: arguments.accounts)
        names = NetworkNames(genesis: try source.chain.reader.canonicalHash(at: 0) ?? .zero)
        host = try await Host(
            key: NodeKey(), configuration: HostConfiguration(), listen: [Multiaddr("/ip4/127.0.0.1/tcp/0")])
    }

    func stop() async {
        await host.stop()
        source.discard()
    }

    /// Meets the node and does it wrong.
    func attack() async throws {
        switch manner {
        case .falseSeals: try source.grow(by: blocks, secondsApart: 1)
        case .endlessHeaders: try source.grow(by: WireLimits.headers, secondsApart: 5)
        default: break
        }
        serve()
        let events = host.events()
        Task { for await event in events { if case .disconnected(node) = event { tell("disconnected") } } }
        _ = try await host.connect(to: address)
        tell("connected", "\(host.id)")
        guard manner != .mute else { return }
        try await exchangeStatuses()
        switch manner {
        case .staleTip, .falseClaim:
            try await followNode(upTo: 3)
            try await exchangeStatuses()
        case .falseBlock, .garbage: try await publishBlock()
        case .gossipFlood: try await floodGossip()
        default: break
        }
    }

    /// Who dials begins.
    private func exchangeStatuses() async throws {
        let bytes = try await Exchange.ask(
            node, names.status, status().encoded(), limit: WireLimits.status, within: .seconds(20), on: host)
        tell("status", "height \(try ChainStatus(bytes).height)")
    }

    private func serve() {
        host.serve(names.status) { [self] stream in
            guard manner != .mute else { return await swallow(stream) }
            await Exchange.serve(stream, limit: WireLimits.status, within: .seconds(20)) { [self] _ in
                status().encoded()
            }
        }
        host.serve(names.sync) { [self] stream in
            guard manner != .silent else { return await swallow(stream) }
            await Exchange.serve(stream, limit: WireLimits.request, within: .seconds(60)) { [self] in answer($0) }
        }
        host.serve(names.pool) { [self] in await swallow($0) }
    }

    private func status() -> ChainStatus {
        var status = ChainStatus(of: source.chain.head, spec: source.chain.spec, genesis: names.genesis, agent: "")
        status.agent = "adversary/\(manner.rawValue)"
        switch manner {
        case .laterVersion: status.version = 2
        case .falseClaim, .silent, .endlessHeaders:
            status.head = Keccak256.hash(status.head.bytes)
            status.height += 1_000_000
            status.totalWork = UInt256(1) << 200
        default: break
        }
        return status
    }

    private func answer(_ bytes: [UInt8]) -> [UInt8]? {
        tell("asked")
        if manner == .endlessHeaders, case .headersAfter? = try? SyncRequest(bytes) {
            try? source.grow(by: WireLimits.headers, secondsApart: 5)
        }
        return SyncServing(server: ChainServer(source.chain.reader)).answer(bytes)
    }

    /// Takes a request and never answers.
    private func swallow(_ stream: any PeerStream) async {
        tell("asked")
        while (try? await stream.read()).flatMap({ $0 }) != nil {}
        try? await Task.sleep(for: .seconds(600))
    }

    /// Gets blocks of the node's chain.
    func followNode(upTo height: UInt64) async throws {
        let client = SyncClient(host: host, names: names)
        let headers = try await client.headers(after: [source.chain.head.hash], limit: WireLimits.headers, from: node)
        for header in headers where header.number <= height {
            guard let block = try await client.block(header.hash, from: node) else { break }
            _ = try source.chain.import(block)
        }
        tell("followed", "height \(source.chain.head.header.number)")
    }
}
