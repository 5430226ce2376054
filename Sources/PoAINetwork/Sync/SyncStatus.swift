/// How far the synchronisation is.
public struct SyncStatus: Hashable, Sendable {
    /// What it is busy with.
    public enum Stage: String, Hashable, Sendable {
        /// Headers, to learn whether a branch is heavier.
        case headers
        /// Blocks of a branch that is.
        case blocks
    }

    /// Height where it began.
    public var startingHeight: UInt64
    /// Height of the head.
    public var currentHeight: UInt64
    /// Height that the best peer claims, at least the head's.
    public var highestHeight: UInt64
    /// What it is busy with.
    public var stage: Stage
    /// Blocks by which the head rose in a second, over the last half minute; 0 before it rose.
    public var blocksPerSecond: Double

    /// Puts the parts together.
    public init(
        startingHeight: UInt64, currentHeight: UInt64, highestHeight: UInt64, stage: Stage = .headers,
        blocksPerSecond: Double = 0
    ) {
        (self.startingHeight, self.currentHeight, self.highestHeight) = (startingHeight, currentHeight, highestHeight)
        (self.stage, self.blocksPerSecond) = (stage, blocksPerSecond)
    }

    /// Seconds until the highest block at this speed; nil while the speed is not known.
    public var eta: Double? {
        blocksPerSecond > 0 ? Double(highestHeight - min(currentHeight, highestHeight)) / blocksPerSecond : nil
    }
}

/// How fast a height rises, over a sliding window. Pure.
package struct SyncRate {
    /// The window.
    package static let window = Duration.seconds(30)
    /// Samples kept: two in a second suffice.
    static let limit = 64

    private var samples: [(time: Duration, height: UInt64)] = []

    package init() {}

    /// The height at a time, not before the time of the last call.
    package mutating func note(_ height: UInt64, at now: Duration) {
        // What two samples before the one at the window's edge say is out of date.
        while samples.count > 1, samples[1].time <= now - Self.window { samples.removeFirst() }
        if let last = samples.last, samples.count > 1, now - last.time < Self.window / (Self.limit - 2) {
            samples[samples.count - 1].height = height
            return
        }
        samples.append((now, height))
        if samples.count > Self.limit { samples.removeFirst() }
    }

    /// Blocks in a second up to `now`; 0 when the height did not rise.
    package func perSecond(at now: Duration) -> Double {
        guard let first = samples.first, let last = samples.last, last.height > first.height, now > first.time
        else { return 0 }
        return Double(last.height - first.height) / ((now - first.time) / .seconds(1))
    }
}

extension ChainSync {
    /// The greatest height that a peer claims.
    var highestClaim: UInt64 { peers.map(\.claim.height).max() ?? 0 }

    /// Whether bodies are fetched already.
    var stage: SyncStatus.Stage { imports.isEmpty && bodyRequests.isEmpty ? .headers : .blocks }
}
