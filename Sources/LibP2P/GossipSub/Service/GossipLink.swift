import Synchronization

/// The stream to one peer and what waits for it. One task writes.
package final class GossipLink: Sendable {
    private struct State: Sendable {
        var queue: GossipSendQueue
        var isLost = false
        var writingSince: ContinuousClock.Instant?
    }

    private let stream: any PeerStream
    private let state: Mutex<State>
    private let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(_ stream: any PeerStream, queueBytes: Int) {
        self.stream = stream
        state = Mutex(State(queue: GossipSendQueue(limit: queueBytes)))
    }

    /// Bytes that wait, with what they cost beside.
    package var waitingBytes: Int { state.withLock { $0.queue.byteCount } }
    /// How much found no room.
    package var dropped: Int { state.withLock { $0.queue.dropped } }

    /// Has frames sent after those before. Ends the link when there is no room for what must not be dropped.
    package func send(_ frames: [[UInt8]], _ importance: GossipSendQueue.Importance) {
        let isAccepted = state.withLock { state in
            guard !state.isLost else { return true }
            return frames.allSatisfy { state.queue.append($0, importance) }
        }
        if isAccepted { signal.yield() } else { close() }
    }

    /// Whether a write has waited for longer than `limit`.
    package func isStalled(for limit: Duration) -> Bool {
        state.withLock { $0.writingSince.map { ContinuousClock.now - $0 > limit } ?? false }
    }

    /// Ends the stream and drops what waits.
    package func close() {
        state.withLock { state in
            state.isLost = true
            state.queue.removeAll()
        }
        stream.reset()
        signal.finish()
    }

    /// Writes what is to be sent until the stream or the link ends, or the task is cancelled.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.write() }
            group.addTask { await self.watch() }
            await group.next()
            self.close()
            group.cancelAll()
        }
    }

    private func write() async {
        for await _ in signals {
            while let frame = next() {
                do throws(StreamError) { try await stream.write(frame) } catch { return }
                state.withLock { $0.writingSince = nil }
            }
        }
    }

    private func next() -> [UInt8]? {
        state.withLock { state in
            guard let frame = state.queue.popFirst() else { return nil }
            state.writingSince = .now
            return frame
        }
    }

    /// Nothing comes on this stream, but its end shows here first. A peer that finishes its side still reads.
    private func watch() async {
        do throws(StreamError) {
            guard try await stream.read() == nil else { return }
        } catch { return }
        for await _ in AsyncStream<Void>(unfolding: { try? await Task.sleep(for: .seconds(3600)) }) {}
    }
}

/// The stream of a peer, which is read once the stream to that peer is open.
package final class GossipInbound: Sendable {
    package let stream: any PeerStream
    private let (gate, opener) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    package init(_ stream: any PeerStream) { self.stream = stream }

    /// Lets it be read.
    package func open() { opener.yield() }

    /// Ends it.
    package func close() {
        opener.finish()
        stream.reset()
    }

    /// Returns when it may be read, or has ended.
    package func opened() async { for await _ in gate { return } }
}
