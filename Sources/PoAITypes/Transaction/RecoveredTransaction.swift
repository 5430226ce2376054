import PoAIPrimitives

/// A transaction whose signature was verified, with the account that signed it and its hash, so that neither is computed
/// twice.
public struct RecoveredTransaction: Hashable, Sendable {
    /// The transaction.
    public let transaction: Transaction
    /// Who signed it.
    public let sender: Address
    /// `transaction.hash`.
    public let hash: Hash32

    /// Recovers the sender, which takes tens of microseconds.
    ///
    /// - Throws: `TransactionFault.signature`.
    public init(_ transaction: Transaction) throws(TransactionFault) {
        self.transaction = transaction
        sender = try transaction.recoverSender()
        hash = transaction.hash
    }

    /// What the transaction says.
    public var fields: TransactionFields { transaction.fields }

    /// Names a sender without a signature, for tests that are given one and calls that need none.
    ///
    /// - Parameter transaction: its signature is not looked at.
    package init(unverified transaction: Transaction, sender: Address) {
        self.transaction = transaction
        self.sender = sender
        hash = transaction.hash
    }
}
