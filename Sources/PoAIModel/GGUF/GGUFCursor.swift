/// Reads forward through a mapped file. Each read is checked against the end of the file first; what was announced and is
/// not there is reported as `.truncated` with the name of the thing.
struct GGUFCursor {
    let file: MappedFile
    private(set) var offset: Int

    init(_ file: MappedFile, at offset: Int = 0) {
        self.file = file
        self.offset = offset
    }

    /// Bytes between the cursor and the end of the file.
    var left: Int { file.size - offset }

    /// The next `count` bytes.
    mutating func take(
        _ count: UInt64, _ thing: @autoclosure () -> String
    ) throws(GGUFError) -> UnsafeRawBufferPointer {
        guard count <= UInt64(left) else {
            throw file.error(.truncated(thing: thing(), offset: offset, needs: count, has: UInt64(left)))
        }
        let end = offset + Int(count)
        let slice = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<end])
        offset = end
        return slice
    }

    /// The next little-endian integer.
    mutating func integer<Value: FixedWidthInteger>(
        _ type: Value.Type, _ thing: @autoclosure () -> String
    ) throws(GGUFError) -> Value {
        let size = MemoryLayout<Value>.size
        let bytes = try take(UInt64(size), thing())
        return Value(littleEndian: bytes.loadUnaligned(as: Value.self))
    }

    /// The next string: a 64-bit length and its bytes. They need not be UTF-8.
    mutating func string(_ thing: @autoclosure () -> String) throws(GGUFError) -> UnsafeRawBufferPointer {
        let length = try integer(UInt64.self, thing())
        return try take(length, thing())
    }

    /// The next string as a name: 1 to `limit` bytes of printable ASCII without spaces, so that it can be shown and compared.
    mutating func name(_ thing: String, limit: Int) throws(GGUFError) -> String {
        let start = offset
        let bytes = try string(thing)
        guard bytes.count <= limit else {
            throw file.error(
                .outOfRange(
                    thing: "length of \(thing) at byte \(start)", got: UInt64(bytes.count),
                    expected: "at most \(limit)"))
        }
        guard !bytes.isEmpty, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw file.error(.badName(thing: thing, offset: start))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
