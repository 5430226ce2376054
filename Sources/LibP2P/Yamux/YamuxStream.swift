/// One open stream. Any pair of halves is possible but both ended, as such a stream is removed.
struct YamuxStream: Sendable {
    /// Where the acknowledgement stands.
    enum Handshake: Hashable, Sendable {
        /// This side opened it and the peer said nothing yet.
        case offeredToPeer
        /// The peer opened it and this side did not accept yet.
        case offeredByPeer
        case established
    }

    var handshake: Handshake
    var receive: YamuxReceiveHalf
    var send = YamuxSendHalf.open(YamuxSendQueue())
    /// It is in the session's line of streams with something to send.
    var isInLine = false
    /// Its window update is among the session's control frames.
    var isUpdatePending = false

    init(handshake: Handshake, at now: Duration) {
        self.handshake = handshake
        receive = .open(YamuxReceiveWindow(at: now))
    }

    var isClosed: Bool {
        guard case .finished(0) = receive, case .finished = send else { return false }
        return true
    }
}
