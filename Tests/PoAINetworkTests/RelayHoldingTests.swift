import PoAIChain
import PoAINetwork
import PoAIPrimitives
import Testing

import struct LibP2P.PeerID

/// Blocks that came before their parent.
@Suite struct RelayHoldingTests {
    /// An announcement of a block on another one.
    static func child(of parent: Hash32, _ nonce: UInt64 = 1) -> BlockAnnouncement {
        var header = WireTests.header()
        (header.parentHash, header.nonce) = (parent, nonce)
        return .header(header)
    }

    static func hash(_ announcement: BlockAnnouncement) -> Hash32 { announcement.header.hash }

    /// A relay in which the block `parent` waits for its import.
    static func relay(_ parent: BlockAnnouncement) throws -> BlockRelay {
        var relay = BlockRelay()
        #expect(relay.receive(parent, from: try RelayTests.peer(1), standing: .plausible, at: .zero) == .queued)
        return relay
    }

    static func hold(
        _ block: BlockAnnouncement, from byte: UInt8 = 2, _ relay: inout BlockRelay, at now: Duration = .zero
    ) throws -> BlockRelay.Decision {
        let parent = block.header.parentHash
        return relay.receive(
            block, from: try RelayTests.peer(byte), standing: .rejected(.missingParent(parent)), at: now)
    }

    @Test func aChildFollowsItsParentIn() throws {
        let parent = RelayTests.announcement(1)
        var relay = try Self.relay(parent)
        let child = Self.child(of: Self.hash(parent))
        #expect(try Self.hold(child, &relay) == .held)
        #expect((relay.count, relay.heldCount) == (1, 1))
        // Nobody else's copy is looked at meanwhile.
        #expect(try Self.hold(child, from: 3, &relay) == .ignore)
        let first = relay.next()
        #expect(relay.finish(try #require(first), .sideBranch, at: .zero) == nil)
        let waiting = try #require(relay.children(of: Self.hash(parent)).first)
        #expect(relay.resume(waiting, standing: .plausible, at: .zero) == .queued)
        #expect(relay.resume(waiting, standing: .plausible, at: .zero) == nil)
        #expect((relay.count, relay.heldCount) == (1, 0))
        let second = relay.next()
        #expect(second == waiting)
        #expect(relay.finish(waiting, .sideBranch, at: .zero) == nil)
    }

    @Test func whatBecameOfTheParentDecides() throws {
        let parent = RelayTests.announcement(1)
        let cases: [(HeaderStanding, BlockRelay.Decision)] = [
            (.knownInvalid("its parent"), .reject(.invalidBlock)), (.known, .ignore),
            (.rejected(.missingParent(Self.hash(parent))), .fetch(missing: Self.hash(parent))),
            (.rejected(.mutated(.zero)), .reject(.mutatedBody)),
        ]
        for (standing, decision) in cases {
            var relay = try Self.relay(parent)
            let child = Self.child(of: Self.hash(parent))
            #expect(try Self.hold(child, &relay) == .held)
            let waiting = try #require(relay.children(of: Self.hash(parent)).first)
            #expect(relay.resume(waiting, standing: standing, at: .zero) == decision)
            #expect(relay.heldCount == 0)
            // It may come again.
            #expect(try Self.hold(child, &relay) == .held)
        }
    }

    @Test func itWaitsBrieflyForAParentThatDidNotCome() throws {
        var relay = BlockRelay()
        let child = Self.child(of: .zero)
        #expect(try Self.hold(child, &relay) == .held)
        #expect(relay.expire(at: .milliseconds(299)).isEmpty)
        #expect(relay.expire(at: .milliseconds(300)).map(\.hash) == [Self.hash(child)])
        #expect(relay.expire(at: .seconds(9)).isEmpty)
        #expect(try Self.hold(child, &relay, at: .seconds(9)) == .held)
    }

    @Test func itWaitsLongerForAParentThatIsBeingVerified() throws {
        let parent = RelayTests.announcement(1)
        var relay = try Self.relay(parent)
        let child = Self.child(of: Self.hash(parent))
        let grandchild = Self.child(of: Self.hash(child))
        for block in [child, grandchild] { #expect(try Self.hold(block, &relay) == .held) }
        #expect(relay.expire(at: .milliseconds(4999)).isEmpty)
        #expect(Set(relay.expire(at: .seconds(5)).map(\.hash)) == [Self.hash(child), Self.hash(grandchild)])
    }

    @Test func fewMayWait() throws {
        var relay = BlockRelay()
        var held = 0
        for byte in UInt8(1)...9 {
            for nonce in UInt64(0)..<9 {
                let block = Self.child(of: .zero, UInt64(byte) * 100 + nonce)
                let decision = try Self.hold(block, from: byte, &relay)
                if decision == .held { held += 1 } else { #expect(decision == .fetch(missing: .zero)) }
                #expect(held <= BlockRelay.heldPerPeer * Int(byte))
            }
        }
        #expect(held == BlockRelay.heldLimit && relay.heldCount == held)
        #expect(relay.releaseAll().count == held)
        #expect(relay.heldCount == 0)
        #expect(try Self.hold(Self.child(of: .zero), from: 9, &relay) == .held)
    }
}
