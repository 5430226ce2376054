import PoAIPrimitives
import Synchronization

/// The filters that callers poll. Bounded: so many filters, and each forgotten when nobody asks for it.
final class FilterStore: Sendable {
    /// What a filter is about, and where its last poll ended.
    enum Content {
        case logs(LogQuery, since: Hash32)
        case blocks(since: Hash32)
        case pending(PendingHashes)
    }

    private struct Filter {
        var content: Content
        var lastUse: Duration
    }

    private let filters = Mutex<[UInt64: Filter]>([:])
    private let limits: RPCLimits
    private let uptime: @Sendable () -> Duration

    init(_ limits: RPCLimits, uptime: @escaping @Sendable () -> Duration) {
        self.limits = limits
        self.uptime = uptime
    }

    /// Installs a filter and gives its name, which cannot be guessed.
    func add(_ content: Content) throws(RPCError) -> UInt64 {
        let added: UInt64? = filters.withLock { filters in
            expire(&filters)
            guard filters.count < limits.filters else { return nil }
            var id = UInt64.random(in: 1...(.max))
            while filters[id] != nil { id = .random(in: 1...(.max)) }
            filters[id] = Filter(content: content, lastUse: uptime())
            return id
        }
        guard let added else { throw .limit("too many filters: this node keeps at most \(limits.filters)") }
        return added
    }

    /// A filter, which counts as used now.
    func content(_ id: UInt64) throws(RPCError) -> Content {
        let found: Content? = filters.withLock { filters in
            expire(&filters)
            filters[id]?.lastUse = uptime()
            return filters[id]?.content
        }
        guard let found else { throw .server("filter not found") }
        return found
    }

    /// Remembers where a poll ended, unless the filter is gone.
    func update(_ id: UInt64, _ content: Content) {
        filters.withLock { $0[id]?.content = content }
    }

    /// Takes a filter away.
    /// - Returns: whether there was one.
    func remove(_ id: UInt64) -> Bool {
        filters.withLock { filters in
            expire(&filters)
            return filters.removeValue(forKey: id) != nil
        }
    }

    private func expire(_ filters: inout [UInt64: Filter]) {
        let now = uptime()
        filters = filters.filter { now - $0.value.lastUse <= limits.filterLifetime }
    }
}

/// Hashes of pending transactions that wait for a poll; ends its subscription when it goes.
final class PendingHashes: Sendable {
    private let waiting = Mutex<[Hash32]>([])
    private let cancel = Mutex<(@Sendable () -> Void)?>(nil)
    private let limit: Int

    init(_ pool: any TransactionPool, limit: Int) {
        self.limit = limit
        let subscription = pool.subscribe { [weak self] transaction in self?.add(transaction.hash) }
        cancel.withLock { $0 = subscription }
    }

    deinit { cancel.withLock { $0?() } }

    private func add(_ hash: Hash32) {
        waiting.withLock { waiting in
            waiting.append(hash)
            if waiting.count > limit { waiting.removeFirst(waiting.count - limit) }
        }
    }

    /// All that came since the last time.
    func take() -> [Hash32] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
