import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Which logs a caller wants: those of any of the addresses that have, at each place, any of the topics.
struct LogFilter: Hashable {
    /// Empty: all.
    var addresses: [Address] = []
    /// By place; empty: any topic, but there must be one.
    var topics: [[Hash32]] = []

    /// Most addresses, and most alternatives for a topic.
    private static let limit = 1000

    init() {}

    /// The `address` and `topics` of a filter object.
    init(_ object: Parameter) throws(RPCError) {
        if let given = object["address"].ifGiven {
            if case .list = given.value {
                addresses = try given.list("addresses", limit: Self.limit) { (item) throws(RPCError) in
                    try item.address()
                }
            } else {
                addresses = [try given.address()]
            }
        }
        topics = try object["topics"].ifGiven?.list("topics", limit: 4, Self.alternatives) ?? []
    }

    private static func alternatives(_ topic: Parameter) throws(RPCError) -> [Hash32] {
        switch topic.value {
        case .null: []
        case .list: try topic.list("topics", limit: limit) { (item) throws(RPCError) in try item.hash() }
        default: [try topic.hash()]
        }
    }

    func matches(_ log: Log) -> Bool {
        guard addresses.isEmpty || addresses.contains(log.address), log.topics.count >= topics.count else {
            return false
        }
        return zip(topics, log.topics).allSatisfy { wanted, topic in wanted.isEmpty || wanted.contains(topic) }
    }

    /// False if no log entered into the bloom filter matches.
    func mayMatch(_ bloom: LogsBloom) -> Bool {
        guard addresses.isEmpty || addresses.contains(where: { bloom.mayContain($0) }) else { return false }
        return topics.allSatisfy { wanted in wanted.isEmpty || wanted.contains { bloom.mayContain(topic: $0) } }
    }
}

/// A filter and the blocks to search.
struct LogQuery: Hashable {
    enum Blocks: Hashable {
        case one(Hash32)
        case range(from: BlockChoice, to: BlockChoice)
    }

    var filter: LogFilter
    var blocks: Blocks

    init(_ parameter: Parameter) throws(RPCError) {
        let object = try parameter.object()
        filter = try LogFilter(object)
        let (from, to) = (object["fromBlock"], object["toBlock"])
        if let hash = object["blockHash"].ifGiven {
            guard from.ifGiven == nil, to.ifGiven == nil else {
                throw .invalidParams(
                    "invalid \(parameter.path): cannot specify both blockHash and fromBlock/toBlock, choose one")
            }
            blocks = .one(try hash.hash())
        } else {
            blocks = .range(from: try from.blockNumber(), to: try to.blockNumber())
        }
    }
}
