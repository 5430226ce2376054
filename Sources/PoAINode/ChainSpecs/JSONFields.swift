import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// The keys of one JSON object of a chain spec. Every getter demands the key and its type and names both when it fails.
struct JSONFields {
    private let path: String
    private let values: [String: JSONValue]

    /// - Parameters:
    ///   - path: where the object stands in the file, such as `models[0]`; empty for the whole file.
    ///   - keys: all keys it must have.
    init(_ value: JSONValue, path: String = "", keys: [String]) throws(ChainSpecError) {
        guard case .object(let values) = value else {
            guard !path.isEmpty else { throw .notAnObject(reason: "got \(value)") }
            throw .value(key: path, got: "\(value)", expected: "an object")
        }
        self.path = path
        self.values = values
        if let unknown = values.keys.sorted().first(where: { !keys.contains($0) }) {
            throw .unknown(key: name(unknown))
        }
        if let missing = keys.first(where: { values[$0] == nil }) { throw .missing(key: name(missing)) }
    }

    func integer(_ key: String) throws(ChainSpecError) -> UInt64 {
        guard case .integer(let value) = try value(key) else { throw try fault(key, "a whole number, 0 or more") }
        return value
    }

    func count(_ key: String) throws(ChainSpecError) -> Int {
        guard let value = Int(exactly: try integer(key)) else { throw try fault(key, "a whole number below 2^63") }
        return value
    }

    func text(_ key: String) throws(ChainSpecError) -> String {
        guard case .text(let value) = try value(key) else { throw try fault(key, "a string") }
        return value
    }

    /// A 256-bit number, written as decimal digits in a string because JSON numbers lose precision.
    func wei(_ key: String) throws(ChainSpecError) -> UInt256 {
        guard case .text(let digits) = try value(key), let value = UInt256(decimal: digits) else {
            throw try fault(key, "a string of decimal digits below 2^256, in wei")
        }
        return value
    }

    /// A compact target: `0x` and eight hex digits in a string.
    func bits(_ key: String) throws(ChainSpecError) -> UInt32 {
        let expected = "a string of 0x and 8 hex digits"
        guard case .text(let digits) = try value(key), digits.hasPrefix("0x"), digits.utf8.count == 10 else {
            throw try fault(key, expected)
        }
        guard let bytes = try? Hex.decode(digits) else { throw try fault(key, expected) }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    func hash(_ key: String) throws(ChainSpecError) -> Hash32 {
        guard case .text(let digits) = try value(key), let value = try? Hash32(hex: digits) else {
            throw try fault(key, "a string of 64 hex digits")
        }
        return value
    }

    func address(_ key: String) throws(ChainSpecError) -> Address {
        guard case .text(let digits) = try value(key), let value = try? Address(parsing: digits) else {
            throw try fault(key, "an address of 40 hex digits, all lower case or with its EIP-55 checksum")
        }
        return value
    }

    func object(_ key: String, keys: [String]) throws(ChainSpecError) -> JSONFields {
        try JSONFields(try value(key), path: name(key), keys: keys)
    }

    func objects(_ key: String, keys: [String]) throws(ChainSpecError) -> [JSONFields] {
        guard case .list(let entries) = try value(key) else { throw try fault(key, "a list") }
        var objects: [JSONFields] = []
        for (index, entry) in entries.enumerated() {
            objects.append(try JSONFields(entry, path: "\(name(key))[\(index)]", keys: keys))
        }
        return objects
    }

    private func value(_ key: String) throws(ChainSpecError) -> JSONValue {
        guard let value = values[key] else { throw .missing(key: name(key)) }
        return value
    }

    private func fault(_ key: String, _ expected: String) throws(ChainSpecError) -> ChainSpecError {
        .value(key: name(key), got: "\(try value(key))", expected: expected)
    }

    private func name(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
