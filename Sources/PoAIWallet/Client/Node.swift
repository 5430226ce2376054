import PoAIJSON
import PoAIPrimitives

/// What the wallet asks a node, in the forms of execution-apis.
public struct Node: Sendable {
    /// The connection.
    public let client: RPCClient

    /// A node behind `client`.
    public init(_ client: RPCClient) { self.client = client }

    /// The number that transactions are signed for (EIP-155).
    public func chainID() throws(RPCClientError) -> UInt64 { try word("eth_chainId") }

    /// Wei that an account has at the head.
    public func balance(_ address: Address) throws(RPCClientError) -> UInt256 {
        try quantity("eth_getBalance", [.text(address.checksummed), "latest"])
    }

    /// Transactions that an account sent, those counted that wait for a block: the nonce of the next one.
    public func nextNonce(_ address: Address) throws(RPCClientError) -> UInt64 {
        try word("eth_getTransactionCount", [.text(address.checksummed), "pending"])
    }

    /// A tip, in wei per gas, that gets a transaction into a block.
    public func suggestedPriorityFee() throws(RPCClientError) -> UInt256 { try quantity("eth_maxPriorityFeePerGas") }

    /// The base fee of the head, in wei per gas.
    public func baseFee() throws(RPCClientError) -> UInt256 {
        let method = "eth_getBlockByNumber"
        let block = try client.call(method, ["latest", false])
        return try quantity(block["baseFeePerGas"] ?? .null, of: method, "baseFeePerGas, a quantity")
    }

    /// Gas that a plain transfer takes, or a call of the receiver without data.
    public func gas(from: Address, to: Address, value: UInt256) throws(RPCClientError) -> UInt64 {
        let call: JSONValue = [
            "from": .text(from.checksummed), "to": .text(to.checksummed), "value": .text(value.hex),
        ]
        return try word("eth_estimateGas", [call])
    }

    /// Hands in a signed transaction.
    ///
    /// - Throws: `.malformed` also for a hash that is not the transaction's.
    public func send(_ encoded: [UInt8]) throws(RPCClientError) -> Hash32 {
        let method = "eth_sendRawTransaction"
        let answer = try client.call(method, [.text("0x" + Hex.encode(encoded))])
        let hash = Keccak256.hash(encoded)
        guard answer == .text(hash.hex) else {
            throw malformed(method, got: answer, expected: "the transaction's hash, \(hash.hex)")
        }
        return hash
    }

    /// A transaction as the node shows it; nil if it knows none of this hash.
    public func transaction(_ hash: Hash32) throws(RPCClientError) -> JSONValue? {
        try object("eth_getTransactionByHash", [.text(hash.hex)])
    }

    /// The receipt of a transaction; nil while it is in no block.
    public func receipt(_ hash: Hash32) throws(RPCClientError) -> JSONValue? {
        try object("eth_getTransactionReceipt", [.text(hash.hex)])
    }

    /// Which block.
    public enum BlockName: Equatable, Sendable, CustomStringConvertible {
        /// By height, from genesis, which is 0.
        case number(UInt64)
        /// By hash.
        case hash(Hash32)
        /// The head.
        case latest

        /// For messages.
        public var description: String {
            switch self {
            case .number(let number): "block \(number)"
            case .hash(let hash): "block \(hash)"
            case .latest: "the latest block"
            }
        }
    }

    /// A block with the hashes of its transactions; nil if the node has no such block.
    public func block(_ name: BlockName) throws(RPCClientError) -> JSONValue? {
        switch name {
        case .number(let number): try object("eth_getBlockByNumber", [.text(UInt256(number).hex), false])
        case .hash(let hash): try object("eth_getBlockByHash", [.text(hash.hex), false])
        case .latest: try object("eth_getBlockByNumber", ["latest", false])
        }
    }

    private func object(_ method: String, _ params: [JSONValue]) throws(RPCClientError) -> JSONValue? {
        let answer = try client.call(method, params)
        switch answer {
        case .null: return nil
        case .object: return answer
        default: throw malformed(method, got: answer, expected: "an object or null")
        }
    }

    private func word(_ method: String, _ params: [JSONValue] = []) throws(RPCClientError) -> UInt64 {
        let answer = try client.call(method, params)
        guard let value = JSONQuantity.value(answer)?.asUInt64 else {
            throw malformed(method, got: answer, expected: "a quantity below 2^64, such as 0x1f")
        }
        return value
    }

    private func quantity(_ method: String, _ params: [JSONValue] = []) throws(RPCClientError) -> UInt256 {
        try quantity(try client.call(method, params), of: method, "a quantity such as 0x1f")
    }

    private func quantity(
        _ value: JSONValue, of method: String, _ expected: String
    ) throws(RPCClientError) -> UInt256 {
        guard let value = JSONQuantity.value(value) else { throw malformed(method, got: value, expected: expected) }
        return value
    }

    private func malformed(_ method: String, got: JSONValue, expected: String) -> RPCClientError {
        .malformed(
            url: client.shownURL, method: method, got: ForeignText.line("\(got)", limit: 100), expected: expected)
    }
}

/// Numbers as JSON-RPC writes them.
public enum JSONQuantity {
    /// The number of a text of `0x` and 1 to 64 hex digits; nil for anything else.
    public static func value(_ json: JSONValue) -> UInt256? {
        guard case .text(let text) = json, text.hasPrefix("0x") else { return nil }
        return try? UInt256(hex: text)
    }
}
