import Foundation

extension DiscoveryService {
    /// Addresses of a peer that are tried when the operator named its id only.
    private static let addressesTried = 3

    /// Dials an address; who is there, nil when nobody is.
    func reach(_ address: Multiaddr) async -> PeerID? {
        guard address.components.count == 1, let peer = address.peerID else {
            return try? await host.connect(to: address)
        }
        let known = state.withLock { $0.policy.addresses(of: peer) }
        for address in known.prefix(Self.addressesTried) {
            if let reached = try? await host.connect(to: address) { return reached }
        }
        for address in await kademlia?.findPeer(peer).prefix(Self.addressesTried) ?? [] where !known.contains(address) {
            if let reached = try? await host.connect(to: address) { return reached }
        }
        return nil
    }

    /// Notes how a dial ended.
    func finished(_ address: Multiaddr, _ peer: PeerID?, at now: Duration) {
        let seconds = UInt64(max(0, Date.now.timeIntervalSince1970))
        let isExplicit = state.withLock { state in
            guard let peer else {
                state.policy.failed(address, at: now)
                state.book.failed(address)
                return false
            }
            state.policy.reached(address, peer)
            state.book.reached(address, at: seconds)
            return state.policy.explicitPeers.contains(peer)
        }
        // Whose address the operator named without an id is known only now.
        if isExplicit, let peer { host.protect(peer, true) }
    }

    /// Takes in what the file holds, once.
    func loadBook() {
        guard let book, state.withLock({ $0.savedBook == nil }) else { return }
        do throws(PeerBookFileError) {
            let loaded = try book.load(report: report)
            state.withLock { state in
                (state.book, state.savedBook) = (loaded, loaded)
                for address in loaded.best where address.peerID != host.id && addresses.mayUse(address) {
                    guard let entry = loaded.entries[address] else { continue }
                    state.policy.learn(address, from: entry.source, failures: entry.failures)
                }
            }
        } catch { report("known peers are not read: \(error)") }
    }

    /// Writes the file when there is something new.
    func saveBook() {
        guard let book else { return }
        let changed = state.withLock { $0.book == $0.savedBook ? nil : $0.book }
        guard let changed else { return }
        do throws(PeerBookFileError) {
            try book.save(changed)
            state.withLock { $0.savedBook = changed }
        } catch { report("known peers are not written: \(error)") }
    }
}
