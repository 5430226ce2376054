extension GGUFCursor {
    /// Arrays may be nested this deep.
    static let maximumArrayDepth = 4

    /// The next value type number.
    mutating func valueType(_ thing: @autoclosure () -> String) throws(GGUFError) -> GGUFValueType {
        let number = try integer(UInt32.self, thing())
        guard let type = GGUFValueType(rawValue: number) else {
            throw file.error(.unknownValueType(thing: thing(), got: number))
        }
        return type
    }

    /// The next value of the given type. An array is walked to its end, so that what follows it can be read, and returned as
    /// a reference into the file.
    mutating func value(_ type: GGUFValueType, key: String, depth: Int) throws(GGUFError) -> GGUFValue {
        switch type {
        case .uint8: .unsigned(UInt64(try integer(UInt8.self, key)))
        case .uint16: .unsigned(UInt64(try integer(UInt16.self, key)))
        case .uint32: .unsigned(UInt64(try integer(UInt32.self, key)))
        case .uint64: .unsigned(try integer(UInt64.self, key))
        case .int8: .signed(Int64(try integer(Int8.self, key)))
        case .int16: .signed(Int64(try integer(Int16.self, key)))
        case .int32: .signed(Int64(try integer(Int32.self, key)))
        case .int64: .signed(try integer(Int64.self, key))
        case .float32: .float(Float(bitPattern: try integer(UInt32.self, key)))
        case .float64: .double(Double(bitPattern: try integer(UInt64.self, key)))
        case .bool: .bool(try bool(key))
        case .string: .string([UInt8](try string(key)))
        case .array: .array(try array(key: key, depth: depth))
        }
    }

    private mutating func bool(_ key: String) throws(GGUFError) -> Bool {
        let byte = try integer(UInt8.self, key)
        guard byte <= 1 else {
            throw file.error(.outOfRange(thing: "bool \(key)", got: UInt64(byte), expected: "0 or 1"))
        }
        return byte == 1
    }

    private mutating func array(key: String, depth: Int) throws(GGUFError) -> GGUFArray {
        guard depth < Self.maximumArrayDepth else {
            throw file.error(.nestedTooDeep(key: key, limit: Self.maximumArrayDepth))
        }
        let type = try valueType("array \(key)")
        let announced = try integer(UInt64.self, key)
        let start = offset
        // Every element takes at least one byte, so a count above the rest of the file is false; this also makes it an Int.
        guard announced <= UInt64(left) else {
            throw file.error(
                .truncated(thing: "array \(key)", offset: offset, needs: announced, has: UInt64(left)))
        }
        let count = Int(announced)

        if let size = type.fixedSize {
            let (length, overflow) = announced.multipliedReportingOverflow(by: UInt64(size))
            _ = try take(overflow ? .max : length, "array \(key)")
        } else if type == .string {
            for _ in 0..<count { _ = try string(key) }
        } else {
            for _ in 0..<count { _ = try array(key: key, depth: depth + 1) }
        }
        return GGUFArray(key: key, elementType: type, count: count, file: file, offset: start)
    }
}
