import LibP2P

/// The command line: `LibP2PPeer [--seed HEX] [--listen ADDRESS]... [--no-early-muxer] [--gossip] [--kad]`.
struct Options {
    var key = NodeKey()
    var listen: [Multiaddr] = []
    var offersEarlyMuxer = true
    var hasGossip = false
    var hasKademlia = false

    /// - Throws: `RequestError`, `KeyError`, `MultiaddrError`.
    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            switch name {
            case "--no-early-muxer": offersEarlyMuxer = false
            case "--gossip": hasGossip = true
            case "--kad": hasKademlia = true
            case "--seed":
                guard let seed = rest.popFirst().flatMap(bytes(hex:)) else { throw RequestError.malformed(name) }
                key = try NodeKey(seed: seed)
            case "--listen":
                guard let text = rest.popFirst() else { throw RequestError.missing(name) }
                listen.append(try Multiaddr(text))
            default: throw RequestError.unknown("option '\(name)'")
            }
        }
    }
}
