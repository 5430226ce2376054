/// The protocols of addresses by their multicodec, and the two forms of their values.
enum MultiaddrProtocol: UInt64, CaseIterable {
    case ip4 = 0x04
    case tcp = 0x06
    case ip6 = 0x29
    case dns = 0x35
    case dns4 = 0x36
    case dns6 = 0x37
    case udp = 0x0111
    case p2p = 0x01A5

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    init?(name: some StringProtocol) {
        guard let found = Self.byName[String(name)] else { return nil }
        self = found
    }

    init(of component: Multiaddr.Component) {
        self =
            switch component {
            case .ip4: .ip4
            case .ip6: .ip6
            case .dns: .dns
            case .dns4: .dns4
            case .dns6: .dns6
            case .tcp: .tcp
            case .udp: .udp
            case .p2p: .p2p
            }
    }

    var name: String { String(describing: self) }

    /// Bytes of a value, nil when a varint before the value says it.
    var valueLength: UInt64? {
        switch self {
        case .ip4: 4
        case .ip6: 16
        case .tcp, .udp: 2
        case .dns, .dns4, .dns6, .p2p: nil
        }
    }

    /// The component with a value in text form, nil when the value is bad.
    func component(text: Substring) -> Multiaddr.Component? {
        switch self {
        case .ip4: IPv4(text).map { .ip4($0) }
        case .ip6: IPv6(text).map { .ip6($0) }
        case .dns: DNSName(text).map { .dns($0) }
        case .dns4: DNSName(text).map { .dns4($0) }
        case .dns6: DNSName(text).map { .dns6($0) }
        case .tcp: Self.port(text).map { .tcp($0) }
        case .udp: Self.port(text).map { .udp($0) }
        case .p2p: (try? PeerID(text)).map { .p2p($0) }
        }
    }

    /// The component with a value in binary form, without its length; nil when the value is bad.
    func component(bytes: [UInt8]) -> Multiaddr.Component? {
        switch self {
        case .ip4: IPv4(bytes: bytes).map { .ip4($0) }
        case .ip6: IPv6(bytes: bytes).map { .ip6($0) }
        case .dns: DNSName(bytes: bytes).map { .dns($0) }
        case .dns4: DNSName(bytes: bytes).map { .dns4($0) }
        case .dns6: DNSName(bytes: bytes).map { .dns6($0) }
        case .tcp: Self.port(bytes).map { .tcp($0) }
        case .udp: Self.port(bytes).map { .udp($0) }
        case .p2p: (try? PeerID(bytes: bytes)).map { .p2p($0) }
        }
    }

    /// Code, length where the protocol has one, and value.
    static func bytes(of component: Multiaddr.Component) -> [UInt8] {
        let code = MultiaddrProtocol(of: component)
        let value: [UInt8] =
            switch component {
            case .ip4(let address): address.bytes
            case .ip6(let address): address.bytes
            case .dns(let name), .dns4(let name), .dns6(let name): Array(name.text.utf8)
            case .tcp(let port), .udp(let port): [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
            case .p2p(let peer): peer.bytes
            }
        return UVarint.encode(code.rawValue) + (code.valueLength == nil ? UVarint.prefixed(value) : value)
    }

    /// The text of the value.
    static func text(of component: Multiaddr.Component) -> String {
        switch component {
        case .ip4(let address): address.description
        case .ip6(let address): address.description
        case .dns(let name), .dns4(let name), .dns6(let name): name.text
        case .tcp(let port), .udp(let port): "\(port)"
        case .p2p(let peer): peer.description
        }
    }

    /// A decimal number without sign and zeros in front.
    private static func port(_ text: Substring) -> UInt16? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return UInt16(text)
    }

    private static func port(_ bytes: [UInt8]) -> UInt16? {
        bytes.count == 2 ? UInt16(bytes[0]) << 8 | UInt16(bytes[1]) : nil
    }
}
