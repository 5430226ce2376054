/// Numbers under which the peer opened streams: all of its parity below `next`, but for those it skipped. Peers that open
/// streams from several threads send the first frames slightly out of order, so a skipped number may come later.
struct YamuxPeerNumbers: Hashable, Sendable {
    /// Above all numbers that were used.
    private(set) var next: UInt64
    private(set) var skipped: Set<UInt64> = []

    /// - Parameter role: of the peer.
    init(of role: YamuxRole) { next = role == .dialer ? 1 : 2 }

    func wasOpened(_ id: YamuxStreamID) -> Bool {
        UInt64(id.value) < next && !skipped.contains(UInt64(id.value))
    }

    /// Marks a number of the right parity as used.
    ///
    /// - Parameter mostSkipped: how many numbers the peer may leave out until it uses them.
    mutating func open(_ id: YamuxStreamID, mostSkipped: Int) throws(YamuxViolation) {
        let number = UInt64(id.value)
        guard !wasOpened(id) else { throw .reopened(id) }
        guard skipped.remove(number) == nil else { return }
        guard skipped.count + Int(number - next) / 2 <= mostSkipped else { throw .skippedStreams }
        skipped.formUnion(stride(from: next, to: number, by: 2))
        next = number + 2
    }
}
