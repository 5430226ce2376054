/// Why a connection or a listener is not made, or ends.
public enum TransportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The upgrade failed.
    case upgrade(UpgradeError)
    /// What came after the upgrade cannot be decrypted, or nothing more can be encrypted.
    case session(NoiseError)
    /// The upgrade took too long.
    case timedOut
    /// The connection ended before its upgrade did.
    case closed
    /// Bytes were written before the upgrade was done.
    case notUpgraded
    /// Not an address of TCP over IPv4, IPv6 or `dns`.
    case unsupportedAddress(Multiaddr)

    /// One line for a person.
    public var description: String {
        switch self {
        case .upgrade(let error): error.description
        case .session(let error): error.description
        case .timedOut: "the peer took too long to upgrade the connection"
        case .closed: "the connection ended before it was upgraded"
        case .notUpgraded: "the connection is not upgraded"
        case .unsupportedAddress(let address): "cannot use \(address): need /ip4, /ip6 or /dns, then /tcp"
        }
    }
}
