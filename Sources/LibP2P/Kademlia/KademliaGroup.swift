/// Addresses that one owner easily has many of. Limits on how many peers of a group the table holds make it expensive to
/// surround a node with peers of one attacker.
public struct KademliaGroup: Hashable, Sendable {
    private let prefix: [UInt8]

    /// The group of a binary multiaddr: for IPv4 the first 24 bits, for IPv6 the first 48 bits, where an IPv6 address that
    /// holds an IPv4 address counts as such. All addresses that start otherwise, as names do, are one group.
    public init(multiaddr: [UInt8]) {
        let isIPv4 = multiaddr.first == 4 && multiaddr.count >= 5
        let isIPv6 = multiaddr.first == 41 && multiaddr.count >= 17
        let ip = Array(multiaddr.dropFirst())
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]
        if isIPv4 {
            prefix = [4] + ip.prefix(3)
        } else if isIPv6, ip.starts(with: mapped) {
            prefix = [4] + ip.dropFirst(12).prefix(3)
        } else if isIPv6 {
            prefix = [41] + ip.prefix(6)
        } else {
            prefix = []
        }
    }
}
