import PoAIPrimitives

extension BlockHeader {
    /// Decodes exactly one header. Only the canonical encoding is accepted: `rlpEncoded()` gives back the same bytes.
    public init(rlp: [UInt8]) throws(HeaderDecodingError) {
        try self.init(rlp: rlp[...])
    }

    /// Decodes exactly one header from a slice.
    public init(rlp: ArraySlice<UInt8>) throws(HeaderDecodingError) {
        var reader = try HeaderReader(rlp)
        parentHash = try reader.hash(.parentHash)
        unclesHash = try reader.hash(.unclesHash)
        miner = try reader.address(.miner)
        stateRoot = try reader.hash(.stateRoot)
        transactionsRoot = try reader.hash(.transactionsRoot)
        receiptsRoot = try reader.hash(.receiptsRoot)
        logsBloom = try reader.bloom(.logsBloom)
        bits = UInt32(truncatingIfNeeded: try reader.integer(.bits, maxBytes: 4))
        number = try reader.integer(.number, maxBytes: 8)
        gasLimit = try reader.integer(.gasLimit, maxBytes: 8)
        gasUsed = try reader.integer(.gasUsed, maxBytes: 8)
        timestamp = try reader.integer(.timestamp, maxBytes: 8)
        extraData = [UInt8](try reader.shortString(.extraData, maxBytes: Self.maxExtraDataCount))
        mixHash = try reader.hash(.mixHash)
        nonce = try reader.nonce(.nonce)
        baseFeePerGas = try reader.wideInteger(.baseFeePerGas)
        loss = try reader.integer(.loss, maxBytes: 8)
        try reader.finish()
    }
}

/// Reads the fields of a header one after another. Every length is checked before the bytes are touched.
private struct HeaderReader {
    typealias Failure = HeaderDecodingError
    typealias Field = HeaderDecodingError.Field

    private var rest: ArraySlice<UInt8>

    /// Takes the list prefix off, which must announce exactly the bytes that follow.
    init(_ bytes: ArraySlice<UInt8>) throws(Failure) {
        let prefix = bytes.prefix(3)
        guard prefix.count == 3, prefix.first == 0xf9 else { throw .notAHeaderList(firstByte: bytes.first) }
        let announced = prefix.dropFirst().reduce(0) { $0 << 8 | Int($1) }
        guard announced >= 256 else { throw .notAHeaderList(firstByte: bytes.first) }
        rest = bytes.dropFirst(3)
        guard rest.count == announced else { throw .payloadLength(got: rest.count, announced: announced) }
    }

    mutating func hash(_ field: Field) throws(Failure) -> Hash32 {
        guard let value = Hash32(try fixedString(field, count: 32)) else { throw .truncated(field) }
        return value
    }

    mutating func address(_ field: Field) throws(Failure) -> Address {
        guard let value = Address(try fixedString(field, count: 20)) else { throw .truncated(field) }
        return value
    }

    mutating func bloom(_ field: Field) throws(Failure) -> LogsBloom {
        let first = try take(1, field).first ?? 0
        guard first == 0xb9 else { throw .wrongLength(field, firstByte: first, expected: LogsBloom.byteCount) }
        guard Array(try take(2, field)) == [0x01, 0x00] else {
            throw .wrongLength(field, firstByte: first, expected: LogsBloom.byteCount)
        }
        let bytes = try take(LogsBloom.byteCount, field)
        if bytes.allSatisfy({ $0 == 0 }) { return .zero }
        guard let value = LogsBloom(bytes) else { throw .truncated(field) }
        return value
    }

    mutating func nonce(_ field: Field) throws(Failure) -> UInt64 {
        try fixedString(field, count: 8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func integer(_ field: Field, maxBytes: Int) throws(Failure) -> UInt64 {
        try integerBytes(field, maxBytes: maxBytes).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func wideInteger(_ field: Field) throws(Failure) -> UInt256 {
        let bytes = try integerBytes(field, maxBytes: 32)
        guard let value = UInt256(bigEndianBytes: bytes) else {
            throw .tooLong(field, got: bytes.count, limit: 32)
        }
        return value
    }

    /// A canonical string of 0 to 55 bytes, of which at most `maxBytes` are allowed.
    mutating func shortString(_ field: Field, maxBytes: Int) throws(Failure) -> ArraySlice<UInt8> {
        let start = rest
        let first = try take(1, field).first ?? 0
        if first < 0x80 { return start.prefix(1) }
        guard first <= 0xb7 else { throw .notCanonical(field, firstByte: first) }
        let count = Int(first) - 0x80
        guard count <= maxBytes else { throw .tooLong(field, got: count, limit: maxBytes) }
        let content = try take(count, field)
        if count == 1, let byte = content.first, byte < 0x80 { throw .notCanonical(field, firstByte: first) }
        return content
    }

    func finish() throws(Failure) {
        guard rest.isEmpty else { throw .extraFields(bytes: rest.count) }
    }

    /// Big-endian digits without a leading zero; zero is the empty string.
    private mutating func integerBytes(_ field: Field, maxBytes: Int) throws(Failure) -> ArraySlice<UInt8> {
        let bytes = try shortString(field, maxBytes: maxBytes)
        if bytes.first == 0 { throw .notCanonical(field, firstByte: 0) }
        return bytes
    }

    private mutating func fixedString(_ field: Field, count: Int) throws(Failure) -> ArraySlice<UInt8> {
        let first = try take(1, field).first ?? 0
        guard Int(first) == 0x80 + count else { throw .wrongLength(field, firstByte: first, expected: count) }
        return try take(count, field)
    }

    private mutating func take(_ count: Int, _ field: Field) throws(Failure) -> ArraySlice<UInt8> {
        guard rest.count >= count else { throw .truncated(field) }
        let taken = rest.prefix(count)
        rest = rest.dropFirst(count)
        return taken
    }
}
