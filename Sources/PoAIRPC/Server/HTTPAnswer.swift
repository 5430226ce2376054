import NIOCore
import NIOHTTP1

/// A whole response.
struct HTTPAnswer {
    var status: HTTPResponseStatus
    var body: [UInt8] = []
    var contentType = "text/plain; charset=utf-8"
    var fields: [(String, String)] = []
    /// The connection cannot go on after it.
    var closes = false

    static func text(_ status: HTTPResponseStatus, _ text: String) -> HTTPAnswer {
        HTTPAnswer(status: status, body: Array("\(text)\n".utf8))
    }

    static func json(_ body: [UInt8], status: HTTPResponseStatus = .ok) -> HTTPAnswer {
        HTTPAnswer(status: status, body: body, contentType: "application/json")
    }

    /// What a person gets who opens the address in a browser.
    static let greeting = text(.ok, "PoAI node: JSON-RPC 2.0 by POST or WebSocket, both on this port.")

    static func tooLarge(_ limit: Int) -> HTTPAnswer {
        var answer = text(.payloadTooLarge, "a request has at most \(limit) bytes")
        answer.closes = true
        return answer
    }

    /// The head with the fields that belong to it.
    func head(for request: HTTPRequestHead, isLast: Bool) -> HTTPResponseHead {
        var headers = HTTPHeaders(fields)
        if !body.isEmpty { headers.add(name: "content-type", value: contentType) }
        if status != .noContent { headers.add(name: "content-length", value: String(body.count)) }
        if isLast {
            headers.add(name: "connection", value: "close")
        } else if request.version == .http1_0 {
            headers.add(name: "connection", value: "keep-alive")
        }
        let version = request.version == .http1_0 ? HTTPVersion.http1_0 : .http1_1
        return HTTPResponseHead(version: version, status: status, headers: headers)
    }
}

/// What becomes of an HTTP request, by its head alone.
enum HTTPPlan {
    /// The body is a JSON-RPC request.
    case call
    /// The answer is known without the body.
    case answer(HTTPAnswer)

    init(_ head: HTTPRequestHead, services: RPCServices) {
        self = .call
        if let refusal = Self.refusal(head, services) { self = .answer(refusal) }
    }

    private static func refusal(_ head: HTTPRequestHead, _ services: RPCServices) -> HTTPAnswer? {
        let hosts = head.headers["host"]
        if hosts.isEmpty, head.version != .http1_0 { return .text(.badRequest, "a request needs a Host field") }
        guard services.access.allows(host: hosts) else {
            return .text(.forbidden, "this host name is not allowed; add it to the allowed hosts of the node")
        }
        guard head.uri == "/" || head.uri.hasPrefix("/?") else {
            return .text(.notFound, "JSON-RPC is at the path /")
        }
        switch head.method {
        case .POST: return refusalOfCall(head, services)
        case .OPTIONS: return preflight(head, services)
        case .GET where head.headers.contains(name: "upgrade"): return refusalOfSocket(head, services)
        case .GET, .HEAD: return .greeting
        default:
            var answer = HTTPAnswer.text(.methodNotAllowed, "use POST, or a WebSocket")
            answer.fields.append(("allow", "POST, GET, HEAD, OPTIONS"))
            return answer
        }
    }

    private static func refusalOfCall(_ head: HTTPRequestHead, _ services: RPCServices) -> HTTPAnswer? {
        let types = head.headers["content-type"]
        let type = types.first?.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        // A web page can send other types without asking first, so they would get past the list of origins.
        guard types.count == 1, let type, ["application/json", "application/json-rpc"].contains(type) else {
            return .text(.unsupportedMediaType, "content-type must be application/json")
        }
        if head.headers.contains(name: "content-encoding") {
            return .text(.unsupportedMediaType, "a body must not be encoded")
        }
        let limit = services.limits.requestBytes
        if let length = head.headers.first(name: "content-length"), Int(length).map({ $0 > limit }) ?? true {
            return .tooLarge(limit)
        }
        return nil
    }

    private static func preflight(_ head: HTTPRequestHead, _ services: RPCServices) -> HTTPAnswer {
        guard let origin = head.headers.first(name: "origin"),
            head.headers.contains(name: "access-control-request-method")
        else { return HTTPAnswer(status: .noContent, fields: [("allow", "POST, GET, HEAD, OPTIONS")]) }
        guard services.access.allows(origin: origin) else {
            return .text(.forbidden, "pages of this origin are not allowed; add it to the origins of the node")
        }
        var answer = HTTPAnswer(status: .noContent)
        answer.fields = [
            ("access-control-allow-methods", "POST, GET"), ("access-control-allow-headers", "content-type"),
            ("access-control-max-age", "600"),
        ]
        if head.headers.first(name: "access-control-request-private-network") == "true" {
            answer.fields.append(("access-control-allow-private-network", "true"))
        }
        return answer
    }

    /// For a request that the upgrader has turned down.
    private static func refusalOfSocket(_ head: HTTPRequestHead, _ services: RPCServices) -> HTTPAnswer {
        guard services.access.allows(socketOrigins: head.headers["origin"]) else {
            return .text(.forbidden, "pages of this origin are not allowed; add it to the origins of the node")
        }
        return .text(.badRequest, "not a WebSocket handshake of version 13 as the first request of a connection")
    }
}
