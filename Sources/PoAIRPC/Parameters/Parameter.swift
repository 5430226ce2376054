import PoAIJSON
import PoAIPrimitives

/// A value that came with a call, and where: readers name both when it is not what it must be.
struct Parameter {
    let value: JSONValue
    /// Such as `argument 0: topics[2]`.
    let path: String

    init(_ value: JSONValue, _ path: String) {
        self.value = value
        self.path = path
    }

    /// The error that says what there should be.
    func expected(_ what: String) -> RPCError {
        if value == .null { return .invalidParams("missing value for \(path): expected \(what)") }
        return .invalidParams("invalid \(path): expected \(what), got \(shown)")
    }

    /// nil for null or no value at all.
    var ifGiven: Parameter? { value == .null ? nil : self }

    /// The field of an object, null where there is none.
    subscript(key: String) -> Parameter { Parameter(value[key] ?? .null, "\(path): \(key)") }

    /// The items of a list of at most `limit`.
    func list(_ what: String, limit: Int) throws(RPCError) -> [Parameter] {
        guard case .list(let items) = value else { throw expected("a list of \(what)") }
        guard items.count <= limit else {
            throw .invalidParams("invalid \(path): expected at most \(limit) of \(what), got \(items.count)")
        }
        return items.enumerated().map { Parameter($1, "\(path)[\($0)]") }
    }

    /// What `read` makes of each item of a list of at most `limit`.
    func list<T>(
        _ what: String, limit: Int, _ read: (Parameter) throws(RPCError) -> T
    ) throws(RPCError) -> [T] {
        var results: [T] = []
        for item in try list(what, limit: limit) { results.append(try read(item)) }
        return results
    }

    /// The value, which must be an object.
    func object() throws(RPCError) -> Parameter {
        guard case .object = value else { throw expected("an object") }
        return self
    }

    func bool() throws(RPCError) -> Bool {
        guard case .bool(let flag) = value else { throw expected("true or false") }
        return flag
    }

    func text() throws(RPCError) -> String {
        guard case .text(let text) = value else { throw expected("a string") }
        return text
    }

    /// What was there, cut to a length that fits into a message.
    private var shown: String {
        let text = value.description
        guard text.utf8.count > Self.shownCount else { return text }
        return String(decoding: Array(text.utf8.prefix(Self.shownCount)), as: UTF8.self) + "..."
    }

    private static let shownCount = 100
}
