import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

extension ChainSync {
    /// Why headers were not taken.
    private enum Refusal { case offence(SyncOffence), fromTheFuture, notNow }

    /// Headers that a peer sent.
    /// - Parameter time: this node's clock, in seconds since 1970.
    /// - Throws: when the stored chain cannot be read.
    public mutating func headers(_ id: UInt64, _ headers: [BlockHeader], time: UInt64) throws(ChainError) {
        guard let request = headerRequest, request.id == id else { return }
        headerRequest = nil
        update(request.peer) { $0.failures = 0 }
        guard headers.count <= limits.headersPerRequest else { return punish(request.peer, .unrequested) }
        let (tip, work) = (branch?.tipHash, branch?.totalWork)
        let changes = branchChanges
        var lastStored: Hash32?
        for (index, header) in headers.enumerated() {
            let isLinked = index > 0
            switch try take(header, isLinked: isLinked, from: request.peer, time, &lastStored) {
            case nil: continue
            case .fromTheFuture:
                headersComplete = true
                return update(request.peer) { $0.isExhausted = true }
            case .notNow: return dropBranch()
            case .offence(let offence): return punish(request.peer, offence)
            }
        }
        if branch?.headers.isEmpty ?? true, let lastStored { branch = try PendingHeaders(on: lastStored, reader) }
        guard let branch, branch.tipHash != tip, work.map({ branch.totalWork > $0 }) ?? true || branchChanges > changes
        else { return try judge(request) }
        if headers.count < limits.headersPerRequest, branch.totalWork >= request.claim.totalWork {
            headersComplete = true
        }
    }

    /// Takes one header of an answer; the reason if it is not taken.
    private mutating func take(
        _ header: BlockHeader, isLinked: Bool, from peer: PeerID, _ time: UInt64, _ lastStored: inout Hash32?
    ) throws(ChainError) -> Refusal? {
        let hash = header.hash
        if branch?.contains(hash) == true { return nil }
        if try reader.header(hash) != nil {
            lastStored = hash
            return nil
        }
        if try reader.invalidReason(hash) != nil { return .offence(.invalidBlock) }
        if branch?.tipHash != header.parentHash {
            // It leaves the branch at blocks that are being imported.
            if let place = branch?.place(of: header.parentHash), place + 1 < importing { return .notNow }
            guard try goBack(to: header.parentHash) else { return .offence(isLinked ? .invalidHeader : .unrequested) }
            guard branchChanges <= limits.branchChanges else { return .offence(.brokenClaim) }
        }
        switch try branch?.append(header, hash: hash, from: peer, rules, now: time) {
        case nil: noteHeaders()
        case .fromTheFuture?: return .fromTheFuture
        default: return .offence(.invalidHeader)
        }
        return nil
    }

    /// Makes a header of the branch, or a stored one, the tip: the provider has another branch. False if it is neither.
    private mutating func goBack(to parent: Hash32) throws(ChainError) -> Bool {
        if let place = branch?.place(of: parent) {
            let dropped = branch?.truncate(to: place + 1) ?? []
            for hash in dropped { removeBody(hash) }
            let left = Set(dropped)
            bodyRequests.removeAll { !left.isDisjoint(with: $0.hashes) }
            // Who lacked bodies of the other branch may have those of this one.
            for index in peers.indices { peers[index].lacksBodies = false }
            branchChanges += 1
        } else if let fresh = try PendingHeaders(on: parent, reader) {
            let hadHeaders = branch?.headers.isEmpty == false
            let provider = provider
            if hadHeaders { dropBranch() }
            self.provider = provider
            branch = fresh
            if hadHeaders { branchChanges += 1 }
        } else {
            return false
        }
        noteHeaders()
        return true
    }

    /// An answer brought nothing new: the provider has no more. It lied only if that is plainly less than it claimed, if
    /// it claimed the same all the time, and if this node has less work still.
    private mutating func judge(_ request: HeaderRequest) throws(ChainError) {
        guard let peer = peers.first(where: { $0.id == request.peer }), peer.claim == request.claim else { return }
        headersComplete = true
        let head = try reader.head()
        guard peer.claim.totalWork > head.totalWork, branch?.totalWork ?? .zero < peer.claim.totalWork else { return }
        let gaveHeaders = branch?.headers.isEmpty == false
        let isLighter = branch?.totalWork ?? .zero <= head.totalWork
        if gaveHeaders, isLighter {
            dropBranch()
            return punish(request.peer, .brokenClaim)
        }
        update(request.peer) { $0.fruitless += 1 }
        if peer.fruitless + 1 >= limits.fruitlessAnswers { punish(request.peer, .brokenClaim) }
    }

