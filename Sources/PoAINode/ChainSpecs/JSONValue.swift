/// A JSON value of the kinds a chain spec uses; everything else is kept for the error message only.
enum JSONValue: Equatable, CustomStringConvertible {
    case integer(UInt64)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])
    case other(String)

    /// What an error message says was there.
    var description: String {
        switch self {
        case .integer(let value): "\(value)"
        case .text(let value): "\"\(value)\""
        case .list: "a list"
        case .object: "an object"
        case .other(let value): value
        }
    }
}
