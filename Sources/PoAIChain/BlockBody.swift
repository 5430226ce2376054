import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A block's body as it is stored: the RLP list of what follows the header in the block's RLP.
enum BlockBody {
    /// The body of a block.
    static func bytes(of block: Block) -> [UInt8] {
        RLP.encode(listPayload: block.bodyLists())
    }

    /// The hashes of the transactions in a stored body; empty for bytes that are no body.
    static func transactionHashes(in body: [UInt8]) -> [Hash32] {
        do throws(RLPError) {
            let lists = try RLP.decode(body).list(count: 2)
            return try lists[0].list().map { item in
                if case .bytes(let envelope) = item {
                    Keccak256.hash(envelope)
                } else {
                    Keccak256.hash(RLP.encode(item))
                }
            }
        } catch {
            return []
        }
    }

    /// Stores how to undo a block that becomes canonical, its receipts, and where its transactions are.
    static func store(_ records: EncodedRecords, in transaction: WriteTransaction) throws(StorageError) {
        try ChainTables.undo.put(records.number, storedBytes: records.undo, in: transaction)
        try ChainTables.receipts.put(records.hash, storedBytes: records.receipts, in: transaction)
        for (index, hash) in records.transactionHashes.enumerated() {
            let location = TransactionLocation(height: records.number, index: UInt32(clamping: index))
            try ChainTables.transactions.put(hash, location, in: transaction)
        }
    }

    /// The receipts as stored.
    static func receipts(_ bytes: [UInt8]) throws(ReceiptDecodingError) -> [Receipt] {
        let items: [RLPItem]
        do throws(RLPError) { items = try RLP.decode(bytes).list() } catch { throw .malformed(error) }
        var receipts: [Receipt] = []
        receipts.reserveCapacity(items.count)
        for item in items {
            let envelope: [UInt8]
            do throws(RLPError) { envelope = try item.data() } catch { throw .malformed(error) }
            receipts.append(try Receipt(encoded: envelope))
        }
        return receipts
    }

    /// The block that header and stored body make.
    static func block(header: BlockHeader, body: [UInt8]) throws(BlockDecodingError) -> Block {
        let lists: [ArraySlice<UInt8>]
        do throws(RLPError) {
            lists = try RLP.split(list: body[...])
        } catch {
            throw .body(error, blockHash: header.hash)
        }
        guard lists.count == 2 else { throw .partCount(got: lists.count + 1) }
        return try Block(header: header, transactionsList: lists[0], unclesList: lists[1])
    }
}
