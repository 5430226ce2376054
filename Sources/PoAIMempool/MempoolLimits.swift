import PoAIPrimitives

/// What a pool takes. Every number may be anything; zeros make a pool that takes nothing.
public struct MempoolLimits: Hashable, Sendable {
    /// Transactions altogether.
    public var count: Int
    /// Bytes of their encodings altogether.
    public var bytes: Int
    /// Transactions of one sender.
    public var perAccount: Int
    /// How far a nonce may be above the next executable one of its sender.
    public var nonceGap: UInt64
    /// Bytes of one transaction's encoding.
    public var transactionBytes: Int
    /// Least `maxPriorityFeePerGas`, in wei.
    public var minimumTip: UInt256
    /// Percent by which both fees of a replacement must be above those of the transaction it replaces.
    public var priceBump: UInt64
    /// Seconds after the last change of its sender's queue at which a transaction that cannot be executed is dropped.
    public var lifetime: UInt64

    /// The limits of a node that nobody configured.
    public init(
        count: Int = 16_384, bytes: Int = 64 << 20, perAccount: Int = 256, nonceGap: UInt64 = 64,
        transactionBytes: Int = 128 << 10, minimumTip: UInt256 = .zero, priceBump: UInt64 = 10,
        lifetime: UInt64 = 3 * 3600
    ) {
        self.count = count
        self.bytes = bytes
        self.perAccount = perAccount
        self.nonceGap = nonceGap
        self.transactionBytes = transactionBytes
        self.minimumTip = minimumTip
        self.priceBump = priceBump
        self.lifetime = lifetime
    }
}
