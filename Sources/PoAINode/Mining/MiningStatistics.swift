import PoAIPrimitives
import Synchronization

/// What the miner has done so far, for the console, JSON-RPC and metrics to read at any time.
public final class MiningStatistics: Sendable {
    /// One reading.
    public struct Snapshot: Sendable, Hashable {
        /// Tries since the node started.
        public var tries: UInt64 = 0
        /// Blocks of ours that became the head since the node started.
        public var blocks: UInt64 = 0
        /// Tries on the block being mined.
        public var triesOnBlock: UInt64 = 0
        /// Height of the block being mined; 0 before the first.
        public var height: UInt64 = 0
        /// Its target.
        public var target: UInt256 = .max
        /// The smallest ℓ̂ among the tries on it.
        public var best: UInt256?
        /// The loss of the latest try, in 2⁻¹⁶ nats.
        public var lastLoss: UInt64 = 0
        /// Tries per second over the last ten seconds or so; 0 at first.
        public var triesPerSecond = 0.0
    }

    private struct State {
        var snapshot = Snapshot()
        var samples: [(time: ContinuousClock.Instant, tries: UInt64)] = []
    }

    private let state = Mutex(State())

    /// Statistics of a node that has just started.
    public init() {}

    /// The figures now.
    public var snapshot: Snapshot { state.withLock(\.snapshot) }

    /// A new block is being mined. A fresh template of the same height and target goes on with the figures.
    package func begin(height: UInt64, target: UInt256, at time: ContinuousClock.Instant = .now) {
        state.withLock { state in
            if state.samples.isEmpty { state.samples.append((time, 0)) }
            guard state.snapshot.height != height || state.snapshot.target != target else { return }
            state.snapshot.height = height
            state.snapshot.target = target
            state.snapshot.triesOnBlock = 0
            state.snapshot.best = nil
        }
    }

    /// A batch of tries was made.
    package func tried(_ results: [(lhat: UInt256, loss: UInt64)], at time: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.snapshot.tries += UInt64(results.count)
            state.snapshot.triesOnBlock += UInt64(results.count)
            for result in results {
                state.snapshot.best = min(state.snapshot.best ?? .max, result.lhat)
                state.snapshot.lastLoss = result.loss
            }
            state.samples.append((time, state.snapshot.tries))
            while state.samples.count > 2, state.samples[1].time.duration(to: time) > .seconds(10) {
                state.samples.removeFirst()
            }
            let seconds = state.samples[0].time.duration(to: time) / .seconds(1)
            guard seconds > 0 else { return }
            state.snapshot.triesPerSecond = Double(state.snapshot.tries - state.samples[0].tries) / seconds
        }
    }

    /// A block of ours is the new head.
    package func foundBlock() {
        state.withLock { $0.snapshot.blocks += 1 }
    }
}

extension MiningStatistics.Snapshot {
    /// Tries that a block takes on average: 2²⁵⁶ ÷ target.
    public var expectedTries: Double { 1 / target.fractionOfMax }

    /// Seconds that a block takes on average at this speed; nil before the speed is known.
    public var expectedSeconds: Double? { triesPerSecond > 0 ? expectedTries / triesPerSecond : nil }
}

extension UInt256 {
    /// The value ÷ 2²⁵⁶, for people to read; never 0.
    package var fractionOfMax: Double {
        let (l0, l1, l2, l3) = limbs
        let scale = 1.0 / 18_446_744_073_709_551_616.0
        let fraction = (((Double(l0) * scale + Double(l1)) * scale + Double(l2)) * scale + Double(l3)) * scale
        return Swift.max(fraction, .leastNormalMagnitude)
    }
}
