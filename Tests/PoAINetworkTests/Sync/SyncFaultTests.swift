import PoAIChain
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

import struct LibP2P.PeerID

/// Who is to blame, and who is not.
@Suite struct SyncFaultTests {
    @Test func aPeerWhoseRequestsFailIsNotPunishedAndAnotherIsAsked() throws {
        let source = try Node()
        try source.mine(30, miner: 2)
        var net = Net(try Node())
        var claim = source.claim
        claim.totalWork = .max
        _ = try net.add(source, .failing, claims: claim)
        _ = try net.add(source)
        try net.run()
        #expect(net.punished.isEmpty)
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(!net.isFinished)
    }

    @Test func aPeerThatClaimsWorkAndGivesNoHeadersIsPunishedAfterAFewTries() throws {
        let own = try Node()
        try own.mine(5, miner: 2)
        var net = Net(own)
        var claim = own.claim
        claim.totalWork = .max
        let liar = try net.add(own, .noHeaders, claims: claim)
        try net.run(100)
        #expect(net.punished == [liar: .brokenClaim])
        #expect(net.isFinished)
    }

    @Test func aPeerIsNotBlamedWhenThisNodeOvertakesIt() throws {
        let source = try Node()
        try source.mine(20, miner: 2)
        let own = try Node()
        var net = Net(own)
        _ = try net.add(source, .noHeaders)
        net.beforeAnswer = { net in
            if net.node.chain.head.header.number == 0 { try net.node.mine(25, miner: 3) }
        }
        try net.run(200)
        #expect(net.punished.isEmpty)
        #expect(own.chain.head.header.number == 25)
        #expect(net.isFinished)
    }

    @Test func aPeerThatChangesItsBranchMeanwhileIsFollowed() throws {
        let source = try Node()
        try source.mine(60, miner: 2)
        let other = try source.copy(25)
        try other.mine(45, miner: 3)
        var net = Net(try Node())
        let peer = try net.add(source)
        net.beforeAnswer = { net in
            guard net.headersSent >= 32, net.peers[0].node.chain.head.hash != other.chain.head.hash else { return }
            net.peers[0].node = other
            net.sync.peer(peer, claims: other.claim)
        }
        try net.run()
        #expect(net.punished.isEmpty)
        #expect(net.node.chain.head.hash == other.chain.head.hash)
    }

