import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

/// A chain mined by someone with a constant number of tries a second, where each block takes exactly its expected time.
///
/// The miner chooses the timestamps, within the rules. Two rules can be swapped for weaker ones, to show that the attacks
/// which they prevent are real.
struct RetargetSimulation {
    enum Rules {
        /// The rules of the specification, through `HeaderExpectations`.
        case specified
        /// Bitcoin's windows, which do not overlap: the time between two windows is measured by neither.
        case separateWindows
        /// The last block of a window may lie before the window's first.
        case backwardWindows
    }

    static let interval: UInt64 = 32
    static let block: UInt64 = 600
    /// Seconds a window should take.
    static let window = interval * block

    let rules: Rules
    /// Tries in 1000 seconds.
    var rate: UInt64
    private(set) var chain: MemoryChain
    private(set) var headers: [BlockHeader]
    /// Real time, in milliseconds.
    private(set) var clock: UInt64

    init(_ rules: Rules = .specified) throws {
        self.rules = rules
        let spec = try ChainSpec(
            name: "simulation", chainID: 1, blockInterval: Self.block, retargetInterval: Self.interval, epochBlocks: 64,
            powLimitBits: 0x2100_ffff, genesisBits: 0x1d00_ffff, genesisTimestamp: 1_000_000_000,
            models: ChainSpec.devnet().models)
        chain = MemoryChain(spec)
        headers = [chain.tip]
        clock = 1_000_000_000_000
        rate = 0
        rate = try tries(0x1d00_ffff) * 1000 / Self.block
    }

    /// Real time in seconds.
    var now: UInt64 { clock / 1000 }

    /// Mines one block; `choose` gets the lowest allowed timestamp and the real time, and its answer is kept within what the
    /// rules allow.
    mutating func mine(_ choose: (_ number: UInt64, _ minimum: UInt64, _ now: UInt64) -> UInt64) throws {
        let (bits, minimum) = try demands()
        clock += rate.dividingFullWidth(try tries(bits).multipliedFullWidth(by: 1_000_000)).quotient
        let timestamp = min(max(choose(chain.tip.number + 1, minimum, now), minimum), now + 7200)
        var header = try chain.template(timestamp: timestamp)
        header.bits = bits
        chain.append(header)
        headers.append(header)
    }

    /// Mines whole windows and gives the real seconds they took. The first window of a chain begins with block 1.
    mutating func mineWindows(
        _ count: UInt64, _ choose: (_ number: UInt64, _ minimum: UInt64, _ now: UInt64) -> UInt64 = { $2 }
    ) throws -> UInt64 {
        let start = now
        for _ in 0..<count * Self.interval { try mine(choose) }
        return now - start
    }

    /// Tries a block takes.
    private func tries(_ bits: UInt32) throws -> UInt64 {
        try #require(ForkChoice.work(bits: bits).asUInt64)
    }

    private func demands() throws -> (bits: UInt32, minimum: UInt64) {
        if rules == .specified {
            let expected = try chain.expectations()
            return (expected.bits, expected.minimumTimestamp)
        }
        let number = chain.tip.number + 1
        let minimum = MedianTime.median(headers.suffix(11).map(\.timestamp)) + 1
        guard Retarget.isDue(at: number, interval: Self.interval) else { return (chain.tip.bits, minimum) }
        let window = Retarget.window(at: number, interval: Self.interval)
        let first = rules == .separateWindows ? max(window.last + 1 - Self.interval, 1) : window.first
        let bits = Retarget.nextBits(
            bits: chain.tip.bits, first: headers[Int(first)].timestamp, last: chain.tip.timestamp,
            intervals: window.last - first, blockInterval: Self.block, powLimitBits: 0x2100_ffff)
        return (bits, minimum)
    }
}
