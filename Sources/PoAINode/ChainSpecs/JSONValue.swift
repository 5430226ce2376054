import Foundation

/// A JSON value of the kinds a chain spec uses; everything else is kept for the error message only.
enum JSONValue: Decodable, CustomStringConvertible {
    case integer(UInt64)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])
    case other(String)

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .other("null")
        } else if let value = try? container.decode(Bool.self) {
            self = .other("\(value)")
        } else if let value = try? container.decode(UInt64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .other("\(value)")
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

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
