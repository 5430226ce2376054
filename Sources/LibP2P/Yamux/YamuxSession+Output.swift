/// A frame to send.
public struct YamuxOutput: Hashable, Sendable {
    /// All of it: header and data.
    public let bytes: [UInt8]
    /// What handing it out changed.
    public let actions: [YamuxAction]
}

extension YamuxSession {
    /// Takes the next frame to send. The owner asks whenever the connection takes more bytes. Control frames come first;
    /// then each stream that has data and a window gets one frame in turn.
    ///
    /// - Returns: nil if there is nothing to send now.
    public mutating func nextOutput(at now: Duration) -> YamuxOutput? {
        while let entry = control.popFirst() {
            switch entry {
            case .frame(let frame): return YamuxOutput(bytes: frame.encoded, actions: [])
            case .answer(let frame):
                answers -= 1
                return YamuxOutput(bytes: frame.encoded, actions: [])
            case .windowUpdate(let id):
                guard let frame = windowUpdate(id, at: now) else { continue }
                return YamuxOutput(bytes: frame.encoded, actions: [])
            }
        }
        while let id = line.popFirst() {
            guard let output = dataFrame(id) else { continue }
            return output
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

    private mutating func dataFrame(_ id: YamuxStreamID) -> YamuxOutput? {
        var actions: [YamuxAction] = []
        let before = streams[id]?.send.queued ?? 0
        let taken = update(id, &actions) { [limits] stream -> (bytes: [UInt8], isLast: Bool)? in
            stream.isInLine = false
            return stream.send.take(limits.sentFrame)
        }
        guard case .some(.some(let (bytes, isLast))) = taken else { return nil }
        let half = limits.streamSendBuffer / 2
        if case .open = streams[id]?.send, before > half, before - bytes.count <= half { actions.append(.writable(id)) }
        return YamuxOutput(bytes: YamuxFrame.data(id, isLast ? .fin : [], bytes).encoded, actions: actions)
    }
}
