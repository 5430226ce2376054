/// Why text or bytes are not a multiaddr that this project reads.
public enum MultiaddrError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than `Multiaddr.maximumLength` bytes or `Multiaddr.maximumComponents` components.
    case tooLong
    /// No component, no slash in front, or one at the end.
    case malformed
    /// A protocol that this project does not use; the text holds its name or code.
    case unknownProtocol(String)
    /// A value that its protocol does not allow, or none.
    case badValue(protocol: String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooLong: "the address is too long"
        case .malformed: "an address is made of /protocol/value"
        case .unknownProtocol(let name): "address protocol \(name) is not known"
        case .badValue(let name): "the address has a bad value after /\(name)"
        }
    }
}
