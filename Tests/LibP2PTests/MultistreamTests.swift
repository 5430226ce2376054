import LibP2P
import PoAITestSupport
import Testing

/// Both sides of multistream-select.
@Suite struct MultistreamTests {
    private static let header = Array("\u{13}/multistream/1.0.0\n".utf8)

    private static func line(_ text: String) -> [UInt8] { MultistreamLine.encode(text) }

    /// What the two sides sent and agreed on.
    private struct Outcome: Equatable {
        var dialer: MultistreamAction?
        var listener: MultistreamAction?
    }

    /// Lets the sides talk in pieces of `piece` bytes until both agree; after the dialer's bytes come `trailing` ones.
    private func talk(
        _ proposals: [String], _ spoken: [String], piece: Int = .max, trailing: [UInt8] = []
    ) throws -> Outcome {
        var dialer = MultistreamDialer(proposals)
        var listener = MultistreamListener(spoken)
        var toListener = dialer.start() + trailing
        var toDialer = listener.start()
        var outcome = Outcome()
        while !toListener.isEmpty || !toDialer.isEmpty {
            for action in try outcome.listener == nil ? listener.receive(take(piece, &toListener)) : [] {
                if case .send(let bytes) = action { toDialer += bytes } else { outcome.listener = action }
            }
            for action in try outcome.dialer == nil ? dialer.receive(take(piece, &toDialer)) : [] {
                if case .send(let bytes) = action { toListener += bytes } else { outcome.dialer = action }
            }
            if outcome.dialer != nil && outcome.listener != nil { break }
        }
        try #require(toListener.isEmpty && toDialer.isEmpty, "nothing is left to say to a side that agreed")
        return outcome
    }

    private func take(_ count: Int, _ bytes: inout [UInt8]) -> [UInt8] {
        defer { bytes = Array(bytes.dropFirst(count)) }
        return Array(bytes.prefix(count))
    }

    @Test func wireForm() throws {
        var dialer = MultistreamDialer(["/noise"])
        #expect(dialer.start() == Self.header + Array("\u{07}/noise\n".utf8))
        var listener = MultistreamListener(["/noise"])
        #expect(listener.start() == Self.header)
        #expect(
            try listener.receive(Self.header + Array("\u{07}/tls/1\n\u{07}/noise\nrest".utf8)) == [
                .send([3, 0x6E, 0x61, 0x0A]), .send(Array("\u{07}/noise\n".utf8)),
                .agreed(protocol: "/noise", leftOver: Array("rest".utf8)),
            ])
        #expect(dialer.start().isEmpty && listener.start().isEmpty)
    }

    @Test func echoAndPayloadInOnePacket() throws {
        var dialer = MultistreamDialer(["/noise"])
        _ = dialer.start()
        let actions = try dialer.receive(Self.header + Self.line("/noise") + [0, 1, 2])
        #expect(actions == [.agreed(protocol: "/noise", leftOver: [0, 1, 2])])
        #expect(throws: MultistreamError.finished) { try dialer.receive([3]) }
    }

    @Test func bytesOneAtATime() throws {
        for all in [Self.header + Self.line("/b"), Self.header + Self.line("na") + Self.line("/b")] {
            var dialer = MultistreamDialer(all.count > 24 ? ["/a", "/b"] : ["/b"])
            _ = dialer.start()
            var actions: [MultistreamAction] = []
            for byte in all {
                #expect(!actions.contains { if case .agreed = $0 { true } else { false } })
                actions += try dialer.receive([byte])
            }
            #expect(actions.last == .agreed(protocol: "/b", leftOver: []))
        }
    }

    @Test func firstChoiceOfTheDialerWins() throws {
        let agreed = MultistreamAction.agreed(protocol: "/b", leftOver: [])
        #expect(try talk(["/a", "/b", "/c"], ["/c", "/b"]) == Outcome(dialer: agreed, listener: agreed))
        #expect(throws: MultistreamError.nothingInCommon) { try talk(["/a", "/b"], ["/c"]) }
    }

    @Test func payloadWithTheFirstProposal() throws {
        let outcome = try talk(["/a"], ["/a"], trailing: [9, 9])
        #expect(outcome.listener == .agreed(protocol: "/a", leftOver: [9, 9]))
    }

    @Test func theHandlerDecides() throws {
        var listener = MultistreamListener { $0.hasPrefix("/meshsub/1.") }
        _ = listener.start()
        let actions = try listener.receive(Self.header + Self.line("/meshsub/1.2.0"))
        #expect(actions.last == .agreed(protocol: "/meshsub/1.2.0", leftOver: []))
    }

    @Test(
        arguments: [
            ([0x81, 0x08], .badLength),  // 1025 bytes
            ([0x80, 0x00], .badLength), (Array(repeating: 0xFF, count: 9), .badLength),
            ([0], .badLine), ([1, 0x0A], .badLine), ([2, 0x61, 0x61], .badLine), ([3, 0x61, 0x0A, 0x0A], .badLine),
            ([3, 0xC3, 0xA9, 0x0A], .badLine), ([3, 0x61, 0x20, 0x0A], .badLine), ([2, 0xFF, 0x0A], .badLine),
            (MultistreamLine.encode("/multistream/1.0.1"), .notMultistream),
            (MultistreamLine.encode("na"), .notMultistream),
        ] as [([UInt8], MultistreamError)])
    func badFirstLines(_ bytes: [UInt8], _ error: MultistreamError) {
        var listener = MultistreamListener(["/a"])
        _ = listener.start()
        #expect(throws: error) { try listener.receive(bytes) }
        #expect(throws: MultistreamError.finished) { try listener.receive(Self.header) }
        var dialer = MultistreamDialer(["/a"])
        _ = dialer.start()
        #expect(throws: error) { try dialer.receive(bytes) }
        #expect(throws: MultistreamError.finished) { try dialer.receive(Self.header) }
    }

    @Test func anotherAnswer() throws {
        var dialer = MultistreamDialer(["/a", "/b"])
        _ = dialer.start()
        #expect(throws: MultistreamError.unexpectedAnswer) { try dialer.receive(Self.header + Self.line("/b")) }
    }

    @Test func theLongestLine() throws {
        let longest = "/" + String(repeating: "x", count: 1022)
        var listener = MultistreamListener([longest])
        _ = listener.start()
        let actions = try listener.receive(Self.header + Self.line(longest))
        #expect(actions.last == .agreed(protocol: longest, leftOver: []))
        #expect(!MultistreamLine.isAllowed(longest + "x") && !MultistreamLine.isAllowed(""))
    }

    @Test func proposalsAreCounted() throws {
        var listener = MultistreamListener(["/a"])
        _ = listener.start()
        _ = try listener.receive(Self.header)
        for _ in 1..<MultistreamListener.maximumProposals {
            #expect(try listener.receive(Self.line("/x")) == [.send(Self.line("na"))])
        }
        #expect(throws: MultistreamError.tooManyProposals) { try listener.receive(Self.line("/x")) }
    }

    @Test func nothingBeforeTheStart() {
        var dialer = MultistreamDialer(["/a"])
        #expect(throws: MultistreamError.finished) { try dialer.receive(Self.header) }
        var listener = MultistreamListener(["/a"])
        #expect(throws: MultistreamError.finished) { try listener.receive(Self.header) }
    }

    @Test func anyCutGivesTheSame() throws {
        let whole = try talk(["/a", "/b"], ["/b"])
        for piece in 1...40 { #expect(try talk(["/a", "/b"], ["/b"], piece: piece) == whole) }
    }
}
