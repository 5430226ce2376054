import LibP2P
import Synchronization
import Testing

/// Peers that keep the rules up to some point and then send half frames, or streams without end, over TCP on loopback. What
/// the host holds meanwhile is counted, and afterwards all of it is gone.
@Suite struct HostAttackTests {
    private static let header = MultistreamLine.encode(MultistreamLine.header)

    /// The most connections and sockets that were seen.
    private final class Most: Sendable {
        let counts = Mutex((connections: 0, sockets: 0))

        func note(_ connections: Int, _ sockets: Int) {
            counts.withLock { $0 = (max($0.connections, connections), max($0.sockets, sockets)) }
        }
    }

    /// Waits until nothing of the attack is left, in the host and in the kernel.
    private func isFree(_ host: Host) async throws {
        try await Hosts.eventually("nothing is held") { host.held == (0, 0) }
        let port = try RawDialler.port(of: host)
        try await Hosts.eventually("no socket is left") { (try? Sockets.accepted(on: port)) == 0 }
    }

    /// An honest peer is served as if nothing were.
    private func isServing(_ host: Host) async throws {
        let honest = try await Hosts.make()
        _ = try await honest.connect(to: Hosts.address(host))
        let stream = try await honest.open([Hosts.echo], to: host.id)
        try await stream.write([1, 2, 3])
        try await stream.finish()
        #expect(try await stream.readAll() == [1, 2, 3])
        await honest.stop()
    }

    /// A frame that ends early, after the handshake: with the connection, or within its tag.
    @Test(
        arguments: [
            ("cut off", [0xFF, 0xFF] + [UInt8](repeating: 7, count: 1000), true),
            ("half a length", [0x10], true), ("shorter than a tag", [0, 15] + [UInt8](repeating: 7, count: 15), false),
            ("empty", [0, 0], false), ("not encrypted", [0, 40] + [UInt8](repeating: 7, count: 40), false),
        ] as [(String, [UInt8], Bool)])
    func truncatedFramesEndTheConnection(_ name: String, _ bytes: [UInt8], _ isFinished: Bool) async throws {
        let host = try await Hosts.make()
        Hosts.serveEcho(host)
        try await RawDialler.dial(host) { dialler, wire in
            try await dialler.upgrade(wire)
            try await Hosts.eventually("\(name): connected") { host.connections.count == 1 }
            try await wire.send(bytes)
            if isFinished { wire.finish() }
            await wire.receiveAll()
        }
        try await isFree(host)
        try await isServing(host)
        await host.stop()
    }

    /// Many connections that each owe the rest of the longest frame: no more are held than may be.
    @Test func manyHalfFramesAreBounded() async throws {
        var configuration = HostConfiguration()
        (configuration.connections.inbound, configuration.connections.upgrading) = (12, 4)
        configuration.upgradeLimit = .seconds(1)
        let host = try await Hosts.make(NodeKey(), configuration)
        Hosts.serveEcho(host)
        let port = try RawDialler.port(of: host)
        let most = Most()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    try? await RawDialler.dial(host) { dialler, wire in
                        if number % 2 == 0 { try await dialler.upgrade(wire) }
                        // Of the frame of a handshake in the one case, of the session in the other.
                        if number % 2 == 1 { try await wire.send(Self.header + MultistreamLine.encode("/noise")) }
                        try await wire.send([0xFF, 0xFF] + [UInt8](repeating: 7, count: 60_000))
                        most.note(host.held.connections, try Sockets.accepted(on: port))
                        try await Task.sleep(for: .milliseconds(200))
                    }
                }
            }
        }
        let (connections, sockets) = most.counts.withLock { $0 }
        #expect(connections > 0 && connections <= 12)
        // A connection that is refused is closed a moment after the kernel made it.
        #expect(sockets <= 40)
        try await isFree(host)
        try await isServing(host)
        await host.stop()
    }

    /// Streams that are opened and left: never more than a peer may have, and one that reads no refusals is cut off.
    @Test func floodsOfStreamsAreCutOff() async throws {
        var configuration = HostConfiguration()
        configuration.yamux.inboundStreams = 300
        let host = try await Hosts.make(NodeKey(), configuration)
        Hosts.serveEcho(host)
        try await RawDialler.dial(host) { dialler, wire in
            try await dialler.upgrade(wire)
            var most = 0
            for start in stride(from: 1, to: 40_000, by: 400) {
                let frames = try stride(from: start, to: start + 400, by: 2).flatMap { try RawDialler.opening($0) }
                guard (try? await wire.send(dialler.seal(frames))) != nil else { break }
                if start == 1 { try await Hosts.eventually("some are held") { host.held.streams > 0 } }
                most = max(most, host.held.streams)
            }
            // The streams that the host opens for identify are among them.
            #expect(most <= 300 + 8)
            await wire.receiveAll()
        }
        try await isFree(host)
        try await isServing(host)
        await host.stop()
    }

    /// Streams whose protocol is agreed and which then say nothing: so many are served as a peer may have, others are reset.
    @Test func servedStreamsAreBounded() async throws {
        var configuration = HostConfiguration()
        configuration.connections.streamsPerPeer = 20
        let host = try await Hosts.make(NodeKey(), configuration)
        let served = Mutex((now: 0, most: 0))
        host.serve(Hosts.echo) { stream in
            served.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            while (try? await stream.read()) != nil {}
            served.withLock { $0.now -= 1 }
        }
        try await RawDialler.dial(host) { dialler, wire in
            try await dialler.upgrade(wire)
            for number in 0..<100 {
                let opening = try RawDialler.opening(2 * number + 1, Self.header + MultistreamLine.encode(Hosts.echo))
                try await wire.send(dialler.seal(opening))
            }
            try await Hosts.eventually("some are served") { served.withLock { $0.now } > 0 }
            try await Hosts.eventually("the others are reset") { host.held.streams <= 20 }
        }
        #expect(served.withLock { $0.most } <= 20)
        try await isFree(host)
        try await Hosts.eventually("their handlers end") { served.withLock { $0.now } == 0 }
        await host.stop()
    }
}
