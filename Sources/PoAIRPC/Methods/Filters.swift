import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Filters that are polled. A filter remembers the block its last poll ended at; what changed since then is found in the
/// chain, so that filters cost nothing between polls.
extension RPCMethods {
    func addFilters(to table: inout RPCMethodTable) {
        table.add("eth_newFilter", 1...1) { (arguments) throws(RPCError) in
            .quantity(try filters.add(.logs(try LogQuery(arguments[0]), since: chain.head.hash)))
        }
        table.add("eth_newBlockFilter") { () throws(RPCError) in
            .quantity(try filters.add(.blocks(since: chain.head.hash)))
        }
        table.add("eth_newPendingTransactionFilter", 0...1, newPendingFilter)
        table.add("eth_uninstallFilter", 1...1) { (arguments) throws(RPCError) in
            .bool(filters.remove(try arguments[0].quantity64()))
        }
        table.add("eth_getFilterChanges", 1...1, changes)
        table.add("eth_getFilterLogs", 1...1, filterLogs)
    }

    @Sendable private func newPendingFilter(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        if try arguments[0].ifGiven?.bool() == true {
            throw .invalidParams(
                "invalid argument 0: expected false: a filter gives hashes; subscribe for transactions")
        }
        guard let pool = backend.pool else { throw .server("this node takes no transactions") }
        return .quantity(try filters.add(.pending(PendingHashes(pool, limit: limits.filterBacklog))))
    }

    @Sendable private func filterLogs(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        guard case .logs(let query, _) = try filters.content(try arguments[0].quantity64()) else {
            throw .server("filter not found: it is none for logs")
        }
        return .list(try logs(query))
    }

    @Sendable private func changes(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let id = try arguments[0].quantity64()
        switch try filters.content(id) {
        case .pending(let hashes): return .list(hashes.take().map { .hash($0) })
        case .blocks(let since):
            let walk = try walk(since: since)
            filters.update(id, .blocks(since: walk.end))
            return .list(walk.added.map { .hash($0.hash) })
        case .logs(let query, let since):
            let walk = try walk(since: since)
            let logs = try logs(query, along: walk)
            filters.update(id, .logs(query, since: walk.end))
            return .list(logs)
        }
    }

    /// What was taken back, then what came anew, within the heights that the query names.
    private func logs(_ query: LogQuery, along walk: Walk) throws(RPCError) -> [JSONValue] {
        guard case .range(let from, let to) = query.blocks else { return [] }
        var found: [JSONValue] = []
        for (places, removed) in [(walk.removed, true), (walk.added, false)] {
            for place in places
            where from.allows(place.header.number, isLower: true)
                && to.allows(place.header.number, isLower: false)
            {
                found += try logs(query.filter, in: place.header, place.hash, removed: removed)
            }
        }
        return found
    }

    /// The way from a block that was canonical once to the head.
    private struct Walk {
        /// From the old block downwards.
        var removed: [BlockPlace] = []
        /// Upwards.
        var added: [BlockPlace] = []
        /// Where the next walk begins.
        var end: Hash32
    }

    /// The way to the head, or the first part of it where it is very long.
    private func walk(since start: Hash32) throws(RPCError) -> Walk {
        var walk = Walk(end: start)
        guard var place = try find(.hash(start, requireCanonical: false)) else { return walk }
        while try canonicalHash(at: place.header.number) != place.hash, place.header.number > 0 {
            walk.removed.append(place)
            place = try require(.hash(place.header.parentHash, requireCanonical: false))
        }
        walk.end = place.hash
        while UInt64(walk.added.count) < limits.logBlocks, place.header.number < .max,
            let next = try find(.number(place.header.number + 1)), next.header.parentHash == place.hash
        {
            walk.added.append(next)
            place = next
            walk.end = next.hash
        }
        return walk
    }
}

extension BlockChoice {
    /// Whether a block of a height is within a range that begins or ends here; tags bound nothing that comes later.
    fileprivate func allows(_ number: UInt64, isLower: Bool) -> Bool {
        guard case .number(let bound) = self else { return true }
        return isLower ? number >= bound : number <= bound
    }
}
