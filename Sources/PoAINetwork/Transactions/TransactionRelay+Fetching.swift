import PoAIPrimitives

import struct LibP2P.PeerID

extension TransactionRelay {
    /// What an envelope is taken to have whose size nobody said.
    static let sizeGuess = 256

    /// The requests to make now.
    public mutating func fetches(at now: Duration) -> [Fetch] {
        var fetches: [Fetch] = []
        for (id, peer) in peers where !peer.queue.isEmpty {
            while let fetch = fetch(from: id, at: now) { fetches.append(fetch) }
        }
        return fetches
    }

    private mutating func fetch(from id: PeerID, at now: Duration) -> Fetch? {
        guard var peer = peers[id], !peer.queue.isEmpty, peer.inFlight < limits.requestsPerPeer, peer.judging == 0,
            peer.bytes.tokens(at: now) > 0, peer.requests.take(1, at: now)
        else { return nil }
        var (count, estimate) = (0, 0)
        for hash in peer.queue.prefix(WireLimits.transactions) {
            let size = wants[hash]?.source.size ?? Self.sizeGuess
            if count > 0, estimate + size > WireLimits.softAnswer { break }
            count += 1
            estimate += size
        }
        let hashes = Array(peer.queue.prefix(count))
        peer.queue.removeFirst(count)
        peer.requested += count
        peer.inFlight += 1
        peer.bytes.charge(estimate, at: now)
        peers[id] = peer
        nextID += 1
        requests[nextID] = Request(peer: id, hashes: hashes, estimate: estimate, until: now + limits.requestTime)
        for hash in hashes { wants[hash]?.stage = .requested(nextID) }
        return Fetch(id: nextID, peer: id, hashes: hashes)
    }

    /// An answer came; hash and size of each envelope in it. Nil when nobody waits for it any more.
    public mutating func delivered(
        _ id: UInt64, _ items: [(hash: Hash32, size: Int)], at now: Duration
    ) -> Delivery? {
        guard let request = close(id) else { return nil }
        var delivery = Delivery()
        var rest = Set(request.hashes)
        for item in items {
            guard rest.remove(item.hash) != nil else {
                delivery.offence = .wrongAnswer
                continue
            }
            delivery.taken.append(item.hash)
            take(item.hash, at: now)
            peers[request.peer]?.judging += 1
        }
        let bytes = items.reduce(0) { $0 + $1.size }
        peers[request.peer]?.bytes.charge(bytes - request.estimate, at: now)
        let left = request.hashes.filter { rest.contains($0) }
        // An answer may stop when it is long; then the rest is asked for again.
        if !delivery.taken.isEmpty, bytes + WireLimits.transaction > WireLimits.softAnswer {
            for hash in left where !requeue(hash, request.peer) { delivery.resolved += retry(hash) }
        } else {
            for hash in left { delivery.resolved += retry(hash) }
            if missed(left.count, request.peer, hasDelivered: !delivery.taken.isEmpty), delivery.offence == nil {
                delivery.offence = .silent
            }
        }
        return delivery
    }

    /// The pool judged a delivered transaction.
    public mutating func judged(_ hash: Hash32, size: Int, _ verdict: PoolVerdict, at now: Duration) -> Resolution? {
        guard let want = wants[hash], want.stage == .judging else { return nil }
        wants[hash] = nil
        if let left = peers[want.source.peer]?.judging, left > 0 { peers[want.source.peer]?.judging = left - 1 }
        let (outcome, time): (Outcome, Duration) =
            switch verdict {
            case .added: (.added(size: size), limits.takenTime)
            case .known: (.known(size: size), limits.takenTime)
            case .refused: (.refused(size: size), limits.refusedTime)
            case .notYet: (.refused(size: size), timeUntilNextTry(of: hash))
            case .invalid: (.invalid, limits.invalidTime)
            }
        recent.change(hash) { note in
            note.until = now + time
            if case .notYet = verdict { note.refusals += 1 } else { note.refusals = 0 }
        }
        return Resolution(hash: hash, outcome: outcome)
    }

    private func timeUntilNextTry(of hash: Hash32) -> Duration {
        min(limits.againTime * (1 << min(recent[hash].refusals, 16)), limits.refusedTime)
    }

    /// When a transaction is to be tried again that the pool had no place for; nil for any other.
    public func nextTry(of hash: Hash32) -> Duration? {
        let note = recent[hash]
        return note.refusals > 0 ? note.until : nil
    }

    /// Whether an answer to the request is waited for.
    public func isOpen(_ id: UInt64) -> Bool { requests[id] != nil }

    /// No answer came, or none that could be read.
    public mutating func failed(_ id: UInt64) -> [Resolution] {
        guard let request = close(id) else { return [] }
        return request.hashes.flatMap { retry($0) }
    }

    /// Gives up what took too long. Call it every now and then.
    public mutating func expire(at now: Duration) -> (resolved: [Resolution], silent: [PeerID]) {
        var (resolved, silent): ([Resolution], [PeerID]) = ([], [])
        for (id, request) in requests where request.until <= now {
            resolved += failed(id)
            silent.append(request.peer)
        }
        let late = wants.filter { $0.value.stage == .queued && $0.value.until <= now }
        guard !late.isEmpty else { return (resolved, silent) }
        for (hash, _) in late {
            wants[hash] = nil
            resolved.append(Resolution(hash: hash, outcome: .missing))
        }
        for id in Set(late.values.map(\.source.peer)) { peers[id]?.queue.removeAll { late[$0] != nil } }
        return (resolved, silent)
    }

    /// A peer is gone.
    public mutating func left(_ peer: PeerID) -> [Resolution] {
        guard let entry = peers.removeValue(forKey: peer) else { return [] }
        for hash in Array(wants.keys) { wants[hash]?.spares.removeAll { $0.peer == peer } }
        let open = requests.filter { $0.value.peer == peer }.map(\.key)
        return open.flatMap { failed($0) } + entry.queue.flatMap { retry($0) }
    }

    private mutating func close(_ id: UInt64) -> Request? {
        guard let request = requests.removeValue(forKey: id) else { return nil }
        peers[request.peer]?.inFlight -= 1
        peers[request.peer]?.requested -= request.hashes.count
        return request
    }

    /// Noted before the pool has it, so that the pool's word of it is no news.
    private mutating func take(_ hash: Hash32, at now: Duration) {
        let isPublic = wants[hash]?.isPublic ?? true
        wants[hash]?.stage = .judging
        recent.change(hash) { note in
            note.until = now + limits.takenTime
            note.isPublic = note.isPublic || isPublic
        }
    }

    private mutating func requeue(_ hash: Hash32, _ peer: PeerID) -> Bool {
        guard enqueue(hash, peer) else { return false }
        wants[hash]?.stage = .queued
        return true
    }

    /// Turns to the next announcer; resolved when there is none.
    private mutating func retry(_ hash: Hash32) -> [Resolution] {
        while let want = wants[hash], let next = want.spares.first {
            wants[hash]?.spares.removeFirst()
            wants[hash]?.source = next
            if requeue(hash, next.peer) { return [] }
        }
        guard wants.removeValue(forKey: hash) != nil else { return [] }
        return [Resolution(hash: hash, outcome: .missing)]
    }

    /// Whether a peer failed to deliver too often in a row.
    private mutating func missed(_ count: Int, _ peer: PeerID, hasDelivered: Bool) -> Bool {
        let missed = hasDelivered ? 0 : (peers[peer]?.missed ?? 0) + count
        let isSilent = missed >= limits.missed
        peers[peer]?.missed = isSilent ? 0 : missed
        return isSilent
    }
}
