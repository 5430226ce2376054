import CCRC32C

/// CRC-32C (Castagnoli) over table number, key length, key and value: guards stored records against changed bytes.
enum RecordChecksum {
    static let byteCount = 4

    static func of(table: TableID, key: [UInt8], value: [UInt8]) -> UInt32 {
        key.withUnsafeBytes { key in value.withUnsafeBytes { of(table: table, key: key, value: $0) } }
    }

    static func of(table: TableID, key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) -> UInt32 {
        var crc = CRC32C()
        crc.update(UInt8(truncatingIfNeeded: table.rawValue))
        crc.update(UInt8(truncatingIfNeeded: key.count))
        crc.update(key)
        crc.update(value)
        return crc.value
    }
}

/// CRC-32C: polynomial 0x1EDC6F41 reflected, initial value and final xor 0xFFFFFFFF (RFC 3720, B.4).
package struct CRC32C {
    private var state: UInt32 = .max

    package init() {}

    /// The checksum of the bytes so far.
    package var value: UInt32 { ~state }

    package mutating func update(_ byte: UInt8) {
        Self.tables.withUnsafeBufferPointer { table in
            state = (state >> 8) ^ table[Int(UInt8(truncatingIfNeeded: state) ^ byte)]
        }
    }

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        if Self.hasInstruction {
            state = poai_crc32c(state, bytes.baseAddress, bytes.count)
        } else {
            updateByTable(bytes)
        }
    }

    /// The same without the processor's instruction.
    package mutating func updateByTable(_ bytes: UnsafeRawBufferPointer) {
        Self.tables.withUnsafeBufferPointer { table in
            var crc = state
            var position = 0
            while position + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let mixed = word ^ UInt64(crc)
                crc = 0
                for lane in 0..<8 {
                    crc ^= table[(7 - lane) * 256 + Int(UInt8(truncatingIfNeeded: mixed >> (8 * UInt64(lane))))]
                }
                position += 8
            }
            while position < bytes.count {
                crc = (crc >> 8) ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[position])]
                position += 1
            }
            state = crc
        }
    }

    private static let hasInstruction = poai_crc32c_is_available()

    /// Eight tables of 256: `tables[256 * k + b]` is the checksum of byte `b` followed by `k` zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = (crc >> 1) ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()
}
