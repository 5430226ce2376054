import PoAIPrimitives

/// An entry that a contract wrote into the log (yellow paper, 4.3.1).
public struct Log: Hashable, Sendable {
    /// The contract.
    public let address: Address
    /// Up to 4 words to search by.
    public let topics: [Hash32]
    /// Whatever else it says.
    public let data: [UInt8]

    /// Puts the parts together.
    public init(address: Address, topics: [Hash32], data: [UInt8]) {
        self.address = address
        self.topics = topics
        self.data = data
    }

    /// `[address, [topic, ...], data]`.
    public var rlpItem: RLPItem { .list([.address(address), .list(topics.map { .hash($0) }), .bytes(data)]) }

    init(rlpItem: RLPItem) throws(RLPError) {
        let parts = try rlpItem.list(count: 3)
        address = try parts[0].address()
        var topics: [Hash32] = []
        for item in try parts[1].list() { topics.append(try item.hash32()) }
        self.topics = topics
        data = try parts[2].data()
    }
}

extension LogsBloom {
    /// The filter of these logs.
    public init(_ logs: some Sequence<Log>) {
        self = .zero
        for log in logs { add(log) }
    }

    /// Enters address and topics of a log.
    public mutating func add(_ log: Log) {
        log.address.withUnsafeBytes { add($0) }
        for topic in log.topics { topic.withUnsafeBytes { add($0) } }
    }

    /// False if no entered log is of this contract; true if one may be.
    public func mayContain(_ address: Address) -> Bool { address.withUnsafeBytes { mayContain($0) } }

    /// False if no entered log has this topic; true if one may have.
    public func mayContain(topic: Hash32) -> Bool { topic.withUnsafeBytes { mayContain($0) } }
}
