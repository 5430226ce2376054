/// One stream to a peer whose protocol is agreed. Safe to use from any thread; one task reads and one writes at a time.
///
/// A stream is open until it is reset, or both sides finished and everything was read. Whoever holds one ends it.
public protocol PeerStream: AnyObject, Sendable {
    /// Who is at the other end.
    var peer: PeerID { get }
    /// The agreed protocol.
    var protocolName: String { get }
    /// Whether this side opened it.
    var isOutbound: Bool { get }

    /// The next bytes, at least one; nil when the peer finished. What is not read yet holds the peer back.
    /// - Throws: `StreamError`; `cancelled` when the task is cancelled.
    func read() async throws(StreamError) -> [UInt8]?

    /// Sends bytes; returns when the stream has room for more.
    /// - Throws: `StreamError`.
    func write(_ bytes: [UInt8]) async throws(StreamError)

    /// Says that nothing more will be written; reading goes on.
    /// - Throws: `StreamError`.
    func finish() async throws(StreamError)

    /// Gives the stream up, both ways and at once. Nothing happens when it has ended.
    func reset()
}

/// Why a stream cannot be used.
public enum StreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One side gave the stream up.
    case reset
    /// The connection is gone.
    case disconnected
    /// This side has finished writing.
    case finished
    /// The peer speaks none of these protocols.
    case unsupported([String])
    /// The peer broke the negotiation of the protocol.
    case negotiation(MultistreamError)
    /// The peer took too long.
    case timedOut
    /// The task that waited was cancelled.
    case cancelled
    /// A message is longer than the protocol allows, in bytes.
    case tooLong(limit: Int)
    /// The peer sent what is no message of the protocol.
    case malformed
    /// A limit on streams, of this name, is reached.
    case limit(String)

    /// One line for a person.
    public var description: String {
        switch self {
        case .reset: "the stream was reset"
        case .disconnected: "the connection is gone"
        case .finished: "the stream was finished"
        case .unsupported(let names): "the peer speaks none of \(names.joined(separator: ", "))"
        case .negotiation(let error): error.description
        case .timedOut: "the peer took too long"
        case .cancelled: "it was cancelled"
        case .tooLong(let limit): "a message has at most \(limit) bytes here"
        case .malformed: "the peer sent what is no message of the protocol"
        case .limit(let name): "the limit on \(name) is reached"
        }
    }
}