    @Test func anotherPeerGoesOnWithTheHeadersOfOneThatLeft() throws {
        let source = try Node()
        try source.mine(60, miner: 2)
        var net = Net(try Node())
        let first = try net.add(source)
        net.beforeAnswer = { net in
            guard net.headersSent == 32, net.peers.first?.id == first else { return }
            net.sync.left(first)
            net.peers = []
            _ = try net.add(source)
        }
        try net.run()
        #expect(net.punished.isEmpty)
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.headersSent == 60)
    }

    @Test func anErrorOfThisMachineCostsNoPeerAndIsTriedAgain() throws {
        let source = try Node()
        try source.mine(30, miner: 2)
        var net = Net(try Node())
        _ = try net.add(source)
        net.failingImports = 4
        try net.run()
        #expect(net.failingImports == 0)
        #expect(net.punished.isEmpty)
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.headersSent == 30)
    }

    @Test func endlessHeadersOfLittleWorkEnd() throws {
        let (own, endless) = (try Node(), try Node())
        try own.mine(80, miner: 2)
        try endless.mine(70, miner: 3)
        var limits = Net.limits
        limits.pendingHeaders = 40
        var net = Net(own, limits: limits)
        var claim = endless.claim
        claim.totalWork = .max
        let liar = try net.add(endless, claims: claim)
        try net.run(200)
        #expect(net.punished == [liar: .brokenClaim])
        #expect(net.headersSent < 60)
        #expect(net.bodyRequests.isEmpty)
    }

    @Test func bodiesAreKeptWithinTheirBytes() throws {
        let source = try Node()
        try source.mine(40, miner: 2)
        var limits = Net.limits
        // A block holds one transfer of about a hundred bytes.
        (limits.bodyBytes, limits.answerBytes) = (1000, 500)
        var net = Net(try Node(), limits: limits)
        _ = try net.add(source)
        var most = 0
        for _ in 0..<2000 {
            try net.run(1)
            most = max(most, net.sync.keptBodyBytes)
        }
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(most > 0 && most <= 1500)
    }

    @Test func headersKeptOverARestartAreNotAskedForAgain() throws {
        let source = try Node()
        try source.mine(60, miner: 2)
        var net = Net(try Node())
        _ = try net.add(source)
        net.beforeAnswer = { net in
            // No bodies: the restart comes while headers are fetched.
            net.waiting.removeAll { if case .requestBodies = $0 { true } else { false } }
        }
        while net.headersSent < 48 { try net.run(1) }
        let file = HeadersFile(
            folder: net.node.folder.path, genesis: try #require(try source.chain.reader.canonicalHash(at: 0)))
        try file.write(net.sync.pendingHeaders)
        var next = Net(net.node)
        #expect(try next.sync.resume(try file.read(), time: 1_100_000) == 48 - Int(net.node.chain.head.header.number))
        _ = try next.add(source)
        try next.run()
        #expect(next.node.chain.head.hash == source.chain.head.hash)
        #expect(next.headersSent == 12)
    }

    @Test func keptHeadersThatBreakARuleAreLeft() throws {
        let source = try Node()
        try source.mine(20, miner: 2)
        var headers = try ChainServer(source.chain.reader).headers(from: 1, count: 20)
        headers[7].bits ^= 1
        var net = Net(try Node())
        #expect(try net.sync.resume(headers, time: 1_100_000) == 7)
        _ = try net.add(source)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
    }

    @Test func aHeavierBranchTakesThePlaceOfKeptHeaders() throws {
        let source = try Node()
        try source.mine(20, miner: 2)
        let heavier = try source.copy(5)
        try heavier.mine(40, miner: 3)
        var net = Net(try Node())
        #expect(
            try net.sync.resume(ChainServer(source.chain.reader).headers(from: 1, count: 20), time: 1_100_000) == 20)
        _ = try net.add(heavier)
        try net.run()
        #expect(net.node.chain.head.hash == heavier.chain.head.hash)
        #expect(net.sync.pendingHeaders.isEmpty)
    }
}

/// Thousands of random events: peers of all manners come, change and go.
@Suite struct SyncRandomTests {
    @Test(arguments: [1, 2] as [UInt64]) func everyStepIsConsistentAndTheHonestChainWins(seed: UInt64) throws {
        let first = try Node()
        try first.mine(30, miner: 2)
        let second = try first.copy(12)
        try second.mine(40, miner: 3)
        let forger = try first.copy(20, blind: true)
        try forger.mine(50, miner: 4, falsely: true)
        let nodes = [first, second, forger]
        var net = Net(try Node(), seed: seed)
        for _ in 0..<4000 {
            switch net.random.below(12) {
            case 0 where net.peers.count < 8:
                let manner = Manner.allCases[net.random.below(Manner.allCases.count)]
                let node = nodes[net.random.below(3)]
                var claim = node.claim
                if net.random.below(4) == 0 { claim.totalWork = .max }
                _ = try net.add(node, manner, claims: claim)
            case 1 where !net.peers.isEmpty:
                let gone = net.peers.remove(at: net.random.below(net.peers.count))
                net.sync.left(gone.id)
            case 2 where !net.peers.isEmpty:
                let index = net.random.below(net.peers.count)
                net.peers[index].node = nodes[net.random.below(3)]
                net.sync.peer(net.peers[index].id, claims: net.peers[index].node.claim)
            case 3 where !net.waiting.isEmpty:
                switch net.takeWaiting() {
                case .requestHeaders(let id, _, _, _), .requestBodies(let id, _, _): net.sync.failed(id)
                case .importBlocks(let id, _): net.sync.imported(id, .failed)
                case .punish, .finished, nil: break
                }
            case 4: try net.step()
            default:
                if let action = net.takeWaiting() { try net.answer(action) }
            }
            #expect(net.sync.isConsistent)
            if net.random.below(2) == 0 { try net.step() }
        }
        for peer in net.peers { net.sync.left(peer.id) }
        (net.peers, net.waiting) = ([], net.waiting.filter { if case .importBlocks = $0 { true } else { false } })
        let honest = try net.add(second)
        try net.run()
        #expect(net.punished[honest] == nil)
        #expect(net.node.chain.head.hash == second.chain.head.hash)
    }
}
