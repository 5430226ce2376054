/// A type that is a table's key: its bytes, compared lexicographically, give the table's order.
public protocol TableKey {
    /// 1 to 500 bytes.
    var keyBytes: [UInt8] { get }
    /// nil when the bytes are no key of this type.
    init?(keyBytes: UnsafeRawBufferPointer)
}

/// A type that is a table's value.
public protocol TableValue {
    /// The stored form.
    var storedBytes: [UInt8] { get }
    /// nil when the bytes are no value of this type.
    init?(storedBytes: UnsafeRawBufferPointer)
}

/// A table of typed records. Every record carries a CRC-32C over table, key and value, so that a changed byte is found by
/// the read that meets it.
public struct Table<Key: TableKey, Value: TableValue>: Sendable {
    /// Which table.
    public let id: TableID

    /// The typed view of a table.
    public init(_ id: TableID) { self.id = id }

    /// The value stored under `key`, nil when there is none.
    public func get(_ key: Key, in transaction: Snapshot) throws(StorageError) -> Value? {
        try transaction.get(id, key.keyBytes) { (key, stored) throws(StorageError) in
            try decode(key: key, stored: stored, in: transaction)
        }
    }

    /// True when there is a record under `key`; does not check its bytes.
    public func contains(_ key: Key, in transaction: Snapshot) throws(StorageError) -> Bool {
        try transaction.get(id, key.keyBytes) { _, _ in true } ?? false
    }

    /// Stores `value` under `key` in place of what was there.
    public func put(_ key: Key, _ value: Value, in transaction: WriteTransaction) throws(StorageError) {
        try put(key, storedBytes: value.storedBytes, in: transaction)
    }

    /// As `put`, for a value that is given in its stored form.
    public func put(
        _ key: Key, storedBytes value: [UInt8], in transaction: WriteTransaction
    ) throws(StorageError) {
        let keyBytes = key.keyBytes
        var bytes = value
        let checksum = RecordChecksum.of(table: id, key: keyBytes, value: bytes)
        withUnsafeBytes(of: checksum.littleEndian) { bytes.append(contentsOf: $0) }
        try transaction.put(id, keyBytes, bytes)
    }

    /// Removes the record; false when there was none.
    @discardableResult
    public func delete(_ key: Key, in transaction: WriteTransaction) throws(StorageError) -> Bool {
        try transaction.delete(id, key.keyBytes)
    }

    /// The number of records.
    public func count(in transaction: Snapshot) throws(StorageError) -> Int { try transaction.count(id) }

    /// Visits records in key order from the first key ≥ `start` (nil: from the first), or with `reverse` downwards from
    /// the last key ≤ `start` (nil: from the last), until `body` returns false. `body` must not write.
    public func forEach(
        in transaction: Snapshot, from start: Key? = nil, reverse: Bool = false,
        _ body: (Key, Value) throws(StorageError) -> Bool
    ) throws(StorageError) {
        try transaction.scan(id, from: start?.keyBytes, reverse: reverse) { (rawKey, stored) throws(StorageError) in
            let value = try decode(key: rawKey, stored: stored, in: transaction)
            guard let key = Key(keyBytes: rawKey) else { throw damage(rawKey, "not a key of this table", transaction) }
            return try body(key, value)
        }
    }

    private func decode(
        key: UnsafeRawBufferPointer, stored: UnsafeRawBufferPointer, in transaction: Snapshot
    ) throws(StorageError) -> Value {
        let size = stored.count - RecordChecksum.byteCount
        guard size >= 0 else { throw damage(key, "shorter than its checksum", transaction) }
        let bytes = UnsafeRawBufferPointer(rebasing: stored[..<size])
        let expected = RecordChecksum.of(table: id, key: key, value: bytes)
        let found = UInt32(littleEndian: stored.loadUnaligned(fromByteOffset: size, as: UInt32.self))
        guard found == expected else { throw damage(key, "checksum \(found), computed \(expected)", transaction) }
        guard let value = Value(storedBytes: bytes) else {
            throw damage(key, "not a value of this table", transaction)
        }
        return value
    }

    private func damage(_ key: UnsafeRawBufferPointer, _ detail: String, _ transaction: Snapshot) -> StorageError {
        .damagedRecord(
            file: transaction.environment.place.file, table: "\(id)", key: hexText(key), detail: detail)
    }
}

/// Lower-case hexadecimal of a key, for messages.
func hexText(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
