import LibP2P
import PoAITestSupport
import Testing

/// All steps from a byte stream to a muxer.
@Suite struct ConnectionUpgradeTests {
    private static let yamux = ["/yamux/1.0.0"]

    /// Two sides that are given each other's bytes, in pieces, until both are done or have nothing to say.
    private struct Talk {
        var dialer: ConnectionUpgrade
        var listener: ConnectionUpgrade
        var ofDialer: UpgradedConnection?
        var ofListener: UpgradedConnection?

        /// `early` is sent by each side, encrypted, at the moment that it is done.
        mutating func run(piece: Int = .max, early: [UInt8] = []) throws {
            var toListener = dialer.start()
            var toDialer = listener.start()
            var dialerLate: [UInt8] = []
            var listenerLate: [UInt8] = []
            while !toListener.isEmpty || !toDialer.isEmpty {
                try Self.step(&listener, &ofListener, &toListener, &toDialer, &listenerLate, piece, early)
                try Self.step(&dialer, &ofDialer, &toDialer, &toListener, &dialerLate, piece, early)
            }
            let seenByDialer = try ofDialer.map { try $0.leftOver + Self.open(&ofDialer, dialerLate) } ?? []
            let seenByListener = try ofListener.map { try $0.leftOver + Self.open(&ofListener, listenerLate) } ?? []
            #expect(seenByDialer == (ofListener == nil ? [] : early))
            #expect(seenByListener == (ofDialer == nil ? [] : early))
        }

        private static func open(_ connection: inout UpgradedConnection?, _ bytes: [UInt8]) throws -> [UInt8] {
            try connection?.session.open(bytes) ?? []
        }

        private static func step(
            _ side: inout ConnectionUpgrade, _ done: inout UpgradedConnection?, _ input: inout [UInt8],
            _ output: inout [UInt8], _ late: inout [UInt8], _ piece: Int, _ early: [UInt8]
        ) throws {
            let bytes = Array(input.prefix(piece))
            input = Array(input.dropFirst(piece))
            guard done == nil else {
                late += bytes
                return
            }
            for action in try side.receive(bytes) {
                switch action {
                case .send(let answer): output += answer
                case .upgraded(let connection):
                    done = connection
                    output += try done?.session.seal(early) ?? []
                }
            }
        }
    }

    private func talk(
        _ keys: (NodeKey, NodeKey) = (NodeKey(), NodeKey()), muxers: ([String], [String]) = (yamux, yamux),
        early: (Bool, Bool) = (true, true), expected: PeerID? = nil
    ) -> Talk {
        Talk(
            dialer: ConnectionUpgrade(
                .initiator, identity: keys.0, expected: expected, muxers: muxers.0, offersEarlyMuxer: early.0),
            listener: ConnectionUpgrade(
                .responder, identity: keys.1, muxers: muxers.1, offersEarlyMuxer: early.1))
    }

    @Test(arguments: [(true, true), (true, false), (false, true), (false, false)])
    func bothSidesAgree(_ early: (Bool, Bool)) throws {
        let keys = (NodeKey(), NodeKey())
        for piece in [1, 2, 7, 31, Int.max] {
            var talk = talk(keys, early: early, expected: keys.1.peerID)
            try talk.run(piece: piece, early: [1, 2, 3, 4, 5])
            #expect(try #require(talk.ofDialer).remotePeer == keys.1.peerID)
            #expect(try #require(talk.ofListener).remotePeer == keys.0.peerID)
            #expect(talk.ofDialer?.streamMuxer == "/yamux/1.0.0" && talk.ofListener?.streamMuxer == "/yamux/1.0.0")
            // What came early did not leave the two sides with different nonces.
            for byte in 0...3 as ClosedRange<UInt8> {
                let toListener = try talk.ofDialer?.session.seal([byte]) ?? []
                #expect(try talk.ofListener?.session.open(toListener) == [byte])
                let toDialer = try talk.ofListener?.session.seal([byte]) ?? []
                #expect(try talk.ofDialer?.session.open(toDialer) == [byte])
            }
        }
    }

    @Test func theDialersChoiceOfMuxer() throws {
        for early in [true, false] {
            var talk = talk(muxers: (["/a", "/b", "/c"], ["/c", "/b"]), early: (early, early))
            try talk.run()
            #expect(talk.ofDialer?.streamMuxer == "/b" && talk.ofListener?.streamMuxer == "/b")
        }
    }

    @Test func noMuxerInCommon() {
        var talk = talk(muxers: (["/a"], ["/b"]))
        #expect(throws: UpgradeError.negotiation(.nothingInCommon)) { try talk.run() }
    }

    @Test func anotherPeerThanDialled() {
        let (bob, carol) = (NodeKey(), NodeKey())
        var talk = talk((NodeKey(), bob), expected: carol.peerID)
        #expect(throws: UpgradeError.noise(.unexpectedPeer(bob.peerID, expected: carol.peerID))) { try talk.run() }
        #expect(talk.ofListener == nil)
        #expect(throws: UpgradeError.finished) { try talk.dialer.receive([]) }
    }

    @Test func plaintextIsRefused() throws {
        var listener = ConnectionUpgrade(.responder, identity: NodeKey(), muxers: Self.yamux)
        _ = listener.start()
        let offer = MultistreamLine.encode(MultistreamLine.header) + MultistreamLine.encode("/plaintext/2.0.0")
        guard case .send(let answer) = try listener.receive(offer).first else {
            Issue.record("no answer")
            return
        }
        #expect(answer == MultistreamLine.encode("na"))
    }

    @Test func nothingAfterTheEnd() throws {
        var talk = talk()
        try talk.run()
        #expect(throws: UpgradeError.finished) { try talk.dialer.receive([0]) }
        #expect(throws: UpgradeError.finished) { try talk.listener.receive([0]) }
        #expect(talk.dialer.start().isEmpty)
    }

    @Test func garbageNeverUpgrades() throws {
        var random = DeterministicRandom(seed: 30)
        for _ in 0..<300 {
            var talk = talk()
            let good = talk.dialer.start()
            _ = talk.listener.start()
            let bytes = (random.below(2) == 0 ? good : []) + random.bytes(random.below(300))
            let actions = (try? talk.listener.receive(bytes)) ?? []
            #expect(!actions.contains { if case .upgraded = $0 { true } else { false } })
        }
    }
}
