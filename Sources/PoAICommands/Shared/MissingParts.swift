import ArgumentParser

/// Options of parts that this version does not have: refused in plain words rather than ignored.
struct MissingParts: ParsableArguments {
    @Option(help: ArgumentHelp("Port for other nodes. There is no network yet.", valueName: "port"))
    var p2pPort: Int?

    @Option(help: ArgumentHelp("Another node's address. There is no network yet.", valueName: "multiaddr"))
    var peerMultiaddr: [String] = []

    @Option(help: .hidden)
    var multiaddr: [String] = []

    @Option(help: ArgumentHelp("Layers to compute on a GPU. There is no GPU engine yet.", valueName: "count"))
    var gpuLayers = 0

    func validate() throws {
        let alone = "this version's nodes do not talk to each other yet"
        if !multiaddr.isEmpty {
            throw ValidationError(
                "--multiaddr: there is no such option; you mean --peer-multiaddr, but \(alone) (drop it)")
        }
        if let p2pPort {
            guard (1...65_535).contains(p2pPort) else {
                throw ValidationError("--p2p-port: \(p2pPort) is no port from 1 to 65535; besides, \(alone) (drop it)")
            }
            throw ValidationError("--p2p-port: \(alone) (drop it)")
        }
        if !peerMultiaddr.isEmpty {
            throw ValidationError("--peer-multiaddr: \(alone) (drop it)")
        }
        if gpuLayers != 0 {
            throw ValidationError("--gpu-layers: this version computes on the CPU only (drop it, or give 0)")
        }
    }
}
