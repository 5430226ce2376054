import PoAIPrimitives
import PoAITypes

/// Why a block was not taken, told apart by whose fault it is and whether it may be tried again.
public enum BlockRejection: Error, Hashable, Sendable, CustomStringConvertible {
    /// The header breaks a rule. Whoever relays it is at fault, and the hash can be remembered as bad.
    case invalid(HeaderFault)
    /// The parent, or an ancestor the rules need, is not known here. Nobody is at fault; ask for it.
    case missingParent(Hash32)
    /// In order but for a timestamp too far ahead of this node's clock: acceptable after so many seconds.
    case fromTheFuture(seconds: UInt64)
    /// The body does not belong to the header. The sender is at fault, but the hash must not be remembered as bad: another
    /// peer may have the true body.
    case mutated(Hash32)

    /// One line.
    public var description: String {
        switch self {
        case .invalid(let fault): "invalid: \(fault)"
        case .missingParent(let hash): "the parent \(hash) is not known"
        case .fromTheFuture(let seconds): "from the future: acceptable in \(seconds) s; check the clocks"
        case .mutated(let hash): "the body does not belong to the header of block \(hash)"
        }
    }

    /// The rejection that fits bytes which did not decode: `mutated` if a header was found but the body is not one that its
    /// roots could stand for; nil if the bytes are no block at all, which is the sender's fault.
    public init?(_ error: BlockDecodingError) {
        switch error {
        case .body(_, let hash), .transaction(_, _, let hash), .uncles(_, let hash): self = .mutated(hash)
        case .notAList, .partCount, .header: return nil
        }
    }
}
