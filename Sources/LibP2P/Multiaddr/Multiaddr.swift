/// The address of a peer or of a way to it, a list of protocols with their values, outermost first
/// (https://github.com/multiformats/multiaddr). Text as in `/ip4/127.0.0.1/tcp/30800/p2p/12D3Koo…`.
public struct Multiaddr: Hashable, Sendable, CustomStringConvertible {
    /// The longest binary form that is read.
    public static let maximumLength = 1024
    /// The most components.
    public static let maximumComponents = 16

    /// One protocol and its value.
    public enum Component: Hashable, Sendable {
        /// IPv4.
        case ip4(IPv4)
        /// IPv6, without a zone.
        case ip6(IPv6)
        /// A name that resolves to addresses of both kinds.
        case dns(DNSName)
        /// A name that resolves to IPv4 addresses.
        case dns4(DNSName)
        /// A name that resolves to IPv6 addresses.
        case dns6(DNSName)
        /// A TCP port.
        case tcp(UInt16)
        /// A UDP port.
        case udp(UInt16)
        /// The peer itself.
        case p2p(PeerID)
    }

    /// 1...`maximumComponents` components.
    public let components: [Component]

    /// An address of these components.
    /// - Throws: `malformed` when there are none, `tooLong`.
    public init(_ components: [Component]) throws(MultiaddrError) {
        guard !components.isEmpty else { throw .malformed }
        guard components.count <= Self.maximumComponents else { throw .tooLong }
        self.components = components
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
    }

    /// Reads the text form.
    /// - Throws: `MultiaddrError`.
    public init(_ text: String) throws(MultiaddrError) {
        guard text.utf8.count <= 2 * Self.maximumLength else { throw .tooLong }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0].isEmpty else { throw .malformed }
        var components: [Component] = []
        var rest = parts.dropFirst()
        while let name = rest.popFirst() {
            guard !name.isEmpty else { throw .malformed }
            guard let code = MultiaddrProtocol(name: name) else {
                throw .unknownProtocol(String(visible: name, limit: 32))
            }
            guard let value = rest.popFirst(), let component = code.component(text: value) else {
                throw .badValue(protocol: code.name)
            }
            components.append(component)
        }
        try self.init(components)
    }

    /// Reads the binary form.
    /// - Throws: `MultiaddrError`.
    public init(bytes: [UInt8]) throws(MultiaddrError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        var components: [Component] = []
        var reader = ByteReader(bytes[...])
        while !reader.isEmpty {
            guard let code = try? reader.varint() else { throw .malformed }
            guard let known = MultiaddrProtocol(rawValue: code) else { throw .unknownProtocol("\(code)") }
            let length = known.valueLength ?? (try? reader.varint())
            guard let length, let value = reader.take(length), let component = known.component(bytes: Array(value))
            else { throw .badValue(protocol: known.name) }
            components.append(component)
        }
        try self.init(components)
    }

    /// The binary form.
    public var bytes: [UInt8] { components.flatMap { MultiaddrProtocol.bytes(of: $0) } }

    /// The text form.
    public var description: String {
        components.map { "/\(MultiaddrProtocol(of: $0).name)/\(MultiaddrProtocol.text(of: $0))" }.joined()
    }

    /// The peer that the address ends at, when it names one.
    public var peerID: PeerID? {
        if case .p2p(let peer) = components.last { peer } else { nil }
    }
}
