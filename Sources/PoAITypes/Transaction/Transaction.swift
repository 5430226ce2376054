import PoAIPrimitives

/// A signed transaction: well formed, but neither its signature nor its rules are checked; see `RecoveredTransaction` and
/// `TransactionFields.checkRules(chainID:)`.
public struct Transaction: Hashable, Sendable {
    /// The form on the wire. The raw value is the type byte of EIP-2718; legacy transactions carry none.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// Yellow paper and EIP-155: the list alone.
        case legacy = 0
        /// EIP-2930.
        case accessList = 1
        /// EIP-1559.
        case dynamicFee = 2
    }

    /// All but the signature.
    public let fields: TransactionFields
    /// Over `fields.signingHash`. The recovery id, which is the parity of y, is 0 or 1.
    public let signature: RecoverableSignature

    /// Puts the two together. A recovery id above 1 cannot be written and becomes its lowest bit.
    public init(fields: TransactionFields, signature: RecoverableSignature) {
        self.fields = fields
        self.signature = RecoverableSignature(r: signature.r, s: signature.s, recoveryID: signature.recoveryID & 1)
    }

    /// The envelope of EIP-2718: what is sent to nodes, hashed, and put into the transactions trie.
    public func encoded() -> [UInt8] {
        fields.kind.envelope(RLP.encode(.list(items)))
    }

    /// Keccak-256 of `encoded()`: the name of the transaction. Nothing is cached.
    public var hash: Hash32 { Keccak256.hash(encoded()) }

    /// The form in a block's body: legacy is an RLP list, a typed envelope an RLP byte string.
    public var rlpItem: RLPItem {
        fields.kind == .legacy ? .list(items) : .bytes(encoded())
    }

    /// The account that signed (EIP-2: s must be in the lower half).
    ///
    /// - Throws: `TransactionFault.signature` if no key makes this signature of these fields.
    public func recoverSender() throws(TransactionFault) -> Address {
        do throws(Secp256k1Error) {
            return try signature.recover(digest: fields.signingHash).address
        } catch {
            throw .signature(error)
        }
    }

    /// The number in front of r and s: 27, 28 or as EIP-155 says for legacy, else the parity of y.
    public var v: UInt256 {
        let parity = UInt256(UInt64(signature.recoveryID))
        guard fields.kind == .legacy else { return parity }
        guard let chainID = fields.chainID else { return parity &+ 27 }
        return UInt256(chainID) &+ UInt256(chainID) &+ 35 &+ parity
    }

    private var items: [RLPItem] {
        fields.unsignedItems + [.uint(v), .uint(signature.r), .uint(signature.s)]
    }
}
