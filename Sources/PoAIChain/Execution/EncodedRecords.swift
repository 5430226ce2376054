import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// What is stored about an executed block besides its state, in its stored form.
struct EncodedRecords: Sendable {
    /// The block's height.
    let number: UInt64
    /// Its hash.
    let hash: Hash32
    /// The undo record.
    let undo: [UInt8]
    /// RLP list of the receipts.
    let receipts: [UInt8]
    /// Of the block's transactions, in their order.
    let transactionHashes: [Hash32]

    /// Fewer transactions are not worth another thread.
    private static let parallelFrom = 32

    private init(_ executed: Executed) {
        (number, hash) = (executed.block.header.number, executed.hash)
        undo = executed.undo.storedBytes
        receipts = RLP.encode(.list(executed.receipts.map { .bytes($0.encoded()) }))
        transactionHashes = executed.block.transactions.map(\.hash)
    }

    /// Begins with the records of a block.
    static func encoding(_ executed: Executed) -> OneTimeWork<EncodedRecords> {
        let work = OneTimeWork { EncodedRecords(executed) }
        if executed.block.transactions.count >= parallelFrom { work.begin() }
        return work
    }
}
