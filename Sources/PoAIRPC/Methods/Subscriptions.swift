import PoAIChain
import PoAIJSON
import PoAIPrimitives

/// eth_subscribe.
extension RPCMethods {
    func addSubscriptions(to table: inout RPCMethodTable) {
        table.addSubscription("newHeads") { (values, send) throws(RPCError) in
            _ = try Arguments(values, count: 0...1)
            return feed.subscribe { change in
                for place in places(change.added) {
                    send(.object(BlockResult.header(place.header, hash: place.hash)))
                }
            }
        }
        table.addSubscription("logs") { (values, send) throws(RPCError) in
            let given = try Arguments(values, count: 0...1)[0].ifGiven
            let filter =
                try given.map { (object) throws(RPCError) in try LogFilter(try object.object()) } ?? LogFilter()
            return feed.subscribe { change in
                sendLogs(filter, of: change.removed, removed: true, send)
                sendLogs(filter, of: change.added, removed: false, send)
            }
        }
        table.addSubscription("newPendingTransactions") { (values, send) throws(RPCError) in
            let isFull = try Arguments(values, count: 0...1)[0].ifGiven?.bool() ?? false
            guard let pool = backend.pool else { throw .server("this node takes no transactions") }
            return pool.subscribe { send(isFull ? TransactionObject.pending($0) : .hash($0.hash)) }
        }
    }

    /// A subscriber cannot be told of an error: what cannot be read is left out.
    private func sendLogs(
        _ filter: LogFilter, of blocks: [BlockReference], removed: Bool, _ send: @Sendable (JSONValue) -> Void
    ) {
        for place in places(blocks) {
            for log in (try? logs(filter, in: place.header, place.hash, removed: removed)) ?? [] { send(log) }
        }
    }

    private func places(_ blocks: [BlockReference]) -> [BlockPlace] {
        blocks.compactMap { try? find(.hash($0.hash, requireCanonical: false)) }
    }
}
