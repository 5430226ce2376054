/// How far an address reaches.
public enum AddressScope: Int, Hashable, Comparable, Sendable {
    /// This machine only.
    case loopback
    /// One network: the private ranges of RFC 1918, 6598 and 4193, and link-local ones.
    case privateNetwork
    /// Everybody. Names count as such, except `localhost`.
    case publicNetwork

    /// The scope of an address that begins with an IP address or a name; nil for other ones and for those that nobody can
    /// be reached at: unspecified, multicast and reserved ones.
    public init?(_ address: Multiaddr) {
        switch address.components.first {
        case .ip4(let ip): self.init(ipv4: ip.bytes)
        case .ip6(let ip): self.init(ipv6: ip.bytes)
        case .dns(let name), .dns4(let name), .dns6(let name):
            self = name.text.lowercased() == "localhost" ? .loopback : .publicNetwork
        case .tcp, .udp, .p2p, nil: return nil
        }
    }

    private init?(ipv4 bytes: [UInt8]) {
        guard let first = bytes.first, bytes.count == 4 else { return nil }
        let second = bytes[1]
        switch first {
        case 0, 224...255: return nil
        case 127: self = .loopback
        case 10: self = .privateNetwork
        case 100 where second & 0xC0 == 64: self = .privateNetwork
        case 169 where second == 254: self = .privateNetwork
        case 172 where second & 0xF0 == 16: self = .privateNetwork
        case 192 where second == 168: self = .privateNetwork
        default: self = .publicNetwork
        }
    }

    private init?(ipv6 bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        let isMapped = bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255])
        if isMapped {
            self.init(ipv4: Array(bytes.suffix(4)))
        } else if bytes.dropLast().allSatisfy({ $0 == 0 }) {
            guard bytes.last == 1 else { return nil }
            self = .loopback
        } else if bytes[0] == 0xFF {
            return nil
        } else {
            let isLinkLocal = bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
            self = isLinkLocal || bytes[0] & 0xFE == 0xFC ? .privateNetwork : .publicNetwork
        }
    }

    /// The nearer one is less.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Which addresses are dialled, told to peers and believed from them.
public struct AddressPolicy: Hashable, Sendable {
    /// Whether addresses of this machine are used, as for networks of many nodes on one machine. Limits on how many peers
    /// share an address group do not hold for them.
    public var allowsLoopback: Bool
    /// Whether addresses of private networks are used.
    public var allowsPrivate: Bool

    /// A policy; without arguments one that uses public and private addresses.
    public init(allowsLoopback: Bool = false, allowsPrivate: Bool = true) {
        self.allowsLoopback = allowsLoopback
        self.allowsPrivate = allowsPrivate
    }

    /// Whether this node uses an address: TCP over an IP address or name, of an allowed scope.
    public func mayUse(_ address: Multiaddr) -> Bool {
        let parts = address.components
        guard parts.count == 2 || (parts.count == 3 && address.peerID != nil), case .tcp(let port) = parts[1], port != 0
        else { return false }
        switch AddressScope(address) {
        case .loopback: return allowsLoopback
        case .privateNetwork: return allowsPrivate
        case .publicNetwork: return true
        case nil: return false
        }
    }

    /// Whether an address means something to a peer at `other`, and is believed from it: nobody far away hears or tells of
    /// addresses that are only good nearby. An unknown other one counts as far away.
    public func mayShare(_ address: Multiaddr, with other: AddressScope?) -> Bool {
        guard mayUse(address), let scope = AddressScope(address) else { return false }
        return scope >= other ?? .publicNetwork
    }
}

extension KademliaPeer {
    /// The peer with the addresses only that may be shared with a peer at `other`.
    func shared(with other: AddressScope?, by policy: AddressPolicy) -> KademliaPeer {
        var peer = self
        peer.addresses = addresses.filter { bytes in
            guard let address = try? Multiaddr(bytes: bytes) else { return false }
            return policy.mayShare(address, with: other) && (address.peerID.map { $0.bytes == id } ?? true)
        }
        return peer
    }
}

extension Multiaddr {
    /// The address without a peer at its end.
    var withoutPeer: Multiaddr? { peerID == nil ? self : try? Multiaddr(Array(components.dropLast())) }

    /// The address with `peer` at its end; nil when it names another one.
    func naming(_ peer: PeerID) -> Multiaddr? {
        if let named = peerID { return named == peer ? self : nil }
        return try? Multiaddr(components + [.p2p(peer)])
    }
}
