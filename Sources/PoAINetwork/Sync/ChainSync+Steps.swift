import PoAIChain
import PoAIPrimitives
import PoAITrie
import PoAITypes

import struct LibP2P.PeerID

extension ChainSync {
    /// Bodies that a peer sent, each with the hash of its block. What is missing is asked for again, of another peer if
    /// nothing came.
    public mutating func bodies(_ id: UInt64, _ answer: [(hash: Hash32, transactions: [Transaction])]) {
        guard let index = bodyRequests.firstIndex(where: { $0.id == id }) else { return }
        let request = bodyRequests.remove(at: index)
        var wanted = Set(request.hashes)
        for body in answer {
            guard wanted.remove(body.hash) != nil else { return punish(request.peer, .unrequested) }
            guard let place = branch?.place(of: body.hash), let header = branch?.headers[place] else { continue }
            guard OrderedTrie.root(of: body.transactions) == header.transactionsRoot else {
                return punish(request.peer, .wrongBody)
            }
            let bytes = body.transactions.reduce(0) { $0 + $1.encoded().count }
            bodies[body.hash] = Body(transactions: body.transactions, bytes: bytes)
            bodyBytes += bytes
        }
        update(request.peer) { peer in
            peer.failures = 0
            if answer.isEmpty { peer.lacksBodies = true }
        }
    }

    mutating func expire(_ now: Duration) {
        if let request = headerRequest, request.deadline <= now { punish(request.peer, .stalling) }
        for request in bodyRequests where request.deadline <= now {
            // Two requests of one peer count once.
            if peers.contains(where: { $0.id == request.peer }) { punish(request.peer, .stalling) }
        }
    }

    mutating func requestBodies(_ branch: PendingHeaders, _ now: Duration) {
        let asked = Set(bodyRequests.flatMap(\.hashes))
        var wanted: [Hash32] = []
        for (hash, header) in zip(branch.hashes, branch.headers).prefix(limits.bodyWindow)
        where bodies[hash] == nil && !asked.contains(hash) {
            if header.transactionsRoot == EmptyRoots.trie {
                bodies[hash] = Body(transactions: [], bytes: 0)
            } else {
                wanted.append(hash)
            }
        }
        while let lowest = wanted.first, let peer = freestPeer() {
            let expected = bodyBytes + (bodyRequests.count + 1) * limits.answerBytes
            let isFull = expected > limits.bodyBytes
            if isFull {
                // Nothing can be imported before the lowest block is there.
                guard imports.isEmpty, bodyRequests.isEmpty, lowest == branch.hashes.first else { break }
            }
            let hashes = Array(wanted.prefix(isFull ? 1 : limits.bodiesPerRequest))
            wanted.removeFirst(hashes.count)
            nextID += 1
            bodyRequests.append(
                BodyRequest(id: nextID, peer: peer, hashes: hashes, deadline: now + limits.answerTime))
            actions.append(.requestBodies(id: nextID, peer: peer, hashes: hashes))
            if isFull { break }
        }
    }

    private func freestPeer() -> PeerID? {
        let loads = peers.filter { !$0.lacksBodies && $0.restsUntil <= clock }.map { peer in
            (peer.id, bodyRequests.count { $0.peer == peer.id })
        }
        return loads.filter { $0.1 < limits.bodyRequestsPerPeer }.min { $0.1 < $1.1 }?.0
    }

    /// Hands over whole batches; less at the end of the branch, and when nothing more can be asked for before.
    mutating func importReady(_ branch: PendingHeaders) {
        while imports.count < limits.importsAhead, importPausedUntil <= clock {
            let start = importing
            let left = branch.headers.count - start
            var blocks: [Block] = []
            for place in start..<start + min(limits.importBatch, left) {
                guard let body = bodies[branch.hashes[place]] else { break }
                blocks.append(Block(header: branch.headers[place], transactions: body.transactions))
            }
            let isWhole = blocks.count == limits.importBatch || (blocks.count == left && headerRequest == nil)
            let isFull = imports.isEmpty && bodyBytes + limits.answerBytes > limits.bodyBytes
            guard !blocks.isEmpty, isWhole || isFull else { return }
            nextID += 1
            imports.append(Import(id: nextID, count: blocks.count))
            actions.append(.importBlocks(id: nextID, blocks))
        }
    }
}
