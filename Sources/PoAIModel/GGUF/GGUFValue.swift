/// The types a metadata value can have. Raw values are those of the GGUF specification.
public enum GGUFValueType: UInt32, Sendable, Hashable {
    case uint8 = 0
    case int8 = 1
    case uint16 = 2
    case int16 = 3
    case uint32 = 4
    case int32 = 5
    case float32 = 6
    case bool = 7
    case string = 8
    case array = 9
    case uint64 = 10
    case int64 = 11
    case float64 = 12

    /// Bytes of a value of fixed size; nil for strings and arrays.
    var fixedSize: Int? {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        case .string, .array: nil
        }
    }
}

/// A metadata value. Integers of all widths are widened, as writers differ in the width they choose.
public enum GGUFValue: Sendable {
    /// Any unsigned integer.
    case unsigned(UInt64)
    /// Any signed integer.
    case signed(Int64)
    /// A 32-bit float.
    case float(Float)
    /// A 64-bit float.
    case double(Double)
    /// A truth value, stored as byte 0 or 1.
    case bool(Bool)
    /// A string's bytes; UTF-8 by convention, not checked.
    case string([UInt8])
    /// An array that stays in the file.
    case array(GGUFArray)

    /// The name of the type for error messages.
    var typeName: String {
        switch self {
        case .unsigned: "unsigned integer"
        case .signed: "signed integer"
        case .float: "float32"
        case .double: "float64"
        case .bool: "bool"
        case .string: "string"
        case .array(let array): "array of \(array.elementType)"
        }
    }
}

/// A metadata array. The elements are not copied: a vocabulary of 49,152 strings costs nothing until it is walked.
public struct GGUFArray: Sendable {
    /// The metadata key, for error messages.
    public let key: String
    /// The type all elements have.
    public let elementType: GGUFValueType
    /// The number of elements.
    public let count: Int

    let file: MappedFile
    let offset: Int

    /// Calls `body` with the index and the bytes of each string in order. The bytes are valid during the call only.
    ///
    /// - Throws: `.wrongValueType` when the elements are not strings; whatever `body` throws.
    public func forEachString(
        _ body: (Int, UnsafeRawBufferPointer) throws(GGUFError) -> Void
    ) throws(GGUFError) {
        guard elementType == .string else { throw wrongType(expected: "string") }
        var cursor = GGUFCursor(file, at: offset)
        for index in 0..<count {
            try body(index, cursor.string("\(key)[\(index)]"))
        }
    }

    /// All elements, when they are integers that fit 64 signed bits.
    ///
    /// - Throws: `.wrongValueType` when the elements are not integers, `.outOfRange` when one is too large.
    public func integers() throws(GGUFError) -> [Int64] {
        var cursor = GGUFCursor(file, at: offset)
        var result: [Int64] = []
        result.reserveCapacity(count)
        for index in 0..<count {
            let value = try cursor.value(elementType, key: key, depth: 0)
            switch value {
            case .signed(let element): result.append(element)
            case .unsigned(let element):
                guard let fitting = Int64(exactly: element) else {
                    throw file.error(.outOfRange(thing: "\(key)[\(index)]", got: element, expected: "below 2^63"))
                }
                result.append(fitting)
            default: throw wrongType(expected: "integer")
            }
        }
        return result
    }

    private func wrongType(expected: String) -> GGUFError {
        file.error(
            .wrongValueType(key: key, got: "array of \(elementType)", expected: "array of \(expected)"))
    }
}
