import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// The search for logs.
extension RPCMethods {
    func addLogs(to table: inout RPCMethodTable) {
        table.add("eth_getLogs", 1...1) { (arguments) throws(RPCError) in
            .list(try logs(try LogQuery(arguments[0])))
        }
    }

    /// All logs that the query wants.
    func logs(_ query: LogQuery) throws(RPCError) -> [JSONValue] {
        switch query.blocks {
        case .one(let hash):
            let place = try require(.hash(hash, requireCanonical: false))
            return try logs(query.filter, in: place.header, place.hash)
        case .range(let from, let to):
            return try logs(query.filter, in: try range(from, to))
        }
    }

    private func range(_ from: BlockChoice, _ to: BlockChoice) throws(RPCError) -> ClosedRange<UInt64> {
        let head = chain.head.header.number
        let (first, last) = (try height(from, head: head), try height(to, head: head))
        guard first <= last else {
            throw .invalidParams("invalid block range params: fromBlock \(first) is above toBlock \(last)")
        }
        guard last <= head else {
            throw .invalidParams("block range extends beyond current head block: got \(last), the head is \(head)")
        }
        guard last - first < limits.logBlocks else {
            throw .limit(
                "block range too large: got \(last - first + 1) blocks, at most \(limits.logBlocks) are allowed")
        }
        return first...last
    }

    private func height(_ choice: BlockChoice, head: UInt64) throws(RPCError) -> UInt64 {
        if case .number(let number) = choice { return number }
        return try find(choice)?.header.number ?? head
    }

    private func logs(_ filter: LogFilter, in range: ClosedRange<UInt64>) throws(RPCError) -> [JSONValue] {
        var found: [JSONValue] = []
        let deadline = deadline()
        for number in range {
            try deadline.check()
            guard let place = try find(.number(number)) else { break }
            found += try logs(filter, in: place.header, place.hash)
            guard found.count <= limits.logCount else {
                throw .limit(
                    "query returned more than \(limits.logCount) results: narrow the range (got so many up to block "
                        + "\(number)) or the filter")
            }
        }
        return found
    }

    /// The logs of a block that match. Most blocks are told apart by their header alone.
    func logs(
        _ filter: LogFilter, in header: BlockHeader, _ hash: Hash32, removed: Bool = false
    ) throws(RPCError) -> [JSONValue] {
        guard !header.logsBloom.isZero, filter.mayMatch(header.logsBloom), let executed = try executed(hash) else {
            return []
        }
        return executed.logs(filter, removed: removed)
    }
}
