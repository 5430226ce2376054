import LibP2P
import Synchronization

/// A gossip service on a host in memory, with short heartbeats, and what it was given to validate.
final class TestService: Sendable {
    let key = NodeKey()
    let host: MemoryHost
    let service: GossipService
    private let seen = Mutex<[[UInt8]]>([])

    init(_ network: MemoryNetwork, _ configure: (inout GossipServiceOptions) -> Void = { _ in }) throws {
        var options = GossipServiceOptions()
        options.heartbeat = .milliseconds(50)
        configure(&options)
        host = try network.host(key)
        service = try GossipService(host: host, signing: .strictSign(key), options: options)
        service.start()
    }

    /// The payloads it validated, in order.
    var received: [[UInt8]] { seen.withLock { $0 } }

    /// Joins "t"; payloads that begin with 0xFF are rejected.
    func join() throws {
        try service.subscribe("t") { [weak self] message, _ in
            self?.seen.withLock { $0.append(message.data) }
            return message.data.first == 0xFF ? .reject : .accept
        }
    }
}

/// A peer that speaks gossipsub by hand: it reads nothing unless told to.
struct RawPeer {
    let host: MemoryHost
    let stream: any PeerStream

    /// Connects to a service and opens a stream to it; serves a stream that `serve` gets.
    init(
        _ network: MemoryNetwork, to test: TestService, _ serve: @escaping MemoryHost.Handler = RawPeer.ignore
    ) async throws {
        host = try network.host()
        host.serve("/meshsub/1.2.0", serve)
        try await host.connect(to: test.host.address)
        stream = try await host.open(["/meshsub/1.2.0"], to: test.host.id)
    }

    /// Leaves a stream unread until it ends or the task does.
    static let ignore: MemoryHost.Handler = { stream in
        while let stream = stream as? MemoryStream, !stream.isOver {
            guard (try? await Task.sleep(for: .milliseconds(20))) != nil else { return }
        }
    }

    func send(_ rpc: GossipRPC) async throws { try await stream.write(message: rpc.encoded) }
}
