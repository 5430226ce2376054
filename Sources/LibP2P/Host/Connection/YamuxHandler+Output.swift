import NIOCore

// MARK: What goes out

extension YamuxHandler {
    /// Bytes that are written with one flush: four full Noise messages.
    private static let batch = 4 * NoiseFrame.maximumPlaintext
    /// Batches after which what was received gets its turn.
    private static let batches = 8

    /// Moves bytes of a stream to the session, as many as it has room for.
    func pump(_ stream: HostStream) {
        let number = stream.number
        while session.writableBytes(number) > 0, let bytes = stream.takeOutgoing(session.writableBytes(number)) {
            try? session.write(bytes, to: number)
        }
        if stream.hasOutgoing { waiting.insert(number) } else { waiting.remove(number) }
        if stream.takeFinish() { try? session.finish(number) }
    }

    /// Writes frames as long as the channel takes them; after some batches what was received gets its turn.
    func drain() {
        guard let context, !isDraining else { return }
        isDraining = true
        defer { isDraining = false }
        for _ in 0..<Self.batches {
            for number in waiting { streams[number].map(pump) }
            guard writeBatch(context) else { return }
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute { bound.value.drain() }
    }

    /// Whether there was anything to write.
    private func writeBatch(_ context: ChannelHandlerContext) -> Bool {
        guard context.channel.isWritable else { return false }
        var bytes = output
        output = ByteBuffer()  // so that there is one owner of the memory
        bytes.clear()
        let now = now
        while bytes.readableBytes < Self.batch, let actions = session.writeNext(into: &bytes, at: now) {
            perform(actions)
        }
        // Memory for a long batch is kept while such batches follow each other.
        output = bytes.readableBytes > NoiseFrame.maximumPlaintext / 4 ? bytes : ByteBuffer()
        guard bytes.readableBytes > 0 else { return false }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        return true
    }

    /// Has time pass when something is due.
    func rearm() {
        guard let context, let deadline = session.nextDeadline else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let wait = max(.zero, deadline - now)
        timer = context.eventLoop.scheduleTask(in: TimeAmount(wait)) {
            let handler = bound.value
            handler.perform(handler.session.tick(at: handler.now))
            handler.drain()
            handler.rearm()
        }
    }
}
