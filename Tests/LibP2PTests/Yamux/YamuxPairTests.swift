import LibP2P
import NIOCore
import PoAITestSupport
import Testing

@Suite struct YamuxPairTests {
    /// Eight MiB there and the same bytes back on one stream, through windows and buffers that are much smaller.
    @Test func transfersManyBytes() throws {
        var random = DeterministicRandom(seed: 3)
        let sent = random.bytes(8 << 20)
        var pair = YamuxPair()
        let id = try pair.with(0) { session, now in try session.open(at: now) }
        var position = 0
        var echo: [UInt8] = []
        var received: [UInt8] = []
        func push(_ session: inout YamuxSession) throws {
            let count = min(session.writableBytes(id), sent.count - position)
            guard count > 0 else { return }
            try session.write(Array(sent[position..<position + count]), to: id)
            position += count
            if position == sent.count { try session.finish(id) }
        }
        func pull(_ session: inout YamuxSession) throws {
            let count = min(session.writableBytes(id), echo.count)
            guard count > 0 else { return }
            try session.write(Array(echo.prefix(count)), to: id)
            echo.removeFirst(count)
        }
        try pair.with(0) { session, _ in try push(&session) }
        try pair.settle { side, action, session in
            switch action {
            case .received(_, let bytes):
                if side == 0 { received += bytes.readableBytesView } else { echo += bytes.readableBytesView }
                _ = try session.consume(bytes.readableBytes, of: id, at: .zero)
                if side == 1 { try pull(&session) }
            case .writable: if side == 0 { try push(&session) } else { try pull(&session) }
            default: break
            }
        }
        #expect(position == sent.count)
        #expect(received == sent)
    }

    @Test func carriesManyStreamsAtOnce() throws {
        var random = DeterministicRandom(seed: 4)
        var pair = YamuxPair(checkEvery: 50)
        var model = YamuxModel()
        for side in 0..<2 {
            for _ in 0..<250 {
                let id = try pair.with(side) { session, now in try session.open(at: now) }
                model.opened(id, by: side)
                let bytes = random.bytes(random.below(3000))
                try pair.with(side) { session, _ in
                    try session.write(bytes, to: id)
                    try session.finish(id)
                }
                model.wrote(bytes, id, by: side)
                model.finished(id, by: side)
            }
        }
        try pair.settle { side, action, session in
            model.saw(action, side)
            guard case .received(let id, let bytes) = action else { return }
            model.consumed(bytes.readableBytes, id, by: side)
            for action in try session.consume(bytes.readableBytes, of: id, at: .zero) { model.saw(action, side) }
        }
        model.expectAllArrived()
        #expect(pair.sessions.map(\.streamCount) == [500, 500])
        for side in 0..<2 {
            for id in model.open[side] where id.value % 2 == UInt32(side) {
                try pair.with(side) { session, _ in try session.finish(id) }
                model.finished(id, by: side)
            }
        }
        pair.settle { side, action, _ in model.saw(action, side) }
        model.expectAllArrived()
        #expect(pair.sessions.map(\.streamCount) == [0, 0])
    }

    @Test(arguments: UInt64(0)..<40) func randomUseAgreesWithTheModel(seed: UInt64) throws {
        var run = YamuxRandomRun(seed: seed)
        for _ in 0..<600 { try run.step() }
        try run.settle()
        run.model.expectAllArrived()
        #expect(run.model.received.count > 5)
        for side in 0..<2 { #expect(run.pair.sessions[side].streamCount == run.model.open[side].count) }
    }
}

/// Applications that open, write, consume, finish and reset at random, over a connection that delivers at random.
struct YamuxRandomRun {
    var pair: YamuxPair
    var model = YamuxModel()
    private var random: DeterministicRandom

    init(seed: UInt64) {
        random = DeterministicRandom(seed: seed)
        var limits = YamuxLimits()
        limits.sentFrame = 1 + random.below(20_000)
        pair = YamuxPair(limits)
    }

    mutating func step() throws {
        let side = random.below(2)
        switch random.below(20) {
        case 0..<2: try open(side)
        case 2..<8: try write(side)
        case 8..<10: try consume(side)
        case 10: try finish(side)
        case 11: if random.below(4) == 0 { try reset(side) }
        case 12:
            pair.now += .milliseconds(random.below(100))
            see(pair.with(side) { $0.tick(at: $1) }, side)
        case 13..<17: if let actions = pair.send(from: side) { see(actions, side) }
        default: see(pair.deliver(from: side, most: random.below(70_000)), 1 - side)
        }
    }

    /// Delivers and consumes all.
    mutating func settle() throws {
        for side in 0..<2 { see(pair.deliver(from: side), 1 - side) }
        var moved = true
        while moved {
            moved = false
            for side in 0..<2 {
                while let actions = pair.send(from: side) {
                    moved = true
                    see(actions, side)
                }
                see(pair.deliver(from: side), 1 - side)
                for id in model.open[1 - side] { try consumeAll(id, 1 - side) }
            }
        }
    }

    private mutating func see(_ actions: [YamuxAction], _ side: Int) {
        for action in actions { model.saw(action, side) }
    }

    private mutating func pick(_ side: Int) -> YamuxStreamID? {
        model.open[side].isEmpty ? nil : model.open[side][random.below(model.open[side].count)]
    }

    private mutating func open(_ side: Int) throws {
        model.opened(try pair.with(side) { session, now in try session.open(at: now) }, by: side)
    }

    private mutating func write(_ side: Int) throws {
        guard let id = pick(side), !model.finishedByWriter.contains(.init(id: id, from: side)) else { return }
        let most = random.below(6) == 0 ? 200_000 : 5_000
        let count = min(random.below(most), pair.sessions[side].writableBytes(id))
        let bytes = random.bytes(count)
        try pair.with(side) { session, _ in try session.write(bytes, to: id) }
        model.wrote(bytes, id, by: side)
    }

    private mutating func consume(_ side: Int) throws {
        guard let id = pick(side) else { return }
        let count = random.below(model.held[side][id, default: 0] + 1)
        model.consumed(count, id, by: side)
        see(try pair.with(side) { session, now in try session.consume(count, of: id, at: now) }, side)
    }

    private mutating func consumeAll(_ id: YamuxStreamID, _ side: Int) throws {
        let count = model.held[side][id, default: 0]
        guard count > 0 else { return }
        model.consumed(count, id, by: side)
        see(try pair.with(side) { session, now in try session.consume(count, of: id, at: now) }, side)
    }

    private mutating func finish(_ side: Int) throws {
        guard let id = pick(side), !model.finishedByWriter.contains(.init(id: id, from: side)) else { return }
        try pair.with(side) { session, _ in try session.finish(id) }
        model.finished(id, by: side)
    }

    private mutating func reset(_ side: Int) throws {
        guard let id = pick(side) else { return }
        try pair.with(side) { session, _ in try session.reset(id) }
        model.gaveUp(id, by: side)
    }
}
