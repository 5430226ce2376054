import PoAIJSON

/// An error as JSON-RPC 2.0 sends it.
public struct RPCError: Error, Hashable, Sendable {
    /// By the JSON-RPC specification, EIP-1474, or as geth uses it.
    public var code: Int
    /// One line for people; wallets match some of them.
    public var message: String
    /// What a program may want to know, such as the data of a revert.
    public var data: JSONValue?

    /// Puts the parts together.
    public init(code: Int, message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    /// The request is no JSON.
    public static func parse(_ message: String) -> RPCError { RPCError(code: -32700, message: message) }
    /// The request is JSON, but no request.
    public static func invalidRequest(_ message: String) -> RPCError { RPCError(code: -32600, message: message) }
    /// There is no such method.
    public static func methodNotFound(_ name: String) -> RPCError {
        RPCError(code: -32601, message: "the method \(name) does not exist/is not available")
    }
    /// An argument is missing, one too many, or not what it must be.
    public static func invalidParams(_ message: String) -> RPCError { RPCError(code: -32602, message: message) }
    /// A fault of the node.
    public static func `internal`(_ message: String) -> RPCError { RPCError(code: -32603, message: message) }
    /// What was asked for cannot be done: the code that geth uses for most errors.
    public static func server(_ message: String) -> RPCError { RPCError(code: -32000, message: message) }
    /// What was asked for does not exist, or not any more.
    public static func notFound(_ message: String) -> RPCError { RPCError(code: -32001, message: message) }
    /// A limit of this node.
    public static func limit(_ message: String) -> RPCError { RPCError(code: -32005, message: message) }
}
