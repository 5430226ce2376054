/// Why bytes are not an RPC of gossipsub.
public enum GossipWireError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Longer than `GossipRPC.maximumBytes`.
    case tooLong
    /// More fields than `GossipRPC.maximumFields`.
    case tooManyFields
    /// Not the protobuf of an RPC.
    case malformed

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooLong: "an RPC has at most \(GossipRPC.maximumBytes) bytes"
        case .tooManyFields: "an RPC has at most \(GossipRPC.maximumFields) fields"
        case .malformed: "the bytes are not the protobuf of an RPC"
        }
    }
}
