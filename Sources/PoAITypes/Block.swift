import PoAIPrimitives

/// A block (docs/spec/consensus.md, "Block"): RLP `[header, transactions, uncles]`. There never are uncles.
///
/// A value of this type is only well formed: whether header and transactions belong together and are valid is decided by
/// PoAIChain.
public struct Block: Hashable, Sendable {
    /// The header, by whose hash the block is known.
    public var header: BlockHeader
    /// The transactions, in the order in which they are executed.
    public var transactions: [Transaction]

    /// Puts the two together; without transactions unless given.
    public init(header: BlockHeader, transactions: [Transaction] = []) {
        self.header = header
        self.transactions = transactions
    }

    /// The hash of the header.
    public var hash: Hash32 { header.hash }

    /// The canonical RLP of the block.
    public func rlpEncoded() -> [UInt8] {
        RLP.encode(listPayload: header.rlpEncoded() + bodyLists())
    }

    /// The canonical RLP of the two lists that follow the header, one after the other.
    package func bodyLists() -> [UInt8] {
        RLP.encode(.list(transactions.map(\.rlpItem))) + Self.noUncles
    }

    /// Decodes exactly one block. Only the canonical encoding is accepted: `rlpEncoded()` gives back the same bytes.
    public init(rlp: [UInt8]) throws(BlockDecodingError) {
        let parts = try Self.parts(of: rlp)
        guard parts.count == 3 else { throw .partCount(got: parts.count) }
        let header: BlockHeader
        do throws(HeaderDecodingError) {
            header = try BlockHeader(rlp: parts[0])
        } catch {
            throw .header(error)
        }
        try self.init(header: header, transactionsList: parts[1], unclesList: parts[2])
    }

    /// Decodes the two lists that follow a header whose form was checked.
    package init(
        header: BlockHeader, transactionsList: ArraySlice<UInt8>, unclesList: ArraySlice<UInt8>
    ) throws(BlockDecodingError) {
        self.header = header
        let items = try Self.items(of: transactionsList, header)
        if !unclesList.elementsEqual(Self.noUncles) {
            throw .uncles(count: try Self.items(of: unclesList, header).count, blockHash: header.hash)
        }
        transactions = []
        transactions.reserveCapacity(items.count)
        for item in items {
            do throws(TransactionDecodingError) {
                transactions.append(try Transaction(bodyItem: item))
            } catch {
                throw .transaction(index: transactions.count, error, blockHash: header.hash)
            }
        }
    }

    private static let noUncles: [UInt8] = [0xc0]

    private static func parts(of bytes: [UInt8]) throws(BlockDecodingError) -> [ArraySlice<UInt8>] {
        do throws(RLPError) {
            return try RLP.split(list: bytes[...])
        } catch {
            throw .notAList(error)
        }
    }

    private static func items(
        of list: ArraySlice<UInt8>, _ header: BlockHeader
    ) throws(BlockDecodingError) -> [ArraySlice<UInt8>] {
        do throws(RLPError) {
            return try RLP.split(list: list)
        } catch {
            throw .body(error, blockHash: header.hash)
        }
    }
}
