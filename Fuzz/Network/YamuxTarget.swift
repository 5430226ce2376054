import LibP2P

/// A Yamux session whose peer sends whatever it likes while its owner uses it: what holds between two calls holds, what
/// is held is within the limits, and what is sent are frames.
enum YamuxTarget {
    private static let limits: YamuxLimits = {
        var limits = YamuxLimits()
        (limits.inboundStreams, limits.outboundStreams, limits.acknowledgementBacklog) = (6, 4, 3)
        (limits.unconsumedBytes, limits.streamSendBuffer, limits.sessionSendBuffer) = (3000, 400, 900)
        (limits.pendingAnswers, limits.nuisances, limits.skippedStreams) = (5, 40, 4)
        return limits
    }()

    private struct Owner {
        var session: YamuxSession
        var output = YamuxFrameDecoder(maximumLength: YamuxTarget.limits.sentFrame)
        var now = Duration.zero
        var isOver = false
    }

    @Sendable static func run(_ input: [UInt8]) {
        frames(input)
        var script = InputScript(input)
        var owner = Owner(
            session: YamuxSession(role: script.below(2) == 0 ? .dialer : .listener, limits: limits, at: .zero))
        while !script.isEmpty {
            step(&owner, &script)
            let broken = owner.session.brokenInvariants
            require(broken.isEmpty, "\(broken)")
        }
    }

    /// The decoder alone: frames encode to the bytes they came from.
    private static func frames(_ input: [UInt8]) {
        var decoder = YamuxFrameDecoder(maximumLength: 4096)
        var cut = decoder
        decoder.append(input)
        var (read, other): ([YamuxFrame], [YamuxFrame]) = ([], [])
        let error = take(&decoder, &read)
        var otherError: YamuxFrameError?
        for part in pieces(input, of: 1 + Int(input.first ?? 0) % 32) {
            cut.append(part)
            otherError = take(&cut, &other)
        }
        require(read == other && error == otherError, "how the bytes are cut changes nothing")
        require(input.starts(with: read.flatMap(\.encoded)), "frames encode to the bytes they came from")
    }

    private static func take(_ decoder: inout YamuxFrameDecoder, _ frames: inout [YamuxFrame]) -> YamuxFrameError? {
        do throws(YamuxFrameError) {
            while let frame = try decoder.next() { frames.append(frame) }
            return nil
        } catch { return error }
    }

    private static func step(_ owner: inout Owner, _ script: inout InputScript) {
        let choice = script.byte()
        let id = YamuxStreamID(UInt32(choice >> 4))
        switch choice & 15 {
        case 0: receive(script.run(), &owner)
        case 1...6: receive(frame(&script), &owner)
        case 7, 8: while let output = owner.session.nextOutput(at: owner.now) { check(output, &owner) }
        case 9:
            owner.now += .milliseconds(script.number())
            note(owner.session.tick(at: owner.now), &owner)
        case 10: _ = try? owner.session.open(at: owner.now)
        case 11: if let id { try? owner.session.write(script.bytes(script.below(256)), to: id) }
        case 12: if let id { try? owner.session.finish(id) }
        case 13: if let id { try? owner.session.accept(id) }
        case 14:
            guard let id else { break }
            note((try? owner.session.consume(script.number(), of: id, at: owner.now)) ?? [], &owner)
        default:
            guard let id else { return note((try? owner.session.goAway()).map { [] } ?? [], &owner) }
            try? owner.session.reset(id)
        }
    }

    /// A frame that is nearly one: few kinds, few streams, and as much data as it says, or less.
    private static func frame(_ script: inout InputScript) -> [UInt8] {
        let (kind, stream, length) = (script.byte(), script.byte(), script.number())
        let isData = kind & 3 == 0
        let header = [0, kind & 3, 0, kind >> 4, 0, 0, 0, stream & 15, 0, kind & 4 == 0 ? 0 : script.byte()]
        let size = [UInt8(length >> 8), UInt8(truncatingIfNeeded: length)]
        return header + size + (isData ? [UInt8](repeating: stream, count: min(length, 2048)) : [])
    }

    private static func receive(_ bytes: [UInt8], _ owner: inout Owner) {
        note(owner.session.receive(bytes, at: owner.now), &owner)
    }

    private static func note(_ actions: [YamuxAction], _ owner: inout Owner) {
        for action in actions {
            require(!owner.isOver, "nothing follows the end")
            if case .ended = action { owner.isOver = true }
        }
        require(owner.isOver == (owner.session.end != nil), "the end is told")
    }

    private static func check(_ output: YamuxOutput, _ owner: inout Owner) {
        owner.output.append(output.bytes)
        var frames: [YamuxFrame] = []
        let error = take(&owner.output, &frames)
        require(error == nil && frames.count == 1 && owner.output.bufferedBytes == 0, "one whole frame is sent")
    }
}
