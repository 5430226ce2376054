import PoAIChain
import PoAINetwork
import PoAIPrimitives
import PoAITypes
import Testing

import struct LibP2P.PeerID

@Suite struct ChainSyncTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func threeHundredBlocksFromThreePeersOfWhichOneLiesAndOneStalls(
        seed: UInt64
    ) throws {
        let source = try Node()
        try source.mine(300, miner: 2)
        var net = Net(try Node(), seed: seed)
        let honest = try net.add(source)
        let liar = try net.add(source, .wrongBodies)
        let silent = try net.add(source, .silent)
        try net.run(4000)
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.punished[liar] == .wrongBody)
        #expect(net.punished[silent] == .stalling)
        #expect(net.punished[honest] == nil)
        #expect(net.isFinished)
    }

    @Test func aHeavierChainWithFalseSealsIsRefusedForTheTrueOne() throws {
        let (source, forger) = (try Node(), try Node(blind: true))
        try source.mine(20, miner: 2)
        try forger.mine(40, miner: 3, falsely: true)
        var net = Net(try Node())
        let honest = try net.add(source)
        let liar = try net.add(forger)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
        #expect(net.punished == [liar: .invalidSeal])
        #expect(net.bodyRequests[honest] != nil)
    }

    @Test func aLongForkIsTakenBack() throws {
        let (source, fork) = (try Node(), try Node())
        try source.mine(45, miner: 2)
        try fork.mine(35, miner: 3)
        var net = Net(fork)
        _ = try net.add(source)
        try net.run()
        #expect(fork.chain.head.hash == source.chain.head.hash)
        #expect(net.punished.isEmpty)
    }

    @Test func aPeerWithLessWorkThanItClaimsIsPunishedBeforeItsBodies() throws {
        let (own, short) = (try Node(), try Node())
        try own.mine(30, miner: 2)
        try short.mine(10, miner: 3)
        var net = Net(own)
        var claim = short.claim
        claim.totalWork = .max
        let liar = try net.add(short, claims: claim)
        try net.run()
        #expect(net.punished == [liar: .brokenClaim])
        #expect(net.bodyRequests[liar] == nil)
        #expect(own.chain.head.header.number == 30)
    }

    @Test func aStaleTipIsLeftInPeace() throws {
        let (own, stale) = (try Node(), try Node())
        try own.mine(5, miner: 2)
        try stale.mine(3, miner: 3)
        var net = Net(own)
        _ = try net.add(stale)
        try net.run()
        #expect(net.punished.isEmpty)
        #expect(own.chain.head.header.number == 5)
    }

    @Test func aPeerThatServesNoBodiesHoldsNobodyUp() throws {
        let source = try Node()
        try source.mine(30, miner: 2)
        var net = Net(try Node())
        _ = try net.add(source, .noBodies)
        _ = try net.add(source)
        try net.run()
        #expect(net.node.chain.head.hash == source.chain.head.hash)
    }

    @Test func aHeaderThatBreaksARuleCostsItsSender() throws {
        let source = try Node()
        try source.mine(10, miner: 2)
        var net = Net(try Node())
        let liar = try net.add(source, .badHeader)
        try net.run()
        #expect(net.punished == [liar: .invalidHeader])
        #expect(net.node.chain.head.header.number == 0)
    }
}
