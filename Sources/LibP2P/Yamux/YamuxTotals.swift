/// Sums over the open streams of a session.
struct YamuxTotals: Hashable, Sendable {
    private(set) var inbound = 0
    private(set) var outbound = 0
    /// Streams of this side that the peer did not accept yet.
    private(set) var unacknowledged = 0
    /// Streams of the peer that this side did not accept yet.
    private(set) var unaccepted = 0
    private(set) var unconsumed = 0
    private(set) var queued = 0
    private(set) var windows = 0

    mutating func add(_ stream: YamuxStream, isOwn: Bool, times sign: Int = 1) {
        inbound += isOwn ? 0 : sign
        outbound += isOwn ? sign : 0
        unacknowledged += stream.handshake == .offeredToPeer ? sign : 0
        unaccepted += stream.handshake == .offeredByPeer ? sign : 0
        unconsumed += stream.receive.unconsumed * sign
        queued += stream.send.queued * sign
        windows += stream.receive.windowSize * sign
    }

    mutating func remove(_ stream: YamuxStream, isOwn: Bool) { add(stream, isOwn: isOwn, times: -1) }
}
