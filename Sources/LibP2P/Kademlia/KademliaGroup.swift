/// Addresses that one owner easily has many of. Limits on how many peers of a group the table holds make it expensive to
/// surround a node with peers of one attacker.
public struct KademliaGroup: Hashable, Sendable {
    private let prefix: [UInt8]

    private static let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]
    private static let loopback: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]

    /// The group of a binary multiaddr: for IPv4 the first 24 bits, for IPv6 the first 48 bits, where an IPv6 address that
    /// holds an IPv4 address counts as such and `::1` is a group of its own. All addresses that start otherwise, as names
    /// do, are one group.
    public init(multiaddr: [UInt8]) {
        let isIPv4 = multiaddr.first == 4 && multiaddr.count >= 5
        let isIPv6 = multiaddr.first == 41 && multiaddr.count >= 17
        let ip = Array(multiaddr.dropFirst())
        if isIPv4 {
            prefix = [4] + ip.prefix(3)
        } else if isIPv6, ip.starts(with: Self.mapped) {
            prefix = [4] + ip.dropFirst(12).prefix(3)
        } else if isIPv6, ip.starts(with: Self.loopback) {
            prefix = [41] + Self.loopback
        } else if isIPv6 {
            prefix = [41] + ip.prefix(6)
        } else {
            prefix = []
        }
    }

    /// The group of an address.
    public init(_ address: Multiaddr) { self.init(multiaddr: address.bytes) }

    /// Whether its addresses are this machine's own: 127.0.0.0/8 or `::1`.
    public var isLoopback: Bool { prefix.starts(with: [4, 127]) || prefix == [41] + Self.loopback }
}
