import Testing

import LibP2P

@Suite struct GossipExchangeTests {
    @Test func peerExchangeRecommendsGoodPeersOnly() throws {
        for enabled in [false, true] {
            var test = try TestRouter { $0.peerExchange = enabled }
            for number in 1...13 { try test.connect(number, record: [UInt8(number)]) }
            for number in 1...12 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
            test.router.setApplicationScore(-1, of: peer(5))
            let actions = test.receive(GossipControl(graft: ["t"]), from: 13)
            let prune = try #require(actions.sent(to: 13).first?.control.prune.first)
            #expect(prune.peers.count == (enabled ? 11 : 0))
            #expect(!prune.peers.contains { $0.peer == peer(5) || $0.peer == peer(13) })
            #expect(prune.peers.allSatisfy { $0.signedRecord == [$0.peer[2]] })
            // Not to a peer that should have waited.
            let again = test.receive(GossipControl(graft: ["t"]), from: 13)
            #expect(again.sent(to: 13).first?.control.prune.first?.peers == [])
        }
    }

    @Test func theHeartbeatRecommendsPeersToThoseItHasNoRoomFor() throws {
        var test = try TestRouter { $0.peerExchange = true }
        for number in 1...13 { try test.connect(number, outbound: true) }
        for number in 1...13 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
        let prunes = test.beat().sent.flatMap(\.rpc.control.prune)
        #expect(prunes.count == 7 && prunes.allSatisfy { $0.peers.count == 12 })
        // A peer that is pruned for its score is recommended none.
        test.router.setApplicationScore(-1, of: test.mesh[0])
        #expect(test.beat().sent.flatMap(\.rpc.control.prune).map(\.peers) == [[]])
    }

    @Test func recommendationsOfTrustedPeersOnlyAreFollowed() throws {
        let infos = (0..<40).map { GossipPeerInfo(peer: peer($0), signedRecord: [1]) }
        let control = GossipControl(prune: [GossipPrune(topic: "t", peers: infos, backoff: 60)])
        for (enabled, score, count) in [(true, 50.0, 16), (true, 49.9, 0), (false, 50.0, 0)] {
            var test = try TestRouter { $0.peerExchange = enabled }
            try test.connect(1)
            test.router.setApplicationScore(score, of: peer(1))
            let connects = test.receive(control, from: 1).connects
            #expect(connects.count == count)
            // Neither this node nor a connected peer.
            #expect(!connects.contains { $0.peer == peer(0) || $0.peer == peer(1) })
        }
    }
}
