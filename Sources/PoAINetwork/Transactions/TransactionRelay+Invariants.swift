import PoAIPrimitives

import struct LibP2P.PeerID

extension TransactionRelay {
    /// What does not hold and should, for tests; empty when all is well.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        func check(_ holds: Bool, _ text: String) { if !holds { broken.append(text) } }
        check(recent.count <= max(2, limits.known), "too many known hashes")
        check(wants.count <= limits.wanted, "too many wanted hashes")
        check(peers.count <= limits.peers, "too many peers")
        check(outbox.count < WireLimits.transactions, "a full announcement waits")
        var (queued, requested): ([Hash32: PeerID], [Hash32: UInt64]) = ([:], [:])
        for (id, peer) in peers {
            let open = requests.values.filter { $0.peer == id }
            check(open.count == peer.inFlight, "requests in flight are counted wrongly")
            check(open.reduce(0) { $0 + $1.hashes.count } == peer.requested, "requested hashes are counted wrongly")
            check(peer.inFlight <= limits.requestsPerPeer, "too many requests to a peer")
            check(peer.queue.count + peer.requested <= limits.wantedPerPeer, "too many hashes of a peer")
            for hash in peer.queue { check(queued.updateValue(id, forKey: hash) == nil, "a hash is queued twice") }
        }
        for (id, request) in requests {
            check(peers[request.peer] != nil, "a request to nobody")
            check((1...WireLimits.transactions).contains(request.hashes.count), "a request of a wrong length")
            for hash in request.hashes {
                check(requested.updateValue(id, forKey: hash) == nil, "a hash is asked twice")
            }
        }
        check(Set(queued.keys).union(requested.keys).isSubset(of: wants.keys), "a hash is fetched that nobody wants")
        for (hash, want) in wants {
            check(want.spares.count < max(1, limits.announcers), "too many announcers")
            check(want.spares.allSatisfy { peers[$0.peer] != nil }, "an announcer that is gone")
            check(!want.spares.contains { $0.peer == want.source.peer }, "an announcer is listed twice")
            switch want.stage {
            case .queued:
                check(queued[hash] == want.source.peer && requested[hash] == nil, "a queued hash is not in its queue")
            case .requested(let id):
                check(requested[hash] == id && queued[hash] == nil, "a requested hash is in no request")
            case .judging: check(queued[hash] == nil && requested[hash] == nil, "a delivered hash is fetched again")
            }
        }
        return broken
    }
}
