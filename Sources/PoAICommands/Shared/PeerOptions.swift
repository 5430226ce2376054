import ArgumentParser
import PoAINode
import PoAITypes

import struct LibP2P.IPv4
import struct LibP2P.IPv6
import struct LibP2P.Multiaddr

/// How a node meets others.
struct PeerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "IP address that other nodes connect to; 0.0.0.0 unless given, on a devnet 127.0.0.1.", valueName: "address"
        ))
    var p2pHost: String?

    @Option(
        help: ArgumentHelp(
            "Its TCP port, 0: any that is free. Unless given 30800, or any if that is taken.", valueName: "port"))
    var p2pPort: Int?

    @Option(
        help: ArgumentHelp(
            "A node to stay connected to, such as /ip4/1.2.3.4/tcp/30800/p2p/12D3Koo…. Repeatable.",
            valueName: "multiaddr"),
        transform: Arguments.peer)
    var peerMultiaddr: [Multiaddr] = []

    @Option(help: .hidden)
    var multiaddr: [String] = []

    @Option(
        help: ArgumentHelp("A node to ask for others. Repeatable.", valueName: "multiaddr"), transform: Arguments.peer)
    var bootstrap: [Multiaddr] = []

    @Option(help: ArgumentHelp("Most nodes to be connected to; 50 unless given.", valueName: "count"))
    var maxPeers = 50

    @Flag(help: "Connect to no nodes but those named, and those that connect themselves.")
    var noDiscovery = false

    @Option(
        help: ArgumentHelp(
            "Where others reach this node if it cannot know, such as /ip4/1.2.3.4/tcp/30800.", valueName: "multiaddr"),
        transform: Arguments.place)
    var natAddress: Multiaddr?

    @Flag(help: "Meet no other nodes at all.")
    var noP2p = false

    func validate() throws {
        if !multiaddr.isEmpty {
            throw ValidationError("--multiaddr: there is no such option; you mean --peer-multiaddr")
        }
        if let p2pPort, !(0...65_535).contains(p2pPort) {
            throw ValidationError("--p2p-port: \(p2pPort) is no port from 0 to 65535")
        }
        if let p2pHost, IPv4(p2pHost) == nil, IPv6(p2pHost) == nil {
            throw ValidationError("--p2p-host: '\(p2pHost)' is no IP address (0.0.0.0: all of this machine)")
        }
        guard (1...1000).contains(maxPeers) else {
            throw ValidationError("--max-peers: \(maxPeers) is not from 1 to 1000 (--no-p2p: meet nobody)")
        }
        if noP2p, !peerMultiaddr.isEmpty || !bootstrap.isEmpty {
            throw ValidationError("--no-p2p: it cannot go with --peer-multiaddr or --bootstrap (drop one)")
        }
    }

    /// What the node is told; nil: it meets nobody.
    func configuration(for spec: ChainSpec) -> P2PConfiguration? {
        if noP2p { return nil }
        var configuration = P2PConfiguration()
        configuration.host = p2pHost ?? (spec.name == ChainSpec.Network.devnet.rawValue ? "127.0.0.1" : "0.0.0.0")
        configuration.port = p2pPort
        configuration.peers = peerMultiaddr
        configuration.bootstrap = bootstrap
        configuration.maxPeers = maxPeers
        configuration.discovers = !noDiscovery
        configuration.announced = natAddress
        return configuration
    }
}
