/// Counts the fields of an encoded RPC before anything is made of them: an empty field has two bytes on the wire and a
/// hundred in memory.
struct GossipFieldCount {
    private(set) var count = 0

    /// Counts the fields of `bytes`, and those of the messages in them: `depth` is 0 for an RPC, 1 for its control
    /// message, 2 for the parts of that, 3 below.
    /// - Throws: `malformed` unless the bytes are fields of protobuf without groups, `tooManyFields`.
    mutating func add(_ bytes: ArraySlice<UInt8>, depth: Int = 0) throws(GossipWireError) {
        var reader = ByteReader(bytes)
        while !reader.isEmpty {
            count += 1
            guard count <= GossipRPC.maximumFields else { throw .tooManyFields }
            guard let key = try? reader.varint(), let content = Self.content(&reader, wireType: key & 7) else {
                throw .malformed
            }
            guard key & 7 == 2 else { continue }
            // Only control messages have parts whose number is not fixed: ids, and peers.
            if depth == 0 && key >> 3 == 3 || depth == 1 && (1...5).contains(key >> 3) {
                try add(content, depth: depth + 1)
            }
        }
    }

    /// The bytes of a field after its key; nil when it is cut off or of an unknown kind.
    private static func content(_ reader: inout ByteReader, wireType: UInt64) -> ArraySlice<UInt8>? {
        switch wireType {
        case 0: skipVarint(&reader)
        case 1: reader.take(8)
        case 2: (try? reader.varint()).flatMap { reader.take($0) }
        case 5: reader.take(4)
        default: nil
        }
    }

    /// Protobuf's numbers have up to ten bytes and need not be minimal.
    private static func skipVarint(_ reader: inout ByteReader) -> ArraySlice<UInt8>? {
        guard let end = reader.rest.prefix(10).firstIndex(where: { $0 < 0x80 }) else { return nil }
        return reader.take(UInt64(end - reader.rest.startIndex + 1))
    }
}
