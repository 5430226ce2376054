/// Why a node cannot be reached by others.
enum P2PError: Error, CustomStringConvertible {
    /// The host is no IP address, or the port no port.
    case badAddress(String)
    /// The operating system does not let it listen; why.
    case cannotListen(P2PConfiguration, String)

    /// One line, with the way out.
    var description: String {
        switch self {
        case .badAddress(let text): "--p2p-host: '\(text)' is no IP address"
        case .cannotListen(let configuration, let reason):
            "cannot listen on \(configuration.host), port \(configuration.port ?? P2PConfiguration.defaultPort): "
                + "\(reason) (choose another --p2p-host or --p2p-port, 0 takes any that is free, or --no-p2p)"
        }
    }
}
