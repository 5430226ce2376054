extension Multiaddr {
    /// Whether it has the form of an address that can be dialled: host, TCP port other than 0, and perhaps the peer.
    public var isReachableByTCP: Bool {
        guard components.count == 2 || (components.count == 3 && peerID != nil) else { return false }
        guard case .tcp(let port) = components[1], port > 0 else { return false }
        switch components[0] {
        case .ip4, .ip6, .dns, .dns4, .dns6: return true
        case .tcp, .udp, .p2p: return false
        }
    }
}
