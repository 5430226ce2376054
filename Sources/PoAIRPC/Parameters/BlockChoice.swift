import PoAIJSON
import PoAIPrimitives

/// Which block a call is about.
enum BlockChoice: Hashable {
    case latest
    /// The next block: its environment, on the head's state.
    case pending
    case number(UInt64)
    case hash(Hash32, requireCanonical: Bool)
    /// `safe` and `finalized`: proof of work knows neither.
    case unknowable(String)
}

extension Parameter {
    /// A number or a tag; `latest` if there is nothing.
    func blockNumber() throws(RPCError) -> BlockChoice {
        switch value {
        case .null, "latest": return .latest
        case "pending": return .pending
        case "earliest": return .number(0)
        case "safe": return .unknowable("safe")
        case "finalized": return .unknowable("finalized")
        case .text(let text) where text.hasPrefix("0x"): return .number(try quantity64())
        default:
            throw expected("a block number (0x and hex digits), or earliest, latest, pending, safe or finalized")
        }
    }

    /// A number, a tag, a hash, or the object of EIP-1898.
    func block() throws(RPCError) -> BlockChoice {
        switch value {
        case .text(let text) where text.utf8.count == 66 && text.hasPrefix("0x"):
            return .hash(try hash(), requireCanonical: false)
        case .object:
            guard let hash = self["blockHash"].ifGiven else {
                guard let number = self["blockNumber"].ifGiven else { throw expected("blockHash or blockNumber") }
                return try number.blockNumber()
            }
            guard self["blockNumber"].ifGiven == nil else {
                throw .invalidParams("invalid \(path): expected blockHash or blockNumber, got both")
            }
            return .hash(
                try hash.hash(), requireCanonical: try self["requireCanonical"].ifGiven?.bool() ?? false)
        default: return try blockNumber()
        }
    }
}
