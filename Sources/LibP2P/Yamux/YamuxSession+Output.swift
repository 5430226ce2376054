import NIOCore

/// A frame to send.
public struct YamuxOutput: Hashable, Sendable {
    /// All of it: header and data.
    public let bytes: [UInt8]
    /// What handing it out changed.
    public let actions: [YamuxAction]
}

extension YamuxSession {
    /// Takes the next frame to send and appends it to `bytes`. The owner asks whenever the connection takes more bytes.
    /// Control frames come first; then each stream that has data and a window gets one frame in turn.
    ///
    /// - Returns: what handing it out changed; nil if there is nothing to send now.
    public mutating func writeNext(into bytes: inout ByteBuffer, at now: Duration) -> [YamuxAction]? {
        if let frame = nextControl(at: now) {
            frame.encode(into: &bytes)
            return []
        }
        while let id = line.popFirst() {
            guard let actions = writeData(of: id, into: &bytes) else { continue }
            return actions
        }
        return nil
    }

    /// The same with the frame in an array.
    public mutating func nextOutput(at now: Duration) -> YamuxOutput? {
        var bytes = ByteBuffer()
        guard let actions = writeNext(into: &bytes, at: now) else { return nil }
        return YamuxOutput(bytes: Array(bytes.readableBytesView), actions: actions)
    }

    private mutating func nextControl(at now: Duration) -> YamuxFrame? {
        while let entry = control.popFirst() {
            switch entry {
            case .frame(let frame): return frame
            case .answer(let frame):
                answers -= 1
                return frame
            case .windowUpdate(let id):
                guard let frame = windowUpdate(id, at: now) else { continue }
                return frame
            }
        }
        return nil
    }

    private mutating func windowUpdate(_ id: YamuxStreamID, at now: Duration) -> YamuxFrame? {
        var actions: [YamuxAction] = []
        let delta = update(id, &actions) { stream -> Int in
            stream.isUpdatePending = false
            guard case .open(var window) = stream.receive else { return 0 }
            let delta = window.grant(at: now)
            stream.receive = .open(window)
            return delta
        }
        guard let delta, delta > 0 else { return nil }
        return .windowUpdate(id, [], delta: UInt32(clamping: delta))
    }

    private mutating func writeData(of id: YamuxStreamID, into bytes: inout ByteBuffer) -> [YamuxAction]? {
        var actions: [YamuxAction] = []
        let before = streams[id]?.send.queued ?? 0
        let written = update(id, &actions) { [limits] stream -> Int? in
            stream.isInLine = false
            return stream.send.write(most: limits.sentFrame, of: id, into: &bytes)
        }
        guard case .some(.some(let count)) = written else { return nil }
        let half = limits.streamSendBuffer / 2
        if case .open = streams[id]?.send, before > half, before - count <= half { actions.append(.writable(id)) }
        return actions
    }
}
