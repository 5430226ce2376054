/// Why bytes are not a JSON text that `JSONReader` takes.
public struct JSONFault: Error, Equatable, CustomStringConvertible {
    /// Where in the input, in bytes.
    public let offset: Int
    /// What should have been there.
    public let expected: String

    /// One line for people.
    public var description: String { "byte \(offset): expected \(expected)" }
}

/// Reads JSON (RFC 8259) more strictly than parsers usually do, so that every reader of a text reads the same: UTF-8 only,
/// no key of an object twice, at most a given number of lists and objects within each other.
public struct JSONReader {
    /// Levels of lists and objects within each other that are read unless told otherwise.
    public static let defaultDepthLimit = 16
    private static let words: [(String, JSONValue)] = [("true", true), ("false", false), ("null", nil)]
    private static let digit = UInt8(ascii: "0")...UInt8(ascii: "9")

    private let bytes: [UInt8]
    private let depthLimit: Int
    var position = 0

    /// The one value that the whole input holds.
    ///
    /// - Throws: `JSONFault` at the first byte that does not fit, also where more than `depthLimit` lists and objects are
    ///   within each other. The reader calls itself once a level, so keep the limit below a few hundred.
    public static func read(_ bytes: [UInt8], depthLimit: Int = defaultDepthLimit) throws(JSONFault) -> JSONValue {
        var reader = JSONReader(bytes: bytes, depthLimit: depthLimit)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.next == nil else { throw reader.fault("nothing after the value") }
        return value
    }

    private init(bytes: [UInt8], depthLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
    }

    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    func fault(_ expected: String) -> JSONFault { JSONFault(offset: position, expected: expected) }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { position += 1 }
    }

    /// Goes past `character` if it comes next.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// A value and the space before it.
    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        skipSpace()
        guard depth <= depthLimit else { throw fault("at most \(depthLimit) levels") }
        switch next {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .list(try list(depth: depth))
        case UInt8(ascii: "\""): return .text(try text())
        case UInt8(ascii: "-"): return try number()
        case .some(let digit) where Self.digit.contains(digit): return try number()
        default: break
        }
        for (word, value) in Self.words where bytes[position...].starts(with: word.utf8) {
            position += word.utf8.count
            return value
        }
        throw fault("a value")
    }

    private mutating func list(depth: Int) throws(JSONFault) -> [JSONValue] {
        var items: [JSONValue] = []
        position += 1
        skipSpace()
        if take("]") { return items }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return items }
            guard take(",") else { throw fault("\",\" or \"]\"") }
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [:]
        position += 1
        skipSpace()
        if take("}") { return fields }
        while true {
            skipSpace()
            let start = position
            guard next == UInt8(ascii: "\"") else { throw fault("a key") }
            let key = try text()
            if fields[key] != nil {
                let shown = JSONValue.text(String(key.unicodeScalars.prefix(64)))
                throw JSONFault(offset: start, expected: "each key once, got \(shown) again")
            }
            skipSpace()
            guard take(":") else { throw fault("\":\"") }
            fields[key] = try value(depth: depth + 1)
            skipSpace()
            if take("}") { return fields }
            guard take(",") else { throw fault("\",\" or \"}\"") }
        }
    }

    /// A whole number from 0 to 2^64 - 1 in its shortest form, or any other number as it was written.
    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let written = String(decoding: bytes[start..<position], as: UTF8.self)
        let isWhole = bytes[start..<position].allSatisfy { Self.digit.contains($0) }
        guard isWhole, let value = UInt64(written) else { return .number(written) }
        return .integer(value)
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while let byte = next, Self.digit.contains(byte) { position += 1 }
        guard position > start else { throw fault("a digit") }
    }
}
