import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITrie
import PoAITypes

import struct LibP2P.PeerID

extension ChainSync {
    /// Headers that a peer sent.
    /// - Parameter time: this node's clock, in seconds since 1970.
    /// - Throws: when the stored chain cannot be read.
    public mutating func headers(_ id: UInt64, _ headers: [BlockHeader], time: UInt64) throws(ChainError) {
        guard let request = headerRequest, request.id == id else { return }
        headerRequest = nil
        guard headers.count <= limits.headersPerRequest else { return punish(request.peer, .unrequested) }
        for header in headers {
            let hash = header.hash
            if branch == nil || branch?.headers.isEmpty == true, try reader.header(hash) != nil {
                branch = nil
                continue
            }
            if branch == nil {
                branch = try PendingHeaders(on: header.parentHash, reader)
                provider = request.peer
            }
            let rejection = try branch?.append(header, hash: hash, rules, now: time)
            if branch != nil, rejection == nil { continue }
            if case .fromTheFuture? = rejection { break }
            dropBranch()
            return punish(request.peer, .invalidHeader)
        }
        if headers.count < limits.headersPerRequest { headersComplete = true }
        if branch == nil { update(request.peer) { $0.isExhausted = true } }
    }

    /// Bodies that a peer sent, each with the hash of its block. What is missing the peer does not have.
    public mutating func bodies(_ id: UInt64, _ answer: [(hash: Hash32, transactions: [Transaction])]) {
        guard let index = bodyRequests.firstIndex(where: { $0.id == id }) else { return }
        let request = bodyRequests.remove(at: index)
        var wanted = Set(request.hashes)
        for body in answer {
            guard wanted.remove(body.hash) != nil else { return punish(request.peer, .unrequested) }
            guard let place = branch?.hashes.firstIndex(of: body.hash), let header = branch?.headers[place] else {
                continue
            }
            guard OrderedTrie.root(of: body.transactions) == header.transactionsRoot else {
                return punish(request.peer, .wrongBody)
            }
            bodies[body.hash] = body.transactions
        }
        if !wanted.isEmpty { update(request.peer) { $0.lacksBodies = true } }
    }

    mutating func expire(_ now: Duration) {
        if let request = headerRequest, request.deadline <= now { punish(request.peer, .stalling) }
        for request in bodyRequests where request.deadline <= now {
            // Two requests of one peer count once.
            if peers.contains(where: { $0.id == request.peer }) { punish(request.peer, .stalling) }
        }
    }

    /// Gives up a branch that is imported, or that leads nowhere.
    mutating func endBranch(_ head: ChainHead) {
        guard let branch, importing == 0, headerRequest == nil else { return }
        if headersComplete, branch.headers.isEmpty {
            if let provider { update(provider) { $0.isExhausted = true } }
            return dropBranch()
        }
        let isHeavier = branch.totalWork > head.totalWork
        guard !isHeavier, headersComplete || branch.headers.count >= limits.pendingHeaders else {
            if isHeavier, !peers.contains(where: { !$0.lacksBodies }) { dropBranch() }
            return
        }
        let liar = provider
        dropBranch()
        if let liar { punish(liar, .brokenClaim) }
    }

    mutating func choose(_ head: ChainHead) {
        let best = peers.filter { !$0.isExhausted && $0.claim.totalWork > head.totalWork }
            .max { $0.claim.totalWork < $1.claim.totalWork }
        if best == nil, !isIdle { actions.append(.finished) }
        isIdle = best == nil
        provider = best?.id
        headersComplete = false
    }

    mutating func requestHeaders(_ head: ChainHead, _ now: Duration) throws(ChainError) {
        guard let provider, !headersComplete, headerRequest == nil,
            (branch?.headers.count ?? 0) < limits.pendingHeaders
        else { return }
        let locator = try (branch?.hashes.last.map { [$0] } ?? []) + locator(head)
        nextID += 1
        headerRequest = HeaderRequest(id: nextID, peer: provider, deadline: now + limits.answerTime)
        actions.append(
            .requestHeaders(id: nextID, peer: provider, locator: locator, limit: limits.headersPerRequest))
    }

    /// Canonical hashes from the head down: ten, then at distances that double, and genesis.
    private func locator(_ head: ChainHead) throws(ChainError) -> [Hash32] {
        var hashes: [Hash32] = []
        var (height, distance) = (head.header.number, UInt64(1))
        while true {
            if let hash = try reader.canonicalHash(at: height) { hashes.append(hash) }
            if height == 0 { return hashes }
            if hashes.count >= 10 { distance &*= 2 }
            height = height > distance ? height - distance : 0
        }
    }

    mutating func requestBodies(_ branch: PendingHeaders, _ now: Duration) {
        let asked = Set(bodyRequests.flatMap(\.hashes))
        var wanted: [Hash32] = []
        for (hash, header) in zip(branch.hashes, branch.headers).prefix(limits.bodyWindow)
        where bodies[hash] == nil && !asked.contains(hash) {
            if header.transactionsRoot == EmptyRoots.trie { bodies[hash] = [] } else { wanted.append(hash) }
        }
        while !wanted.isEmpty, let peer = freestPeer() {
            let hashes = Array(wanted.prefix(limits.bodiesPerRequest))
            wanted.removeFirst(hashes.count)
            nextID += 1
            bodyRequests.append(
                BodyRequest(id: nextID, peer: peer, hashes: hashes, deadline: now + limits.answerTime))
            actions.append(.requestBodies(id: nextID, peer: peer, hashes: hashes))
        }
    }

    private func freestPeer() -> PeerID? {
        let loads = peers.filter { !$0.lacksBodies }.map { peer in
            (peer.id, bodyRequests.count { $0.peer == peer.id })
        }
        return loads.filter { $0.1 < limits.bodyRequestsPerPeer }.min { $0.1 < $1.1 }?.0
    }

    mutating func importReady(_ branch: PendingHeaders) {
        guard importing == 0 else { return }
        var blocks: [Block] = []
        for (hash, header) in zip(branch.hashes, branch.headers).prefix(limits.importBatch) {
            guard let transactions = bodies[hash] else { break }
            blocks.append(Block(header: header, transactions: transactions))
        }
        guard blocks.count == min(limits.importBatch, branch.headers.count), !blocks.isEmpty else { return }
        importing = blocks.count
        actions.append(.importBlocks(blocks))
    }
}
