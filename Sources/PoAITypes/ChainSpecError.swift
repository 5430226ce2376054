/// Why a chain spec was refused.
public enum ChainSpecError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is not JSON, or not a JSON object.
    case notAnObject(reason: String)
    /// A key that every spec has is absent.
    case missing(key: String)
    /// A key that no spec has.
    case unknown(key: String)
    /// A value of the wrong type or out of its range.
    case value(key: String, got: String, expected: String)

    /// One line that names the key, what it held and what it may hold.
    public var description: String {
        switch self {
        case .notAnObject(let reason):
            "chain spec: expected a JSON object: \(Self.line(reason))"
        case .missing(let key):
            "chain spec: key \"\(key)\" is missing"
        case .unknown(let key):
            "chain spec: unknown key \"\(Self.line(key))\""
        case .value(let key, let got, let expected):
            "chain spec: key \"\(key)\": expected \(expected), got \(Self.line(got))"
        }
    }

    /// The beginning of a text from a file, without what would break the line of a message or steer a terminal.
    private static func line(_ text: String) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(80) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: line.append(" ")
            default: line.append(scalar)
            }
        }
        return String(line)
    }
}
