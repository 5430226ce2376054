/// The key-value part of a GGUF file. Getters say which key is missing or of the wrong type.
public struct GGUFMetadata: Sendable {
    /// More entries than this are refused (real files have some tens).
    static let maximumEntries: UInt64 = 65_536

    /// The keys in file order.
    public private(set) var keys: [String] = []
    private var values: [String: GGUFValue] = [:]
    private let file: MappedFile

    /// Reads `count` entries.
    init(reading count: UInt64, from cursor: inout GGUFCursor) throws(GGUFError) {
        file = cursor.file
        guard count <= Self.maximumEntries else {
            throw file.error(
                .outOfRange(
                    thing: "number of metadata entries", got: count, expected: "at most \(Self.maximumEntries)"))
        }
        for _ in 0..<count {
            let key = try cursor.name("metadata key", limit: 65_535)
            let type = try cursor.valueType("metadata \(key)")
            let value = try cursor.value(type, key: key, depth: 0)
            guard values.updateValue(value, forKey: key) == nil else {
                throw file.error(.duplicate(thing: "metadata key", name: key))
            }
            keys.append(key)
        }
    }

    /// The value of `key`, or nil when the file does not have it.
    public func value(_ key: String) -> GGUFValue? { values[key] }

    /// A non-negative integer of any width, or nil when absent. Throws `.wrongValueType` or, for negatives, `.badValue`.
    public func unsignedIfPresent(_ key: String) throws(GGUFError) -> UInt64? {
        switch values[key] {
        case nil: return nil
        case .unsigned(let number): return number
        case .signed(let number):
            guard let result = UInt64(exactly: number) else {
                throw file.error(.badValue(key: key, got: "\(number)", expected: "not negative"))
            }
            return result
        case .some(let other): throw wrongType(key, other, "integer")
        }
    }

    /// A non-negative integer that must be there.
    public func unsigned(_ key: String) throws(GGUFError) -> UInt64 { try present(unsignedIfPresent(key), key) }

    /// A 32-bit float, or nil when absent. Throws `.wrongValueType`.
    public func floatIfPresent(_ key: String) throws(GGUFError) -> Float? {
        switch values[key] {
        case nil: return nil
        case .float(let number): return number
        case .some(let other): throw wrongType(key, other, "float32")
        }
    }

    /// A 32-bit float that must be there.
    public func float(_ key: String) throws(GGUFError) -> Float { try present(floatIfPresent(key), key) }

    /// A truth value, or nil when absent. Throws `.wrongValueType`.
    public func boolIfPresent(_ key: String) throws(GGUFError) -> Bool? {
        switch values[key] {
        case nil: return nil
        case .bool(let truth): return truth
        case .some(let other): throw wrongType(key, other, "bool")
        }
    }

    /// A string (bytes that are not UTF-8 are replaced), or nil when absent. Throws `.wrongValueType`.
    public func stringIfPresent(_ key: String) throws(GGUFError) -> String? {
        switch values[key] {
        case nil: return nil
        case .string(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .some(let other): throw wrongType(key, other, "string")
        }
    }

    /// A string that must be there.
    public func string(_ key: String) throws(GGUFError) -> String { try present(stringIfPresent(key), key) }

    /// An array that must be there.
    public func array(_ key: String) throws(GGUFError) -> GGUFArray {
        switch values[key] {
        case nil: throw file.error(.missingKey(key))
        case .array(let array): return array
        case .some(let other): throw wrongType(key, other, "array")
        }
    }

    private func present<Value>(_ value: Value?, _ key: String) throws(GGUFError) -> Value {
        guard let value else { throw file.error(.missingKey(key)) }
        return value
    }

    private func wrongType(_ key: String, _ value: GGUFValue, _ expected: String) -> GGUFError {
        file.error(.wrongValueType(key: key, got: value.typeName, expected: expected))
    }
}
