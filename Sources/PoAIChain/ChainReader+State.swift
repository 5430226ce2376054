import PoAIConsensus
import PoAIEVM
import PoAIPrimitives
import PoAIStorage
import PoAITypes

extension ChainReader {
    /// The receipts of a block, one for each transaction; nil if it is unknown or never was canonical.
    /// - Throws: `StorageError.pruned` when they are gone.
    public func receipts(of hash: Hash32) throws(ChainError) -> [Receipt]? {
        try read { (snapshot) throws(StorageError) in
            guard let header = try ChainTables.headers.get(hash, in: snapshot) else { return nil }
            if header.number == 0 { return [] }
            guard let bytes = try ChainTables.receipts.get(hash, in: snapshot) else {
                let oldest = try ChainTables.oldestKept(in: snapshot)
                if header.number < oldest { throw .pruned(wanted: header.number, oldest: oldest) }
                return nil
            }
            do throws(ReceiptDecodingError) {
                return try BlockBody.receipts(bytes.bytes)
            } catch {
                throw snapshot.inconsistent("receipts of block \(hash): \(error)")
            }
        }
    }

    /// Where a canonical transaction is; nil if there is none with this hash, or its block's body was pruned.
    public func transactionLocation(_ hash: Hash32) throws(ChainError) -> TransactionLocation? {
        try read { (snapshot) throws(StorageError) in try ChainTables.transactions.get(hash, in: snapshot) }
    }

    /// Reads the state after a canonical block: the head's as stored, an earlier one as undo records give it.
    ///
    /// - Returns: nil if the block is unknown or not canonical.
    /// - Throws: `StorageError.pruned` when the undo records are gone; what `body` throws.
    public func withState<R>(
        at hash: Hash32, _ body: (ChainState) throws(StorageError) -> R
    ) throws(ChainError) -> R? {
        try read { (snapshot) throws(StorageError) in
            guard let header = try ChainTables.headers.get(hash, in: snapshot),
                try ChainTables.canonical.get(header.number, in: snapshot) == hash
            else { return nil }
            let head = try snapshot.requireHeader(try ChainTables.head(in: snapshot)).number
            return try body(
                ChainState(
                    header: header, hash: hash, source: try source(at: header.number, head: head, snapshot),
                    snapshot: snapshot))
        }
    }

    /// Executes the transactions of a canonical block again, up to the one at `index`, and hands over the executor and the
    /// transaction before it is executed: for tracing.
    ///
    /// - Returns: nil if the block is unknown, not canonical, genesis, or has no such transaction.
    public func withExecutor<R>(
        of hash: Hash32, before index: Int,
        _ body: (inout BlockExecutor<ChainState>, RecoveredTransaction) throws(StorageError) -> R
    ) throws(ChainError) -> R? {
        guard let block = try block(hash), block.header.number > 0, block.transactions.indices.contains(index) else {
            return nil
        }
        let transactions: [RecoveredTransaction]
        switch SenderRecovery.recover(Array(block.transactions[...index])) {
        case .success(let recovered): transactions = recovered
        case .failure: return nil
        }
        return try withState(at: block.header.parentHash) { (state) throws(StorageError) in
            let header = block.header
            var executor = BlockExecutor(
                view: state,
                environment: Execution.environment(
                    number: header.number, timestamp: header.timestamp, miner: header.miner, after: state.header,
                    baseFee: header.baseFeePerGas, spec: spec))
            for transaction in transactions.dropLast() {
                do throws(ExecutionFault<StorageError>) {
                    _ = try executor.execute(transaction)
                } catch {
                    if case .view(let failure) = error { throw failure }
                    throw .misuse("transaction \(transaction.hash) of a stored block is invalid: \(error)")
                }
            }
            return try body(&executor, transactions[index])
        }
    }

    private func source(
        at height: UInt64, head: UInt64, _ snapshot: Snapshot
    ) throws(StorageError) -> AnyStateSource {
        if height == head { return .stored(StoredState(snapshot)) }
        let state = StateOverlay(on: StoredState(snapshot))
        var current = head
        while current > height {
            state.apply(try snapshot.requireUndo(current).change)
            current -= 1
        }
        return .overlay(state)
    }
}
