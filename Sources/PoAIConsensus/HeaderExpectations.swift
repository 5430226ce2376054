import PoAIPrimitives
import PoAITypes

/// What the chain before a block demands of its header.
///
/// It depends on the parent alone, so a node derives it once per parent and then checks any number of headers against it
/// without touching the store; the miner builds its templates from the same values.
public struct HeaderExpectations: Hashable, Sendable {
    /// Hash of the parent.
    public let parentHash: Hash32
    /// Height of the block.
    public let number: UInt64
    /// The timestamp must be at least this, in seconds.
    public let minimumTimestamp: UInt64
    /// The compact target.
    public let bits: UInt32
    /// The target T that `bits` denotes.
    public let target: UInt256
    /// Key of the epoch that the block falls into.
    public let epochKey: Hash32
    /// Wei per gas that transactions of the block burn (EIP-1559).
    public let baseFee: UInt256

    /// Derives what a child of `parent` must look like.
    ///
    /// - Parameters:
    ///   - parent: a header that was checked and stored, or genesis.
    ///   - parentHash: its hash.
    ///   - context: finds the ancestors of the parent.
    /// - Returns: nil if an ancestor is not known, or the parent is at the last height that 64 bits can express.
    /// - Throws: only what `context` throws.
    public static func after<Context: HeaderContext>(
        _ parent: BlockHeader, hash parentHash: Hash32, spec: ChainSpec, in context: Context
    ) throws(Context.Failure) -> HeaderExpectations? {
        let (number, overflow) = parent.number.addingReportingOverflow(1)
        guard !overflow,
            let minimum = try minimumTimestamp(after: parent, at: number, spec: spec, in: context),
            let bits = try bits(after: parent, at: number, spec: spec, in: context),
            let target = CompactTarget.target(bits),
            let epochKey = try epochKey(at: number, after: parent, hash: parentHash, spec: spec, in: context)
        else { return nil }
        return HeaderExpectations(
            parentHash: parentHash, number: number, minimumTimestamp: minimum, bits: bits, target: target,
            epochKey: epochKey,
            baseFee: BaseFee.next(
                parentBaseFee: parent.baseFeePerGas, parentGasUsed: parent.gasUsed, parentGasLimit: parent.gasLimit))
    }

    /// One second more than the median time past; and for the last block of a retarget window no less than the timestamp of
    /// the window's first, so that no window runs backwards.
    private static func minimumTimestamp<Context: HeaderContext>(
        after parent: BlockHeader, at number: UInt64, spec: ChainSpec, in context: Context
    ) throws(Context.Failure) -> UInt64? {
        guard let median = try medianTimePast(parent, spec: spec, in: context) else { return nil }
        let next = median == .max ? .max : median + 1
        guard number < .max, Retarget.isDue(at: number + 1, interval: spec.retargetInterval) else { return next }
        let window = Retarget.window(at: number + 1, interval: spec.retargetInterval)
        guard window.first < window.last else { return next }
        guard let first = try context.ancestor(of: parent, at: window.first) else { return nil }
        return max(next, first.timestamp)
    }

    /// Median over the last `medianTimeBlocks` headers up to the parent, or over all if there are fewer.
    private static func medianTimePast<Context: HeaderContext>(
        _ parent: BlockHeader, spec: ChainSpec, in context: Context
    ) throws(Context.Failure) -> UInt64? {
        var timestamps = [parent.timestamp]
        var current = parent
        while current.number > 0, UInt64(timestamps.count) < spec.medianTimeBlocks {
            guard let previous = try context.ancestor(of: current, at: current.number - 1) else { return nil }
            timestamps.append(previous.timestamp)
            current = previous
        }
        return MedianTime.median(timestamps)
    }

    private static func bits<Context: HeaderContext>(
        after parent: BlockHeader, at number: UInt64, spec: ChainSpec, in context: Context
    ) throws(Context.Failure) -> UInt32? {
        guard Retarget.isDue(at: number, interval: spec.retargetInterval) else { return parent.bits }
        let window = Retarget.window(at: number, interval: spec.retargetInterval)
        guard window.first < window.last else { return parent.bits }
        guard let first = try context.ancestor(of: parent, at: window.first) else { return nil }
        return Retarget.nextBits(
            bits: parent.bits, first: first.timestamp, last: parent.timestamp,
            intervals: window.last - window.first, blockInterval: spec.blockInterval,
            powLimitBits: spec.powLimitBits)
    }

    private static func epochKey<Context: HeaderContext>(
        at number: UInt64, after parent: BlockHeader, hash parentHash: Hash32, spec: ChainSpec, in context: Context
    ) throws(Context.Failure) -> Hash32? {
        let index = EpochKey.index(of: number, epochBlocks: spec.epochBlocks)
        let seedHeight = EpochKey.seedHeight(of: index, epochBlocks: spec.epochBlocks)
        if seedHeight == parent.number { return EpochKey.key(seed: parentHash, index: index) }
        guard let seedBlock = try context.ancestor(of: parent, at: seedHeight) else { return nil }
        return EpochKey.key(seed: seedBlock.hash, index: index)
    }
}
