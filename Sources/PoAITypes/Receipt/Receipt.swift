import PoAIPrimitives

/// What became of a transaction in a block (yellow paper 4.3.1, EIP-658, EIP-2718).
public struct Receipt: Hashable, Sendable {
    /// The kind of the transaction.
    public let kind: Transaction.Kind
    /// False if it was reverted or halted.
    public let succeeded: Bool
    /// Gas used by the block's transactions up to and with this one.
    public let cumulativeGasUsed: UInt64
    /// What it logged, in order.
    public let logs: [Log]
    /// The filter of `logs`.
    public let bloom: LogsBloom

    /// Makes a receipt; the filter is computed.
    public init(kind: Transaction.Kind, succeeded: Bool, cumulativeGasUsed: UInt64, logs: [Log]) {
        self.kind = kind
        self.succeeded = succeeded
        self.cumulativeGasUsed = cumulativeGasUsed
        self.logs = logs
        bloom = LogsBloom(logs)
    }

    /// The envelope: what is put into the receipts trie.
    public func encoded() -> [UInt8] {
        let items: [RLPItem] = [
            .uint(succeeded ? 1 : 0), .uint(cumulativeGasUsed), .bytes(bloom.bytes), .list(logs.map(\.rlpItem)),
        ]
        return kind.envelope(RLP.encode(.list(items)))
    }

    /// Decodes exactly one envelope. Only the canonical encoding is accepted: `encoded()` gives back the same bytes.
    public init(encoded bytes: [UInt8]) throws(ReceiptDecodingError) {
        guard let first = bytes.first else { throw .empty }
        if first >= 0xc0 {
            try self.init(.legacy, bytes[...])
        } else {
            guard let kind = Transaction.Kind(rawValue: first), kind != .legacy else { throw .unsupportedType(first) }
            try self.init(kind, bytes.dropFirst())
        }
    }

    /// Lists within lists: parts, logs, log, topics.
    private static let depthLimit = 4

    private init(_ kind: Transaction.Kind, _ list: ArraySlice<UInt8>) throws(ReceiptDecodingError) {
        let status: UInt64
        let gasUsed: UInt64
        let bloom: [UInt8]
        var logs: [Log] = []
        do throws(RLPError) {
            let parts = try RLP.decode(list, depthLimit: Self.depthLimit).list(count: 4)
            status = try parts[0].uint64()
            gasUsed = try parts[1].uint64()
            bloom = try parts[2].data(count: LogsBloom.byteCount)
            for item in try parts[3].list() { logs.append(try Log(rlpItem: item)) }
        } catch {
            throw .malformed(error)
        }
        guard status <= 1 else { throw .status(got: status) }
        self.init(kind: kind, succeeded: status == 1, cumulativeGasUsed: gasUsed, logs: logs)
        guard bloom == self.bloom.bytes else { throw .bloom }
    }
}
