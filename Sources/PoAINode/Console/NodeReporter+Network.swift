import Logging
import PoAINetwork

/// What the log says of the network.
extension NodeReporter {
    func networkReady(_ addresses: [String]) {
        for address in addresses { tell("p2p ready", address, ["multiaddr": "\(address)"]) }
    }

    @Sendable func network(_ event: NetworkEvent) {
        switch event {
        case .joined(let peer, let address, let status, let isOutbound):
            let place = address.map { "\($0)" } ?? "?"
            tell(
                "peer joined", "\(peer) at \(place), \(status.agent), height \(status.height)",
                [
                    "peer": "\(peer)", "address": "\(place)", "agent": "\(status.agent)", "height": "\(status.height)",
                    "inbound": "\(!isOutbound)",
                ])
        case .refused(let peer, let reason):
            tell("peer refused", "\(peer): \(reason)", ["peer": "\(peer)", "reason": "\(reason)"])
        case .left(let peer): tell("peer left", "\(peer)", ["peer": "\(peer)"])
        case .banned(let peer, let offence):
            tell(.warning, "peer banned", "\(peer): \(offence)", ["peer": "\(peer)", "reason": "\(offence)"])
        case .failed(let reason): tell(.warning, "network", "\(reason)", ["error": "\(reason)"])
        }
    }

    /// The progress line while the chain is behind; elsewhere a log line.
    func syncing(_ status: SyncStatus) {
        let (current, highest) = (status.currentHeight, status.highestHeight)
        let share = Double(current) / Double(max(highest, 1))
        let percent = HumanNumbers.fixed(100 * share, 1)
        let speed = HumanNumbers.fixed(status.blocksPerSecond, 1)
        let eta = status.eta.map(HumanNumbers.duration) ?? "?"
        let line = "block \(current) of \(highest)  \(percent) %  \(speed) blocks/s  ready in ~\(eta)"
        if console.isTerminal, format == .text {
            return console.showProgress("syncing \(HumanNumbers.bar(share)) \(line)")
        }
        tell(
            "syncing", line,
            [
                "height": "\(current)", "highest": "\(highest)", "blocksPerSecond": "\(speed)", "expected": "\(eta)",
                "stage": "\(status.stage)",
            ])
    }
}
