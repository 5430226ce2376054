import LibP2P

/// One request and its answer on a stream of their own.
package enum Exchange {
    /// Opens a stream, sends a request, and reads the answer.
    /// - Throws: `StreamError`; `timedOut` after `time`, `malformed` when the peer answers nothing.
    package static func ask(
        _ peer: PeerID, _ protocolName: String, _ request: [UInt8], limit: Int, within time: Duration,
        on host: any PeerHost
    ) async throws(StreamError) -> [UInt8] {
        try await limited(time) { () async throws(StreamError) in
            let stream = try await host.open([protocolName], to: peer)
            defer { stream.reset() }
            try await stream.write(message: request)
            try await stream.finish()
            var messages = StreamMessages(stream)
            guard let answer = try await messages.next(limit: limit) else { throw .malformed }
            return answer
        }
    }

    /// Reads one request, and sends what `answer` makes of it; nil: the stream is reset.
    package static func serve(
        _ stream: any PeerStream, limit: Int, within time: Duration,
        _ answer: @escaping @Sendable ([UInt8]) async throws(StreamError) -> [UInt8]?
    ) async {
        do throws(StreamError) {
            try await limited(time) { () async throws(StreamError) in
                var messages = StreamMessages(stream)
                guard let request = try await messages.next(limit: limit) else { throw .malformed }
                guard let reply = try await answer(request) else { throw .malformed }
                try await stream.write(message: reply)
                try await stream.finish()
                while try await stream.read() != nil {}
            }
        } catch { stream.reset() }
    }

    /// Cancels `body` after some time.
    static func limited<Value: Sendable>(
        _ time: Duration, _ body: @escaping @Sendable () async throws(StreamError) -> Value
    ) async throws(StreamError) -> Value {
        let result = await withTaskGroup(of: Result<Value, StreamError>?.self) { group in
            group.addTask {
                do throws(StreamError) { return .success(try await body()) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(for: time)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let result else { throw .timedOut }
        return try result.get()
    }
}
