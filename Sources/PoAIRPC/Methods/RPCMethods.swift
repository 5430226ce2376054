import PoAIChain
import PoAIJSON
import PoAIPrimitives

/// The methods of a node, by group; each group has a file.
public struct RPCMethods: Sendable {
    let backend: RPCBackend
    let filters: FilterStore
    let feed: HeadFeed

    /// All methods and subscriptions. The table keeps what it needs alive; installed filters live as long as it.
    public static func table(backend: RPCBackend) -> RPCMethodTable {
        let methods = RPCMethods(
            backend: backend, filters: FilterStore(backend.limits, uptime: backend.uptime),
            feed: HeadFeed(backend.chain))
        var table = RPCMethodTable()
        methods.addNode(to: &table)
        methods.addBlocks(to: &table)
        methods.addTransactions(to: &table)
        methods.addState(to: &table)
        methods.addCalls(to: &table)
        methods.addFees(to: &table)
        methods.addLogs(to: &table)
        methods.addFilters(to: &table)
        methods.addSubscriptions(to: &table)
        methods.addPool(to: &table)
        methods.addMining(to: &table)
        methods.addTracing(to: &table)
        methods.addRaw(to: &table)
        methods.addPoAI(to: &table)
        methods.addAdmin(to: &table)
        return table
    }

    var chain: Blockchain { backend.chain }
    var reader: ChainReader { backend.chain.reader }
    var limits: RPCLimits { backend.limits }

    /// When a call that begins now must end.
    func deadline() -> Deadline { Deadline(after: limits.callTime, uptime: backend.uptime) }
}

extension RPCMethodTable {
    /// Adds a method that takes so many arguments.
    mutating func add(
        _ name: String, _ count: ClosedRange<Int>,
        _ body: @escaping @Sendable (Arguments) throws(RPCError) -> JSONValue
    ) {
        add(name) { (values) throws(RPCError) in try body(Arguments(values, count: count)) }
    }

    /// Adds a method without arguments.
    mutating func add(_ name: String, _ body: @escaping @Sendable () throws(RPCError) -> JSONValue) {
        add(name, 0...0) { (_) throws(RPCError) in try body() }
    }
}

/// When something must be done.
struct Deadline: Sendable {
    private let end: Duration
    private let uptime: @Sendable () -> Duration

    init(after time: Duration, uptime: @escaping @Sendable () -> Duration) {
        end = uptime() + time
        self.uptime = uptime
    }

    var isOver: Bool { uptime() > end }

    /// - Throws: once it is over.
    func check() throws(RPCError) {
        if isOver { throw Self.timeout }
    }

    static let timeout = RPCError(code: -32016, message: "timeout: the call took longer than this node allows")
}
