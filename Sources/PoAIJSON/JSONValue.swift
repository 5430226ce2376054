/// A JSON value (RFC 8259). Numbers other than whole ones from 0 to 2⁶⁴ − 1 are kept as they were written.
public enum JSONValue: Hashable, Sendable, CustomStringConvertible {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A whole number from 0 to 2⁶⁴ − 1 in its shortest form.
    case integer(UInt64)
    /// Any other number, as written.
    case number(String)
    /// A string.
    case text(String)
    /// An array.
    case list([JSONValue])
    /// An object; no key twice.
    case object([String: JSONValue])

    /// What an error message says was there: one line; text as JSON writes it.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): value
        case .text: String(decoding: JSONWriter.bytes(self), as: UTF8.self)
        case .list: "a list"
        case .object: "an object"
        }
    }

    /// The value under `key`; nil when there is none or this is no object.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[key]
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// A string.
    public init(stringLiteral value: String) { self = .text(value) }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A whole number.
    public init(integerLiteral value: UInt64) { self = .integer(value) }
}

extension JSONValue: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral {
    /// An array.
    public init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    /// An object; of keys given twice the last counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { _, last in last }))
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}
