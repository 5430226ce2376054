import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Blocks, and what is in them.
extension RPCMethods {
    func addBlocks(to table: inout RPCMethodTable) {
        table.add("eth_blockNumber") { () in .quantity(chain.head.header.number) }
        table.add("eth_getBlockByHash", 1...2) { (arguments) throws(RPCError) in
            try block(.hash(try arguments[0].hash(), requireCanonical: false), arguments[1])
        }
        table.add("eth_getBlockByNumber", 1...2) { (arguments) throws(RPCError) in
            try block(try arguments[0].blockNumber(), arguments[1])
        }
        table.add("eth_getBlockReceipts", 1...1, blockReceipts)
        addCounts(to: &table)
        addUncles(to: &table)
    }

    private func addCounts(to table: inout RPCMethodTable) {
        table.add("eth_getBlockTransactionCountByHash", 1...1) { (arguments) throws(RPCError) in
            try count(.hash(try arguments[0].hash(), requireCanonical: false))
        }
        table.add("eth_getBlockTransactionCountByNumber", 1...1) { (arguments) throws(RPCError) in
            try count(try arguments[0].blockNumber())
        }
    }

    /// There never are uncles.
    private func addUncles(to table: inout RPCMethodTable) {
        table.add("eth_getUncleCountByBlockHash", 1...1) { (arguments) throws(RPCError) in
            try find(.hash(try arguments[0].hash(), requireCanonical: false)) == nil ? .null : .quantity(0)
        }
        table.add("eth_getUncleCountByBlockNumber", 1...1) { (arguments) throws(RPCError) in
            try find(try arguments[0].blockNumber()) == nil ? .null : .quantity(0)
        }
        table.add("eth_getUncleByBlockHashAndIndex", 2...2) { (arguments) throws(RPCError) in
            _ = (try arguments[0].hash(), try arguments[1].quantity64())
            return .null
        }
        table.add("eth_getUncleByBlockNumberAndIndex", 2...2) { (arguments) throws(RPCError) in
            _ = (try arguments[0].blockNumber(), try arguments[1].quantity64())
            return .null
        }
    }

    /// With hashes of the transactions unless `full` is true.
    private func block(_ choice: BlockChoice, _ full: Parameter) throws(RPCError) -> JSONValue {
        let isFull = try full.ifGiven?.bool() ?? false
        guard let place = try find(choice), let block = try body(place.hash) else { return .null }
        let work = try reading { () throws(ChainError) in try reader.totalWork(place.hash) } ?? .zero
        var transactions: [JSONValue] = []
        for index in block.transactions.indices {
            transactions.append(
                isFull
                    ? try transaction(of: block, place.hash, at: index) : .hash(block.transactions[index].hash))
        }
        return BlockResult.block(block, hash: place.hash, totalWork: work, transactions: transactions)
    }

    /// The transaction at an index that is there.
    func transaction(of block: Block, _ hash: Hash32, at index: Int) throws(RPCError) -> JSONValue {
        let transaction = block.transactions[index]
        return TransactionObject.of(
            transaction, hash: transaction.hash, sender: try sender(of: transaction),
            at: TransactionPlace(blockHash: hash, header: block.header, index: index))
    }

    private func count(_ choice: BlockChoice) throws(RPCError) -> JSONValue {
        guard let place = try find(choice), let block = try body(place.hash) else { return .null }
        return .quantity(block.transactions.count)
    }

    @Sendable private func blockReceipts(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        guard let place = try find(try arguments[0].block()), let executed = try executed(place.hash) else {
            return .null
        }
        var receipts: [JSONValue] = []
        for (index, transaction) in executed.block.transactions.enumerated() {
            receipts.append(executed.receipt(index, sender: try sender(of: transaction)))
        }
        return .list(receipts)
    }
}