    /// Headers kept from an earlier run, each on the one before; those stored since are left out. Does nothing when there
    /// are headers already.
    ///
    /// - Parameter time: this node's clock, in seconds since 1970.
    /// - Returns: how many were taken; the rest, from the first that breaks a rule, is dropped.
    /// - Throws: when the stored chain cannot be read.
    public mutating func resume(_ headers: [BlockHeader], time: UInt64) throws(ChainError) -> Int {
        guard branch == nil else { return 0 }
        for header in headers.prefix(limits.pendingHeaders) {
            let hash = header.hash
            if branch == nil {
                if try reader.header(hash) != nil { continue }
                guard let fresh = try PendingHeaders(on: header.parentHash, reader) else { break }
                branch = fresh
            }
            guard try reader.invalidReason(hash) == nil,
                try branch?.append(header, hash: hash, from: nil, rules, now: time) == nil
            else { break }
        }
        if branch?.headers.isEmpty == true { branch = nil }
        return branch?.headers.count ?? 0
    }

    /// The headers that are not stored yet, upwards: what `resume` takes.
    public var pendingHeaders: [BlockHeader] { branch?.headers ?? [] }

    /// Gives up a branch that is imported, or that leads nowhere.
    mutating func endBranch(_ head: ChainHead) {
        guard imports.isEmpty, headerRequest == nil else { return }
        guard let branch else {
            // Nothing came: whom to ask is decided anew.
            if headersComplete { (provider, headersComplete) = (nil, false) }
            return
        }
        if branch.headers.isEmpty {
            if headersComplete { dropBranch() }
        } else if branch.totalWork > head.totalWork {
            guard !peers.isEmpty, peers.allSatisfy(\.lacksBodies) else { return }
            if let provider { update(provider) { $0.isExhausted = true } }
            dropBranch()
        } else if branch.headers.count >= limits.pendingHeaders {
            let liar = provider
            dropBranch()
            if let liar { punish(liar, .brokenClaim) }
        } else if headersComplete {
            dropBranch()
        }
    }

    /// Finds whom to ask for headers: of those who claim more work than this node has the one who claims most. A branch that
    /// is there stays.
    mutating func choose(_ head: ChainHead) {
        let (clock, claimants) = (clock, peers.filter { !$0.isExhausted && $0.claim.totalWork > head.totalWork })
        let best = claimants.filter { $0.restsUntil <= clock }.max { $0.claim.totalWork < $1.claim.totalWork }
        if let best {
            isIdle = false
            provider = best.id
            (headersComplete, branchChanges) = (false, 0)
            return
        }
        let isOfUse = branch.map { $0.totalWork > head.totalWork || peers.isEmpty } ?? false
        guard claimants.isEmpty, imports.isEmpty, !isOfUse else { return }
        if branch != nil { dropBranch() }
        if !isIdle { actions.append(.finished) }
        isIdle = true
    }

    mutating func requestHeaders(_ head: ChainHead, _ now: Duration) throws(ChainError) {
        guard let provider, let claim = peers.first(where: { $0.id == provider })?.claim, !headersComplete,
            headerRequest == nil, (branch?.headers.count ?? 0) < limits.pendingHeaders
        else { return }
        let locator = try locator(head)
        nextID += 1
        headerRequest = HeaderRequest(id: nextID, peer: provider, claim: claim, deadline: now + limits.answerTime)
        actions.append(
            .requestHeaders(id: nextID, peer: provider, locator: locator, limit: limits.headersPerRequest))
    }

    /// Hashes of the branch, then canonical hashes from the head down: ten, then at distances that double, and genesis.
    private func locator(_ head: ChainHead) throws(ChainError) -> [Hash32] {
        var hashes = Array((branch?.locator ?? []).prefix(32))
        let pending = hashes.count
        var (height, distance) = (head.header.number, UInt64(1))
        while height > 0, hashes.count < WireLimits.locator - 1 {
            if let hash = try reader.canonicalHash(at: height) { hashes.append(hash) }
            if hashes.count - pending >= 10 { distance &*= 2 }
            height = height > distance ? height - distance : 0
        }
        if let genesis = try reader.canonicalHash(at: 0) { hashes.append(genesis) }
        return hashes
    }
}
