import PoAIJSON

/// One call of a request, as JSON-RPC 2.0 has it.
enum RPCRequest {
    /// In order. No id: a notification, which is never answered.
    case call(id: JSONValue?, method: String, arguments: [JSONValue])
    /// Not in order; answered in any case unless the fault is in the arguments of a notification.
    case fault(id: JSONValue?, RPCError)

    /// What an answer carries; nil: there is none.
    var id: JSONValue? {
        switch self {
        case .call(let id, _, _), .fault(let id, _): id
        }
    }

    init(_ value: JSONValue) {
        guard case .object(let fields) = value else {
            self = .fault(id: .null, .invalidRequest("a request is an object, got \(value.brief)"))
            return
        }
        let id = fields["id"]
        switch id {
        case nil, .null, .integer, .number, .text: break
        case .some(let other):
            self = .fault(id: .null, .invalidRequest("id is a string, a number or null, got \(other.brief)"))
            return
        }
        guard fields["jsonrpc"] == "2.0" else {
            let got = fields["jsonrpc"]?.brief ?? "none"
            self = .fault(id: id ?? .null, .invalidRequest("jsonrpc must be \"2.0\", got \(got)"))
            return
        }
        guard case .text(let method)? = fields["method"] else {
            let got = fields["method"]?.brief ?? "none"
            self = .fault(id: id ?? .null, .invalidRequest("method must be a string, got \(got)"))
            return
        }
        switch fields["params"] {
        case nil, .null: self = .call(id: id, method: method, arguments: [])
        case .list(let arguments): self = .call(id: id, method: method, arguments: arguments)
        case .some(let other): self = .fault(id: id, .invalidParams("params must be a list, got \(other.brief)"))
        }
    }
}

extension JSONValue {
    /// What an error message says was there, however long it was.
    var brief: String { "\(self)".clipped(to: 64) }
}

extension String {
    /// At most `count` Unicode scalars of the text, with a mark where it was cut.
    func clipped(to count: Int) -> String {
        let kept = unicodeScalars.prefix(count)
        return kept.endIndex == unicodeScalars.endIndex ? self : String(kept) + "…"
    }
}
