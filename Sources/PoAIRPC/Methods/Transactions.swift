import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Transactions: those mined, those waiting, and new ones.
extension RPCMethods {
    func addTransactions(to table: inout RPCMethodTable) {
        table.add("eth_getTransactionByHash", 1...1, transactionByHash)
        table.add("eth_getTransactionReceipt", 1...1, receipt)
        table.add("eth_getTransactionByBlockHashAndIndex", 2...2) { (arguments) throws(RPCError) in
            try transaction(.hash(try arguments[0].hash(), requireCanonical: false), arguments[1])
        }
        table.add("eth_getTransactionByBlockNumberAndIndex", 2...2) { (arguments) throws(RPCError) in
            try transaction(try arguments[0].blockNumber(), arguments[1])
        }
        table.add("eth_sendRawTransaction", 1...1, send)
    }

    @Sendable private func transactionByHash(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let hash = try arguments[0].hash()
        if let found = try locate(hash) {
            return try transaction(of: found.block, found.place.blockHash, at: found.place.index)
        }
        return backend.pool?.transaction(hash).map(TransactionObject.pending) ?? .null
    }

    @Sendable private func receipt(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        guard let (block, place) = try locate(try arguments[0].hash()),
            let executed = try executed(place.blockHash), executed.receipts.indices.contains(place.index)
        else { return .null }
        return executed.receipt(place.index, sender: try sender(of: block.transactions[place.index]))
    }

    private func transaction(_ choice: BlockChoice, _ position: Parameter) throws(RPCError) -> JSONValue {
        let position = try position.quantity64()
        guard let place = try find(choice), let block = try body(place.hash),
            let index = Int(exactly: position), block.transactions.indices.contains(index)
        else { return .null }
        return try transaction(of: block, place.hash, at: index)
    }

    @Sendable private func send(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let encoded = try arguments[0].data(limit: limits.transactionBytes)
        guard let pool = backend.pool else { throw .server("this node takes no transactions") }
        return .hash(try pool.submit(encoded: encoded))
    }
}
