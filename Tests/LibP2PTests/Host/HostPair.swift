import Crypto
import LibP2P
import Testing

/// Hosts on loopback, and what many tests do with them.
enum Hosts {
    static let echo = "/test/echo/1"

    static func make(
        _ key: NodeKey = NodeKey(), _ configuration: HostConfiguration = HostConfiguration()
    ) async throws -> Host {
        try await Host(key: key, configuration: configuration, listen: [Multiaddr("/ip4/127.0.0.1/tcp/0")])
    }

    /// Where a host listens, with its peer id.
    static func address(_ host: Host, peer: PeerID? = nil) throws -> Multiaddr {
        try Multiaddr(#require(host.listenAddresses.first).components + [.p2p(peer ?? host.id)])
    }

    /// Runs `body` with two hosts of which the first dialled the second, and stops them.
    static func connected(
        _ configuration: HostConfiguration = HostConfiguration(),
        _ body: (Host, Host) async throws -> Void
    ) async throws {
        let (alice, bob) = (try await make(NodeKey(), configuration), try await make(NodeKey(), configuration))
        let result: Result<Void, any Error>
        do {
            _ = try await alice.connect(to: address(bob))
            try await body(alice, bob)
            result = .success(())
        } catch { result = .failure(error) }
        await alice.stop()
        await bob.stop()
        try result.get()
    }

    /// Sends back what comes, and finishes when the peer does.
    static func serveEcho(_ host: Host) {
        host.serve(echo) { stream in
            do {
                while let bytes = try await stream.read() { try await stream.write(bytes) }
                try await stream.finish()
            } catch { stream.reset() }
        }
    }

    /// Waits, at most twenty seconds, until something is the case.
    static func eventually(_ what: String, _ condition: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while !condition() {
            guard ContinuousClock.now < end else {
                Issue.record("not within twenty seconds: \(what)")
                return
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension PeerStream {
    /// All that the peer sends until it finishes.
    func readAll() async throws -> [UInt8] {
        var all: [UInt8] = []
        while let bytes = try await read() { all += bytes }
        return all
    }
}
