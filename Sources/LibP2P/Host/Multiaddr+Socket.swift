import NIOCore

extension Multiaddr {
    /// The IP address and TCP port of a socket; nil for other sockets.
    init?(socket: SocketAddress) {
        guard let port = socket.port.flatMap(UInt16.init(exactly:)), let text = socket.ipAddress else { return nil }
        let host: Component? =
            switch socket {
            case .v4: IPv4(text).map { .ip4($0) }
            case .v6: IPv6(text.prefix { $0 != "%" }).map { Self.unmapped($0) }
            case .unixDomainSocket: nil
            }
        guard let host, let address = try? Multiaddr([host, .tcp(port)]) else { return nil }
        self = address
    }

    /// IPv4 within IPv6 (RFC 4291, section 2.5.5.2) as what it is.
    private static func unmapped(_ address: IPv6) -> Component {
        guard address.bytes.prefix(10).allSatisfy({ $0 == 0 }), address.bytes[10..<12].allSatisfy({ $0 == 0xFF }),
            let plain = IPv4(bytes: Array(address.bytes.suffix(4)))
        else { return .ip6(address) }
        return .ip4(plain)
    }
}
