/// A line on standard input: what to do, with its arguments. See `scripts/tests/interop_peers.py` for who writes it.
struct Request: Decodable, Sendable {
    /// Comes back in the answer.
    var id: Int
    /// The name of a command, a case of `Command`.
    var command: Command
    /// A peer id, of who is asked or sought.
    var peer: String?
    /// An address to dial.
    var address: String?
    /// The name of a protocol.
    var name: String?
    /// What a served protocol does.
    var mode: ServeMode?
    /// The path of a Unix socket on which somebody listens.
    var path: String?
    /// The number of an open stream.
    var stream: Int?
    /// Bytes in hexadecimal digits.
    var data: String?
    /// A topic.
    var topic: String?
    /// How often, or how many.
    var count: Int?
    /// How many bytes.
    var bytes: Int?
    /// Whether the bytes that are sent and received are hashed; true when it is left out.
    var hashes: Bool?
    /// Whether their number is sent before the bytes, as `digest` wants it.
    var isCounted: Bool?
    /// How many bytes to read before the stream is finished; when it is left out, that is done at once.
    var reply: Int?

    enum Command: String, Decodable, Sendable {
        case connect, disconnect, connections, identity, ping
        case serve, open, write, read, finish, reset, send, many, join
        case subscribe, unsubscribe, publish, mesh
        case findPeer, table
    }

    enum ServeMode: String, Decodable, Sendable {
        /// Sends back what comes, and finishes when the peer does.
        case echo
        /// Reads 8 bytes, a number, big-endian, then so many bytes, sends the SHA-256 of these, and finishes when the
        /// peer does.
        case digest
        /// Reads until the peer finishes, then sends the SHA-256 of it all and finishes.
        case late
        /// The same as `digest`, but the SHA-256 is that of nothing.
        case discard
        /// Joins the stream with a new connection to the Unix socket at `path`, as p2pd does.
        case socket
    }
}

/// A line on standard output: the answer to a request, or an event, which has no number.
struct Answer: Encodable, Sendable {
    var id: Int?
    var error: String?
    var event: String?
    var peer: String?
    var peers: [String]?
    var addresses: [String]?
    var agent: String?
    var protocolVersion: String?
    var protocols: [String]?
    var observedAddress: String?
    var hasRecord: Bool?
    var isOutbound: Bool?
    var stream: Int?
    var name: String?
    var data: String?
    var isEnd: Bool?
    var topic: String?
    var count: Int?
    var sent: Int?
    var sentHash: String?
    var received: Int?
    var receivedHash: String?
    var seconds: Double?
}

/// Why a request cannot be answered.
enum RequestError: Error, CustomStringConvertible {
    /// It lacks an argument.
    case missing(String)
    /// An argument is malformed.
    case malformed(String)
    /// A stream or peer is not known.
    case unknown(String)
    /// What came back is not what was sent.
    case wrongBytes
    /// The operating system refuses something, with this error number.
    case system(String, Int32)

    var description: String {
        switch self {
        case .missing(let name): "missing argument '\(name)'"
        case .malformed(let name): "malformed argument '\(name)'"
        case .unknown(let what): "unknown \(what)"
        case .wrongBytes: "other bytes came back"
        case .system(let what, let number): "cannot \(what): error \(number)"
        }
    }
}
