import NIOCore

// MARK: What the session says

extension YamuxHandler {
    func perform(_ actions: [YamuxAction]) { for action in actions { perform(action) } }

    private func perform(_ action: YamuxAction) {
        switch action {
        case .opened(let number):
            guard let context else { return }
            owner?.opened(add(number, isOutbound: false, context), of: connection)
        case .received(let number, let bytes):
            consume(streams[number]?.deliver(bytes) ?? bytes.readableBytes, of: number)
            delivered.insert(number)
        case .finished(let number): streams[number]?.deliverEnd()
        case .reset(let number, _):
            streams[number]?.fail(.reset)
            remove(number)
        case .closed(let number): remove(number)
        case .writable(let number): streams[number].map(pump)
        case .roundTrip(let duration): owner?.measured(duration, of: connection)
        case .goingAway:
            isLeaving = true
            owner?.leaving(connection)
            closeSoonIfDone()
        case .accepted: break
        case .ended: finish()
        }
    }

    /// Once the peer wants no new streams, the last stream takes the connection along; not at once, as its last frame may
    /// be about to be written.
    private func closeSoonIfDone() {
        guard isLeaving, streams.isEmpty, let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.closeIfDone() }
    }

    private func closeIfDone() {
        guard streams.isEmpty, !hasEnded, let context else { return }
        drain()
        // What waits for the socket goes first; a peer that does not take it is found out by the keep-alive.
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in bound.value.close() }
    }

    private func finish() {
        guard !hasEnded else { return }
        hasEnded = true
        let all = streams.values
        streams = [:]
        waiting = []
        for stream in all { stream.fail(.disconnected) }
        owner?.ended(connection)
        drain()
        context?.close(promise: nil)
    }

    func add(_ number: YamuxStreamID, isOutbound: Bool, _ context: ChannelHandlerContext) -> HostStream {
        let stream = HostStream(
            number, peer: peer, isOutbound: isOutbound, connectionNumber: connection, of: self, on: context.eventLoop)
        streams[number] = stream
        owner?.counted(streams.count, of: connection)
        return stream
    }

    func remove(_ number: YamuxStreamID) {
        guard streams.removeValue(forKey: number) != nil else { return }
        waiting.remove(number)
        owner?.counted(streams.count, of: connection)
        closeSoonIfDone()
    }

    func consume(_ count: Int, of number: YamuxStreamID) {
        guard count > 0 else { return }
        perform((try? session.consume(count, of: number, at: now)) ?? [])
    }

    static func streamError(_ error: YamuxError) -> StreamError {
        switch error {
        case .streams: .limit("open streams")
        case .acknowledgementBacklog: .limit("streams that the peer has not accepted")
        case .ended, .goingAway, .exhausted: .disconnected
        case .unknownStream, .finished, .sendBuffer, .consumed: .reset
        }
    }
}
