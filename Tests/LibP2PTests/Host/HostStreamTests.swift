import Crypto
import LibP2P
import Synchronization
import Testing

/// Streams between two hosts over TCP on loopback.
@Suite struct HostStreamTests {
    @Test func anEcho() async throws {
        try await Hosts.connected { alice, bob in
            Hosts.serveEcho(bob)
            let stream = try await alice.open(["/test/none/1", Hosts.echo], to: bob.id)
            #expect(stream.protocolName == Hosts.echo && stream.peer == bob.id && stream.isOutbound)
            try await stream.write(Array("one".utf8))
            #expect(try await stream.read() == Array("one".utf8))
            try await stream.finish()
            await #expect(throws: StreamError.finished) { try await stream.write([1]) }
            #expect(try await stream.read() == nil)
            #expect(try await stream.read() == nil)
        }
    }

    /// The side that listened opens too, and may write after the other finished.
    @Test func halfClose() async throws {
        try await Hosts.connected { alice, bob in
            alice.serve("/test/count/1") { stream in
                guard let all = try? await stream.readAll() else { return }
                try? await stream.write(Array("\(all.count)".utf8))
                try? await stream.finish()
            }
            try await Hosts.eventually("connected") { !bob.connections.isEmpty }
            let stream = try await bob.open(["/test/count/1"], to: alice.id)
            for _ in 0..<10 { try await stream.write([UInt8](repeating: 7, count: 1000)) }
            try await stream.finish()
            #expect(try await stream.readAll() == Array("10000".utf8))
        }
    }

    @Test func unsupportedProtocol() async throws {
        try await Hosts.connected { alice, bob in
            Hosts.serveEcho(bob)
            await #expect(throws: StreamError.unsupported(["/a", "/b"])) {
                try await alice.open(["/a", "/b"], to: bob.id)
            }
            await #expect(throws: StreamError.unsupported(["not allowed"])) {
                try await alice.open(["not allowed"], to: bob.id)
            }
            await #expect(throws: StreamError.disconnected) {
                try await alice.open([Hosts.echo], to: NodeKey().peerID)
            }
            bob.stopServing(Hosts.echo)
            await #expect(throws: StreamError.unsupported([Hosts.echo])) {
                try await alice.open([Hosts.echo], to: bob.id)
            }
        }
    }

    @Test func resetEndsBothSides() async throws {
        try await Hosts.connected { alice, bob in
            let seen = Mutex<StreamError?>(nil)
            bob.serve("/test/wait/1") { stream in
                do throws(StreamError) {
                    try await stream.write([1])
                    while try await stream.read() != nil {}
                } catch { seen.withLock { $0 = error } }
            }
            let stream = try await alice.open(["/test/wait/1"], to: bob.id)
            #expect(try await stream.read() == [1])
            stream.reset()
            await #expect(throws: StreamError.reset) { try await stream.read() }
            await #expect(throws: StreamError.reset) { try await stream.write([1]) }
            try await Hosts.eventually("the other side is told") { seen.withLock { $0 } == .reset }
        }
    }

    /// A handler that returns without an end leaves no stream behind.
    @Test func aLeftStreamIsReset() async throws {
        try await Hosts.connected { alice, bob in
            bob.serve("/test/leave/1") { stream in _ = try? await stream.read() }
            let stream = try await alice.open(["/test/leave/1"], to: bob.id)
            try await stream.write([1])
            await #expect(throws: StreamError.reset) { try await stream.read() }
        }
    }

    @Test func manyStreams() async throws {
        try await Hosts.connected { alice, bob in
            Hosts.serveEcho(bob)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let stream = try await alice.open([Hosts.echo], to: bob.id)
                        let bytes = [UInt8](repeating: UInt8(number), count: 1 + number * 37)
                        try await stream.write(bytes)
                        try await stream.finish()
                        return try await stream.readAll() == bytes
                    }
                }
                for try await isEqual in group { #expect(isEqual) }
            }
        }
    }

    @Test func manyBytesBothWays() async throws {
        try await Hosts.connected { alice, bob in
            Hosts.serveEcho(bob)
            let stream = try await alice.open([Hosts.echo], to: bob.id)
            async let received = {
                var hash = SHA256()
                var count = 0
                while let bytes = try await stream.read() {
                    hash.update(data: bytes)
                    count += bytes.count
                }
                return (hash.finalize(), count)
            }()
            var (hash, state, count) = (SHA256(), UInt64(1), 0)
            for length in [1, 100_000, 3_000_000, 17, 5_000_000, 65_536] {
                let bytes = (0..<length).map { _ in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(truncatingIfNeeded: state >> 56)
                }
                hash.update(data: bytes)
                count += length
                try await stream.write(bytes)
            }
            try await stream.finish()
            let back = try await received
            #expect(back.1 == count && back.0 == hash.finalize())
        }
    }

    @Test func cancellationEndsAReadAndAWrite() async throws {
        try await Hosts.connected { alice, bob in
            let hold = Mutex<[any PeerStream]>([])
            bob.serve("/test/hold/1") { stream in
                hold.withLock { $0.append(stream) }
                try? await Task.sleep(for: .seconds(60))
            }
            let stream = try await alice.open(["/test/hold/1"], to: bob.id)
            let reader = Task { try await stream.read() }
            try await Task.sleep(for: .milliseconds(50))
            reader.cancel()
            await #expect(throws: StreamError.cancelled) { try await reader.value }
            // Nobody reads: one window, one buffer of the session, and one of the stream are all that is taken.
            let written = Mutex(0)
            let writer = Task {
                while true {
                    try await stream.write([UInt8](repeating: 1, count: 65_536))
                    written.withLock { $0 += 65_536 }
                }
            }
            var before = -1
            while written.withLock({ $0 }) != before {
                before = written.withLock { $0 }
                try await Task.sleep(for: .milliseconds(300))
            }
            #expect(before >= YamuxLimits.initialWindow && before <= 2_000_000)
            writer.cancel()
            await #expect(throws: StreamError.cancelled) { try await writer.value }
            await #expect(throws: StreamError.cancelled) { try await stream.read() }
        }
    }

    @Test func theEndOfAConnectionEndsItsStreams() async throws {
        try await Hosts.connected { alice, bob in
            bob.serve("/test/wait/1") { stream in _ = try? await stream.readAll() }
            let stream = try await alice.open(["/test/wait/1"], to: bob.id)
            let read = Task { try await stream.read() }
            bob.disconnect(alice.id)
            await #expect(throws: StreamError.disconnected) { try await read.value }
            await #expect(throws: StreamError.disconnected) { try await stream.write([1]) }
            try await Hosts.eventually("both know") { alice.connections.isEmpty && bob.connections.isEmpty }
        }
    }
}
