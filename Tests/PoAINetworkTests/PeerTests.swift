import PoAIChain
import PoAIConsensus
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

import struct LibP2P.PeerID

@Suite struct PeerTests {
    @Test func theFirstDifferenceOfStatusesIsTold() throws {
        let ours = WireTests.status()
        let pin = ModelPin(activationHeight: 0, sha256: ours.model, engine: ours.engine, name: "m")
        try ours.check(theirs: ours, expected: pin)
        let other = Keccak256.hash([9])
        let changes: [(HandshakeFault, (inout ChainStatus) -> Void)] = [
            (.engine(theirs: "exact-2", ours: "exact-1"), { $0.engine = "exact-2" }),
            (.model(theirs: other, ours: ours.model), { $0.model = other }),
            (.parameters(theirs: other, ours: ours.parameters), { $0.parameters = other }),
            (.genesis(theirs: other, ours: ours.genesis), { $0.genesis = other }),
            (.chainID(theirs: 8, ours: 7), { $0.chainID = 8 }),
            (.version(theirs: 2, ours: 1), { $0.version = 2 }),
        ]
        var all = ours
        for (fault, change) in changes {
            var theirs = ours
            change(&theirs)
            #expect(throws: fault) { try ours.check(theirs: theirs, expected: pin) }
            // The fields in front come first.
            change(&all)
            #expect(throws: fault) { try ours.check(theirs: all, expected: pin) }
            #expect(!fault.description.isEmpty)
        }
        // The head may be anywhere, and the model is the one that the spec pins there.
        var theirs = ours
        (theirs.head, theirs.height, theirs.totalWork, theirs.agent) = (other, 1, .zero, "x")
        try ours.check(theirs: theirs, expected: pin)
        let later = ModelPin(activationHeight: 1, sha256: other, engine: "exact-1", name: "n")
        #expect(throws: HandshakeFault.model(theirs: ours.model, ours: other)) {
            try ours.check(theirs: theirs, expected: later)
        }
    }

    static func peer(number: Int) throws -> PeerID {
        try PeerID(bytes: [0x12, 0x20] + Keccak256.hash([UInt8(number >> 8), UInt8(number & 0xFF)]).bytes)
    }

    @Test func aCrowdDoesNotRefillABucket() throws {
        var budget = PassBudget()
        let peer = try Self.peer(number: 0)
        for _ in 0..<8 { #expect(budget.take(peer, at: .zero) == true) }
        #expect(budget.take(peer, at: .zero) == false)
        var served = 1
        for number in 1..<2000 where budget.take(try Self.peer(number: number), at: .zero) { served += 1 }
        #expect(served == PassBudget.peers)
        #expect(budget.take(peer, at: .zero) == false)
        // Full ones make room: after 5 s all of the crowd are full again, and the first has one pass.
        #expect(budget.take(try Self.peer(number: 3000), at: .seconds(5)) == true)
        #expect(budget.take(peer, at: .seconds(5)) == true)
        #expect(budget.take(peer, at: .seconds(5)) == false)
    }

    @Test func aCrowdDoesNotClearPoints() throws {
        var peers = ChainPeers()
        let (connected, gone) = (try Self.peer(number: 0), try Self.peer(number: 1))
        peers.admit(connected, isOutbound: true, WireTests.status())
        #expect(peers.note(.unrequested, of: connected, at: .zero) == .none)
        #expect(peers.note(.malformed, of: gone, at: .zero) == .none)
        for number in 2..<3000 { _ = peers.note(.silent, of: try Self.peer(number: number), at: .zero) }
        #expect(peers.points(of: connected, at: .zero) == 2)
        #expect(peers.points(of: gone, at: .zero) == 40)
        let kept = try (2..<3000).count { peers.points(of: try Self.peer(number: $0), at: .zero) > 0 }
        #expect(kept == ChainPeers.remembered - 2)
    }
}
