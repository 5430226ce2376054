import Testing

import LibP2P

@Suite struct GossipMeshTests {
    @Test func joiningGraftsDPeersAndTellsAll() throws {
        var test = try TestRouter(topics: [])
        for number in 1...20 { try test.connect(number) }
        let actions = try test.router.subscribe("t", now: test.now)
        test.check()
        let told = actions.sent.filter { $0.rpc.subscriptions == [GossipSubscription(subscribe: true, topic: "t")] }
        #expect(told.count == 20)
        #expect(actions.grafted == Set(test.mesh) && test.mesh.count == 6)
        #expect(try test.router.subscribe("t", now: test.now).isEmpty)
    }

    @Test func aPeerThatConnectsIsToldTheTopics() throws {
        var test = try TestRouter(topics: ["t", "u"])
        let hello = try test.connect(1).sent(to: 1)
        #expect(hello.map { $0.subscriptions.map(\.topic) } == [["t", "u"]])
        var silent = try TestRouter(topics: [])
        #expect(try silent.connect(1).isEmpty)
    }

    @Test func theHeartbeatFillsTheMeshBelowDLow() throws {
        var test = try TestRouter()
        for number in 1...4 { try test.connect(number) }
        #expect(test.beat().grafted.count == 4)
        for number in 5...20 { try test.connect(number) }
        #expect(test.beat().grafted.count == 2)
        #expect(test.mesh.count == 6)
        // Five are enough.
        test.disconnect(Int(test.mesh[0][2]))
        #expect(test.beat().grafted.isEmpty && test.mesh.count == 5)
    }

    @Test func onlySubscribersAreGrafted() throws {
        var test = try TestRouter()
        for number in 1...8 { try test.connect(number, topics: ["other"]) }
        #expect(test.beat().isEmpty)
        #expect(test.mesh.isEmpty)
    }

    @Test func theHeartbeatShrinksTheMeshToDWithOutboundPeers() throws {
        for seed in 1...20 {
            var test = try TestRouter(seed: UInt64(seed))
            for number in 1...12 { try test.connect(number) }
            for number in 13...15 { try test.connect(number, outbound: true) }
            for number in 1...15 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
            #expect(test.mesh.count == 15)
            let actions = test.beat()
            #expect(test.mesh.count == 6 && actions.pruned.count == 9)
            #expect(test.mesh.filter { $0[2] >= 13 }.count >= 2)
            for prune in actions.sent.flatMap(\.rpc.control.prune) { #expect(prune.backoff == 60) }
        }
    }

    @Test func theBestPeersStayWhenTheMeshShrinks() throws {
        var test = try TestRouter { $0.degreeOutbound = 0 }
        for number in 1...15 { try test.connect(number, outbound: true) }
        for number in 1...15 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
        for number in 3...6 { test.router.setApplicationScore(Double(number), of: peer(number)) }
        test.beat()
        #expect(test.mesh.count == 6)
        #expect((3...6).allSatisfy { test.mesh.contains(peer($0)) })
    }

    @Test func aFullMeshOfInboundPeersStillMeetsTheOutboundQuota() throws {
        var test = try TestRouter()
        for number in 1...12 { try test.connect(number) }
        for number in 1...12 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
        #expect(test.mesh.count == 12)
        for number in 13...20 { try test.connect(number, outbound: true) }
        test.beat()
        #expect(test.mesh.filter { $0[2] >= 13 }.count == 2)
        #expect((5...12).contains(test.mesh.count))
    }

    @Test func aFullMeshTakesOutboundPeersOnly() throws {
        var test = try TestRouter()
        for number in 1...12 { try test.connect(number) }
        for number in 1...12 { _ = test.receive(GossipControl(graft: ["t"]), from: number) }
        try test.connect(13)
        try test.connect(14, outbound: true)
        #expect(test.receive(GossipControl(graft: ["t"]), from: 13).pruned == [peer(13)])
        #expect(test.receive(GossipControl(graft: ["t"]), from: 14).isEmpty)
        #expect(test.mesh.contains(peer(14)) && !test.mesh.contains(peer(13)))
        #expect(test.score(13) == 0)
    }

    @Test func negativePeersLeaveTheMeshAndAreNotGrafted() throws {
        var test = try TestRouter()
        for number in 1...6 { try test.connect(number) }
        test.beat()
        test.router.setApplicationScore(-0.5, of: peer(3))
        #expect(test.beat().pruned == [peer(3)])
        test.beat(100)
        #expect(!test.mesh.contains(peer(3)) && test.mesh.count == 5)
        #expect(test.receive(GossipControl(graft: ["t"]), from: 3).pruned == [peer(3)])
        test.router.setApplicationScore(0, of: peer(3))
        test.disconnect(4)
        test.beat(63)
        #expect(test.mesh.contains(peer(3)))
    }

    @Test func leavingPrunesTheMeshWithAShortBackoff() throws {
        var test = try TestRouter()
        for number in 1...8 { try test.connect(number) }
        test.beat()
        let mesh = Set(test.mesh)
        let actions = test.router.unsubscribe("t", now: test.now)
        test.check()
        #expect(actions.pruned == mesh)
        #expect(actions.sent.flatMap(\.rpc.control.prune).allSatisfy { $0.backoff == 10 })
        #expect(actions.sent.filter { $0.rpc.subscriptions.first?.subscribe == false }.count == 8)
        #expect(test.router.mesh("t") == nil)
        #expect(test.router.unsubscribe("t", now: test.now).isEmpty)
        // Rejoining at once takes the two others; the former mesh follows after the backoff and the slack.
        #expect(try test.router.subscribe("t", now: test.now).grafted.isDisjoint(with: mesh))
        test.beat(11)
        #expect(test.mesh.count == 2)
        test.beat()
        #expect(test.mesh.count == 6)
    }

    @Test func aPeerThatLeavesTheTopicLeavesTheMesh() throws {
        var test = try TestRouter()
        for number in 1...3 { try test.connect(number) }
        test.beat()
        let leave = GossipRPC(subscriptions: [GossipSubscription(subscribe: false, topic: "t")])
        #expect(test.receive(leave, from: 2).isEmpty)
        #expect(Set(test.mesh) == [peer(1), peer(3)])
    }

    @Test(arguments: 1...8) func aPoorMeshIsImprovedOncePerMinute(_ seed: UInt64) throws {
        var test = try TestRouter(seed: seed)
        for number in 1...6 { try test.connect(number) }
        test.beat()
        for number in 7...12 { try test.connect(number) }
        for number in 9...12 { test.router.setApplicationScore(5, of: peer(number)) }
        test.beat(58)
        #expect(test.mesh.count == 6)
        let grafted = test.beat().grafted
        #expect(grafted.count == 2 && grafted.isSubset(of: [peer(9), peer(10), peer(11), peer(12)]))
        // A good mesh is left alone.
        for number in 1...6 { test.router.setApplicationScore(2, of: peer(number)) }
        test.beat(60)
        #expect(test.mesh.count == 8)
    }
}
