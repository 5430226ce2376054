/// Why the server does not start.
public enum RPCServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another program listens there.
    case portInUse(host: String, port: Int)
    /// The system does not let the node listen there; `reason` is its own.
    case cannotListen(host: String, port: Int, reason: String)
    /// A value of the configuration is out of range.
    case badConfiguration(name: String)

    /// One line for people.
    public var description: String {
        switch self {
        case .portInUse(let host, let port):
            "RPC port \(port) on \(host) is in use, perhaps by another node; stop it or choose another RPC port"
        case .cannotListen(let host, let port, let reason):
            "cannot listen for RPC on \(host) port \(port) (\(reason)); choose another RPC address or port"
        case .badConfiguration(let name):
            "RPC setting \(name) is out of range; leave it out for the usual value"
        }
    }
}
