import NIOCore

/// An IPv4 network that this machine has an address in.
package struct MDNSInterface: Hashable, Sendable {
    /// This machine's address, four bytes.
    package let address: [UInt8]
    /// Which bits of an address are the same on the whole network, four bytes.
    package let mask: [UInt8]

    /// Nil unless both have four bytes and the address is one that a machine can have.
    package init?(address: [UInt8], mask: [UInt8]) {
        guard address.count == 4, mask.count == 4, let first = address.first, (1..<224).contains(first) else {
            return nil
        }
        (self.address, self.mask) = (address, mask)
    }

    init?(_ device: NIONetworkDevice) {
        guard case .v4? = device.address, let address = device.address?.ipAddress.flatMap({ IPv4($0) }) else {
            return nil
        }
        let mask = device.netmask?.ipAddress.flatMap { IPv4($0) }?.bytes ?? [255, 255, 255, 255]
        self.init(address: address.bytes, mask: mask)
    }

    /// Whether only this machine is there.
    package var isLoopback: Bool { address.first == 127 }

    /// How far its addresses reach. Whoever is on the same network as a public address is near all the same.
    package var scope: AddressScope { isLoopback ? .loopback : .privateNetwork }

    /// Whether an address is of the network (RFC 6762, section 11: messages from elsewhere are ignored).
    package func contains(_ other: [UInt8]) -> Bool {
        guard other.count == 4 else { return false }
        return zip(mask, zip(address, other)).allSatisfy { mask, pair in (pair.0 ^ pair.1) & mask == 0 }
    }

    /// The address with this machine's own one in place of 0.0.0.0, which stands for all of them.
    package func specified(_ listening: Multiaddr) -> Multiaddr {
        guard case .ip4(let ip)? = listening.components.first, ip.bytes == [0, 0, 0, 0], let own = IPv4(bytes: address),
            let specified = try? Multiaddr([.ip4(own)] + listening.components.dropFirst())
        else { return listening }
        return specified
    }
}
