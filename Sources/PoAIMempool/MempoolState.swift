import PoAIPrimitives

/// What a pool asks about a sender.
public struct MempoolAccount: Hashable, Sendable {
    /// Number of transactions sent: the next one's nonce.
    public let nonce: UInt64
    /// Wei.
    public let balance: UInt256

    /// Puts the two together; both are zero for an account that does not exist.
    public init(nonce: UInt64 = 0, balance: UInt256 = .zero) {
        self.nonce = nonce
        self.balance = balance
    }
}

/// What a pool must know of the block that comes next.
public struct MempoolHead: Hashable, Sendable {
    /// Most gas in it.
    public let gasLimit: UInt64
    /// Its base fee in wei per gas.
    public let baseFee: UInt256

    /// Puts the two together.
    public init(gasLimit: UInt64, baseFee: UInt256) {
        self.gasLimit = gasLimit
        self.baseFee = baseFee
    }
}

/// The state after the head. The pool asks while it is locked: an implementation must not call the pool.
public protocol MempoolState: Sendable {
    /// Nonce and balance at the head; zeros if the account does not exist.
    func account(_ address: Address) throws(MempoolStateError) -> MempoolAccount
}

/// The state could not be read.
public struct MempoolStateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the store said, one line.
    public let detail: String

    /// Wraps the store's words.
    public init(detail: String) { self.detail = detail }

    /// One line.
    public var description: String { "mempool: the state cannot be read: \(detail)" }
}
