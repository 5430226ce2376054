/// Why a node did not answer, or not with what was asked for. `url` is the address without user name and password.
public enum RPCClientError: Error, Equatable, Sendable, CustomStringConvertible {
    /// No address of a node.
    case badURL(String)
    /// Nothing listens there.
    case refused(url: String)
    /// The name of the host is not known.
    case unknownHost(url: String)
    /// No answer in time.
    case timedOut(url: String, seconds: Double)
    /// The connection broke, or could not be made for the reason given.
    case disconnected(url: String, reason: String)
    /// Another HTTP status than 200.
    case status(url: String, code: Int)
    /// An answer of more than `limit` bytes.
    case tooLong(url: String, limit: Int)
    /// The answer is no JSON-RPC.
    case notRPC(url: String, reason: String)
    /// The node refuses (JSON-RPC 2.0, 5.1).
    case remote(url: String, method: String, code: String, message: String)
    /// The answer to `method` is not of the form it must have.
    case malformed(url: String, method: String, got: String, expected: String)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .badURL(let text): "\(text): it is no address of a node (give one such as http://127.0.0.1:8545)"
        case .refused(let url): "\(url): no node listens there (start one with 'poaid run', or give another --rpc-url)"
        case .unknownHost(let url): "\(url): there is no such host (check --rpc-url)"
        case .timedOut(let url, let seconds):
            "\(url): no answer within \(Int(seconds.rounded(.up))) s (is it a node? try again, or give another --rpc-url)"
        case .disconnected(let url, let reason): "\(url): \(reason) (check the node, or give another --rpc-url)"
        case .status(let url, let code):
            "\(url): it answers with HTTP status \(code), which no node does to a good call (check --rpc-url)"
        case .tooLong(let url, let limit):
            "\(url): its answer has more than \(limit) bytes, which no node sends (check --rpc-url)"
        case .notRPC(let url, let reason): "\(url): its answer is no JSON-RPC: \(reason) (check --rpc-url)"
        case .remote(let url, let method, let code, let message):
            "\(url): the node refuses \(method) with error \(code): \(message) (\(Self.wayOut(message, method)))"
        case .malformed(let url, let method, let got, let expected):
            "\(url): its answer to \(method) is \(got), expected \(expected) (check --rpc-url)"
        }
    }

    private static func wayOut(_ message: String, _ method: String) -> String {
        let ways = [
            ("insufficient funds", "send less, or from an account with more: 'poaid balance --addr ...'"),
            ("nonce", "another transaction of this account came first; try again"),
            ("underpriced", "wait for the one that is waiting, then try again"),
            ("revert", "the receiver is a contract that does not take this"),
        ]
        return ways.first { message.lowercased().contains($0.0) }?.1 ?? "what it says should help; its log may say more"
    }
}

/// Text from a stranger, made fit for a line on a terminal.
package enum ForeignText {
    /// The text without control characters and what turns its direction, and at most so many characters of it.
    package static func line(_ text: String, limit: Int = 300) -> String {
        let kept = text.unicodeScalars.prefix(4 * limit).map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: " "
            default: Character(scalar)
            }
        }
        return String(kept).count > limit ? String(String(kept).prefix(limit)) + "…" : String(kept)
    }
}
