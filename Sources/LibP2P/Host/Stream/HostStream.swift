import NIOCore
import Synchronization

/// A stream of a connection. Tasks use it from any thread; the connection looks after it on its event loop.
package final class HostStream: PeerStream {
    package let peer: PeerID
    package let isOutbound: Bool
    let number: YamuxStreamID
    /// The connection's number in the registry of the host.
    let connectionNumber: UInt64
    private let buffers = Mutex(StreamBuffers())
    private let connection: NIOLoopBound<YamuxHandler>

    init(
        _ number: YamuxStreamID, peer: PeerID, isOutbound: Bool, connectionNumber: UInt64, of connection: YamuxHandler,
        on loop: any EventLoop
    ) {
        self.connectionNumber = connectionNumber
        self.number = number
        self.peer = peer
        self.isOutbound = isOutbound
        self.connection = NIOLoopBound(connection, eventLoop: loop)
    }

    package var protocolName: String { buffers.withLock { $0.protocolName } }

    package func read() async throws(StreamError) -> [UInt8]? {
        guard !Task.isCancelled else { throw .cancelled }
        let (now, isServiceNeeded) = buffers.withLock { ($0.read(), $0.needsServiceAfterRead()) }
        if isServiceNeeded { serve() }
        if let now { return Self.bytes(try now.get()) }
        let result: Result<ByteBuffer?, StreamError> = await withTaskCancellationHandler {
            await withCheckedContinuation { reading in
                buffers.withLock { $0.wait(reading) }?.resume()
                if Task.isCancelled { cancelReading() }
            }
        } onCancel: {
            cancelReading()
        }
        if buffers.withLock({ $0.needsServiceAfterRead() }) { serve() }
        return Self.bytes(try result.get())
    }

    /// A cancelled write resets the stream, as nobody knows how much of it was sent.
    package func write(_ bytes: [UInt8]) async throws(StreamError) {
        guard !Task.isCancelled else { throw .cancelled }
        let (now, isServiceNeeded) = buffers.withLock { ($0.write(bytes), $0.needsService()) }
        if isServiceNeeded { serve() }
        if let now { return try now.get() }
        let later: Result<Void, StreamError> = await withTaskCancellationHandler {
            await withCheckedContinuation { writing in
                buffers.withLock { $0.wait(writing) }?.resume()
                if Task.isCancelled { end(.cancelled) }
            }
        } onCancel: {
            end(.cancelled)
        }
        try later.get()
    }

    package func finish() async throws(StreamError) {
        try buffers.withLock { $0.finish() }.get()
        askForService()
    }

    package func reset() { end(.reset) }

    /// Gives the stream up for a reason that its reader and its writer get.
    func end(_ reason: StreamError) {
        for wake in buffers.withLock({ $0.fail(reason, isLocal: true) }) { wake.resume() }
        askForService()
    }

    /// What follows when nobody holds the stream any more: one that was finished here is sent to its end, and the peer has
    /// `limit` to finish too.
    func release(limit: TimeAmount) {
        guard buffers.withLock({ $0.isFinished && !$0.isEnded }) else { return reset() }
        buffers.withLock { $0.discard() }
        askForService()
        connection.eventLoop.scheduleTask(in: limit) { [weak self] in self?.reset() }
    }

    /// Agrees on a protocol; the stream is reset when that fails. Runs once, before anything else is read or written.
    func negotiate(
        as side: consuming MultistreamSide, limit: TimeAmount
    ) async throws(StreamError) -> String {
        let timer = connection.eventLoop.scheduleTask(in: limit) { self.end(.timedOut) }
        defer { timer.cancel() }
        do throws(StreamError) {
            try await write(side.start())
            while let bytes = try await read() {
                var answer: [UInt8] = []
                let agreement: (name: String, leftOver: [UInt8])?
                do throws(MultistreamError) {
                    agreement = try side.receive(bytes) { answer += $0 }
                } catch { throw .negotiation(error) }
                try await write(answer)
                guard let agreement else { continue }
                buffers.withLock {
                    $0.protocolName = agreement.name
                    $0.putBack(agreement.leftOver)
                }
                return agreement.name
            }
            throw .reset
        } catch {
            reset()
            throw error
        }
    }

    /// Runs `body`, and ends the stream when that takes longer than `limit`.
    func within(
        _ limit: Duration, _ body: () async throws(StreamError) -> Void
    ) async throws(StreamError) {
        let timer = connection.eventLoop.scheduleTask(in: TimeAmount(limit)) { self.end(.timedOut) }
        defer { timer.cancel() }
        try await body()
    }

    /// Copies, in the task that reads.
    private static func bytes(_ buffer: ByteBuffer?) -> [UInt8]? { buffer.map { Array($0.readableBytesView) } }

    private func cancelReading() { buffers.withLock { $0.cancelReading() }?.resume() }

    private func askForService() { if buffers.withLock({ $0.needsService() }) { serve() } }

    private func serve() { connection.eventLoop.execute { self.connection.value.service(self) } }
}

/// What the connection does with a stream, on its event loop.
extension HostStream {
    func takeService() -> (consumed: Int, isReset: Bool) { buffers.withLock { $0.takeService() } }

    func takeOutgoing(_ most: Int) -> ArraySlice<UInt8>? {
        let taken = buffers.withLock { $0.takeOutgoing(most) }
        taken?.wake?.resume()
        return taken?.bytes
    }

    func takeFinish() -> Bool { buffers.withLock { $0.takeFinish() } }
    var hasOutgoing: Bool { buffers.withLock { $0.hasOutgoing } }

    /// Returns how many of the bytes are dealt with already. A reader that waits gets the rest by `wakeReader`.
    func deliver(_ bytes: ByteBuffer) -> Int { buffers.withLock { $0.deliver(bytes) } }
    func wakeReader() { buffers.withLock { $0.wakeReader() }?.resume() }
    func deliverEnd() { buffers.withLock { $0.deliverEnd() }?.resume() }
    func fail(_ error: StreamError) {
        for wake in buffers.withLock({ $0.fail(error, isLocal: false) }) { wake.resume() }
    }
}
