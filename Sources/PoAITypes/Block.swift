import PoAIPrimitives

/// A block (docs/spec/consensus.md, "Block"): RLP `[header, transactions, uncles]`.
///
/// This version of the protocol has no transactions, and never has uncles: both lists are empty on the wire and the
/// decoder refuses others.
public struct Block: Hashable, Sendable {
    /// The header, by whose hash the block is known.
    public var header: BlockHeader

    /// A block without transactions.
    public init(header: BlockHeader) {
        self.header = header
    }

    /// The hash of the header.
    public var hash: Hash32 { header.hash }

    /// The canonical RLP of the block.
    public func rlpEncoded() -> [UInt8] {
        let payload = header.rlpEncoded() + Self.emptyLists
        // A header takes more than 256 bytes and, with an extraData that the rules allow, fewer than 65535.
        guard payload.count <= 0xffff else {
            return RLP.encode(.list([.list(header.rlpItems()), .list([]), .list([])]))
        }
        return [0xf9, UInt8(truncatingIfNeeded: payload.count >> 8), UInt8(truncatingIfNeeded: payload.count)] + payload
    }

    /// Decodes exactly one block. Only the canonical encoding is accepted: `rlpEncoded()` gives back the same bytes.
    public init(rlp: [UInt8]) throws(BlockDecodingError) {
        guard let headerBytes = Self.soleHeader(of: rlp) else { throw Self.fault(of: rlp) }
        do throws(HeaderDecodingError) {
            header = try BlockHeader(rlp: headerBytes)
        } catch {
            throw .header(error)
        }
    }

    private static let emptyLists: [UInt8] = [0xc0, 0xc0]

    /// The bytes of the header if the input is a list of one list and two empty lists; nil if it has another shape.
    private static func soleHeader(of bytes: [UInt8]) -> ArraySlice<UInt8>? {
        guard let payload = payloadCount(bytes[...]), payload == bytes.count - 3 else { return nil }
        let parts = bytes.dropFirst(3)
        guard let header = payloadCount(parts), header == parts.count - 3 - emptyLists.count else { return nil }
        return parts.suffix(emptyLists.count).elementsEqual(emptyLists) ? parts.dropLast(emptyLists.count) : nil
    }

    /// The payload length of a list that starts with `f9` and takes no longer prefix than needed; nil for anything else.
    private static func payloadCount(_ bytes: ArraySlice<UInt8>) -> Int? {
        let prefix = bytes.prefix(3)
        guard prefix.count == 3, prefix.first == 0xf9 else { return nil }
        let count = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
        return count >= 256 ? count : nil
    }

    /// Says what is wrong with an input that is not one header and two empty lists.
    private static func fault(of bytes: [UInt8]) -> BlockDecodingError {
        let parts: [RLPItem]
        do throws(RLPError) {
            parts = try RLP.decode(bytes).list()
        } catch {
            return .notAList(error)
        }
        guard parts.count == 3 else { return .partCount(got: parts.count) }
        let header: BlockHeader
        do throws(HeaderDecodingError) {
            header = try BlockHeader(rlp: RLP.encode(parts[0]))
        } catch {
            return .header(error)
        }
        guard case .list(let transactions) = parts[1], case .list(let uncles) = parts[2] else {
            return .bodyNotLists(blockHash: header.hash)
        }
        guard transactions.isEmpty else { return .transactions(count: transactions.count, blockHash: header.hash) }
        return .uncles(count: uncles.count, blockHash: header.hash)
    }
}
