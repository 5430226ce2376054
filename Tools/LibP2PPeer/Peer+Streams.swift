import Crypto
import LibP2P

extension Peer {
    /// Sends 32 bytes `count` times on one stream, each time waiting for them to come back.
    func ping(_ peer: PeerID, count: Int) async throws -> Answer {
        let stream = try await host.open([Host.pingProtocolName], to: peer)
        defer { stream.reset() }
        let start = ContinuousClock.now
        for _ in 0..<count {
            let sent = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
            try await stream.write(sent)
            var received: [UInt8] = []
            while received.count < sent.count, let more = try await stream.read() { received += more }
            guard received == sent else { throw RequestError.wrongBytes }
        }
        try await stream.finish()
        return Answer(count: count, seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Serves a protocol; tells how each of its streams ended, and after how many bytes.
    func serve(_ name: String, _ mode: Request.ServeMode) {
        let output = output
        host.serve(name) { stream in
            var served = ServedStream(stream, mode)
            var ended = Answer(event: "ended", peer: stream.peer.description, name: name)
            do throws(StreamError) { try await served.run() } catch { ended.error = "\(error)" }
            ended.count = served.count
            output.write(ended)
        }
    }

    /// Serves a protocol by joining each of its streams with a new connection to a Unix socket.
    func serve(_ name: String, joining path: String) {
        host.serve(name) { stream in
            do { try await UnixSocket(path: path).join(stream) } catch { stream.reset() }
        }
    }

    /// Opens a stream and joins it with a new connection to a Unix socket.
    func join(_ request: Request) async throws -> Answer {
        let path = try request.need(\.path, "path")
        let stream = try await host.open([request.need(\.name, "name")], to: request.peerID)
        do {
            let socket = try UnixSocket(path: path)
            Task { await socket.join(stream) }
            return Answer()
        } catch {
            stream.reset()
            throw error
        }
    }

    /// One step on a stream that was opened by hand.
    func use(_ request: Request) async throws -> Answer {
        let number = try request.need(\.stream, "stream")
        guard let stream = streams[number] else { throw RequestError.unknown("stream") }
        switch request.command {
        case .write:
            guard let data = bytes(hex: try request.need(\.data, "data")) else { throw RequestError.malformed("data") }
            try await stream.write(data)
        case .read:
            guard let data = try await stream.read() else { return Answer(data: "", isEnd: true) }
            return Answer(data: hex(data), isEnd: false)
        case .finish: try await stream.finish()
        default:
            stream.reset()
            streams[number] = nil
        }
        return Answer()
    }

    /// Sends bytes on a new stream and reads to its end meanwhile.
    func send(_ request: Request) async throws -> Answer {
        let stream = try await host.open([request.need(\.name, "name")], to: request.peerID)
        let (hashes, count) = (request.hashes ?? true, try request.need(\.bytes, "bytes"))
        let start = ContinuousClock.now
        do {
            async let received = Self.drain(stream, hashes, limit: request.reply)
            if request.isCounted == true {
                try await stream.write((0..<8).map { UInt8(truncatingIfNeeded: count >> (56 - 8 * $0)) })
            }
            let sent = try await Self.fill(stream, count, hashes)
            if request.reply == nil { try await stream.finish() }
            let (returned, hash) = try await received
            let seconds = (ContinuousClock.now - start).inSeconds
            if request.reply != nil {
                try await stream.finish()
                // Some end a finished stream by resetting it.
                if case .some(.some) = try? await stream.read() { throw RequestError.wrongBytes }
                stream.reset()
            }
            return Answer(sent: count, sentHash: sent, received: returned, receivedHash: hash, seconds: seconds)
        } catch {
            stream.reset()
            throw error
        }
    }

    /// Sends bytes on `count` streams that are all open at once. Each has to get its own bytes back.
    func many(_ request: Request) async throws -> Answer {
        let (name, count) = (try request.need(\.name, "name"), try request.need(\.count, "count"))
        let (peer, size) = (try request.peerID, request.bytes ?? 64)
        var streams: [any PeerStream] = []
        defer { streams.forEach { $0.reset() } }
        for _ in 0..<count { streams.append(try await host.open([name], to: peer)) }
        try await withThrowingTaskGroup { group in
            for stream in streams {
                group.addTask {
                    async let received = Self.drain(stream, true, limit: size)
                    let sent = try await Self.fill(stream, size, true)
                    let (returned, hash) = try await received
                    guard hash == sent, returned == size else { throw RequestError.wrongBytes }
                    try await stream.finish()
                }
            }
            try await group.waitForAll()
        }
        return Answer(count: count)
    }

    /// Writes `count` bytes. No two pieces are alike.
    private static func fill(_ stream: any PeerStream, _ count: Int, _ hashes: Bool) async throws -> String? {
        var hash = SHA256()
        let start = UInt8.random(in: .min ... .max)
        var piece = (0..<65_536).map { start &+ UInt8(truncatingIfNeeded: $0 &* $0 >> 5) }
        var left = count
        while left > 0 {
            for index in 0..<8 { piece[index] = UInt8(truncatingIfNeeded: left >> (8 * index)) }
            let part = left < piece.count ? Array(piece.prefix(left)) : piece
            if hashes { hash.update(data: part) }
            try await stream.write(part)
            left -= part.count
        }
        return hashes ? hex(hash.finalize()) : nil
    }

    /// Reads `limit` bytes, or to the end.
    private static func drain(
        _ stream: any PeerStream, _ hashes: Bool, limit: Int?
    ) async throws -> (count: Int, hash: String?) {
        var hash = SHA256()
        var count = 0
        while count < limit ?? .max, let bytes = try await stream.read() {
            count += bytes.count
            if hashes { hash.update(data: bytes) }
        }
        return (count, hashes ? hex(hash.finalize()) : nil)
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
