import Foundation
import PoAIJSON

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Calls a node by JSON-RPC 2.0 over HTTP. What it answers is taken as that of a stranger: bounded and checked.
public struct RPCClient: Sendable {
    /// Seconds that a call may take unless told otherwise.
    public static let defaultTimeout = 30.0
    /// Bytes that an answer may have unless told otherwise.
    public static let defaultResponseLimit = 32 << 20

    /// The node's address without user name and password, for messages.
    public let shownURL: String
    private let url: URL
    private let authorization: String?
    private let timeout: Double
    private let responseLimit: Int

    /// A node at an `http` or `https` address. A user name and password in it become basic authentication.
    ///
    /// - Parameters: timeout: seconds of one call. responseLimit: bytes of one answer.
    /// - Throws: `.badURL`.
    public init(
        url text: String, timeout: Double = defaultTimeout, responseLimit: Int = defaultResponseLimit
    ) throws(RPCClientError) {
        let shown = ForeignText.line(text.split(separator: "@").last.map(String.init) ?? "")
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
            (1...65_535).contains(parts.port ?? 80)
        else { throw .badURL(shown.isEmpty ? "the empty text" : shown) }
        authorization = parts.user.map { user in
            "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        }
        (parts.user, parts.password, parts.fragment) = (nil, nil, nil)
        guard let url = parts.url else { throw .badURL(shown) }
        self.url = url
        shownURL = ForeignText.line(url.absoluteString)
        (self.timeout, self.responseLimit) = (timeout, responseLimit)
    }

    /// Calls one method and returns its result.
    ///
    /// - Throws: `RPCClientError`, all but `.badURL` and `.malformed`.
    public func call(_ method: String, _ params: [JSONValue] = []) throws(RPCClientError) -> JSONValue {
        let request: JSONValue = ["id": 1, "jsonrpc": "2.0", "method": .text(method), "params": .list(params)]
        let outcome = HTTPPoster.post(
            JSONWriter.bytes(request), to: url, authorization: authorization, seconds: timeout, limit: responseLimit)
        return try result(of: method, try answer(outcome))
    }

    /// The body of the answer. Some servers send errors of JSON-RPC with another status than 200.
    private func answer(_ outcome: HTTPPoster.Outcome) throws(RPCClientError) -> JSONValue {
        switch outcome {
        case .timedOut: throw .timedOut(url: shownURL, seconds: timeout)
        case .tooLong: throw .tooLong(url: shownURL, limit: responseLimit)
        case .failed(code: .cannotConnectToHost, _): throw .refused(url: shownURL)
        case .failed(code: .cannotFindHost, _), .failed(code: .dnsLookupFailed, _): throw .unknownHost(url: shownURL)
        case .failed(_, let reason):
            throw .disconnected(url: shownURL, reason: "no answer: \(ForeignText.line(reason))")
        case .answer(let status, let body):
            let value: JSONValue
            do throws(JSONFault) {
                value = try JSONReader.read(body, depthLimit: 64)
            } catch {
                guard status == 200 else { throw .status(url: shownURL, code: status) }
                throw .notRPC(url: shownURL, reason: ForeignText.line("\(error)"))
            }
            guard status == 200 || value["error"] != nil else { throw .status(url: shownURL, code: status) }
            return value
        }
    }

    /// The field `result`, or the error that takes its place (JSON-RPC 2.0, 5).
    private func result(of method: String, _ answer: JSONValue) throws(RPCClientError) -> JSONValue {
        guard case .object = answer else { throw .notRPC(url: shownURL, reason: "it is no object") }
        if let error = answer["error"], error != .null {
            guard case .object = error, let code = error["code"], case .text(let message)? = error["message"] else {
                throw .notRPC(url: shownURL, reason: "its error has no code and message")
            }
            throw .remote(
                url: shownURL, method: method, code: ForeignText.line("\(code)", limit: 20),
                message: ForeignText.line(message))
        }
        guard answer["id"] == 1 else { throw .notRPC(url: shownURL, reason: "its id is not that of the call") }
        guard let result = answer["result"] else { throw .notRPC(url: shownURL, reason: "it has no result") }
        return result
    }
}
