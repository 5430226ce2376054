extension RLP {
    /// The encoding of `item`.
    public static func encode(_ item: RLPItem) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(encodedLength(of: item))
        append(item, to: &output)
        return output
    }

    /// The encoding of a byte string.
    public static func encode(bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + 9)
        append(bytes: bytes, to: &output)
        return output
    }

    /// The encoding of a list whose items are already encoded: `payload` is their concatenation.
    public static func encode(listPayload payload: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(payload.count + 9)
        appendHeader(payload: payload.count, short: 0xC0, to: &output)
        output.append(contentsOf: payload)
        return output
    }

    /// Appends the encoding of a byte string.
    public static func append(bytes: some Collection<UInt8>, to output: inout [UInt8]) {
        if bytes.count == 1, let byte = bytes.first, byte < 0x80 {
            output.append(byte)
        } else {
            appendHeader(payload: bytes.count, short: 0x80, to: &output)
            output.append(contentsOf: bytes)
        }
    }

    /// Appends the encoding of `item`.
    public static func append(_ item: RLPItem, to output: inout [UInt8]) {
        switch item {
        case .bytes(let bytes):
            append(bytes: bytes, to: &output)
        case .list(let items):
            appendHeader(payload: items.reduce(0) { $0 + encodedLength(of: $1) }, short: 0xC0, to: &output)
            for item in items { append(item, to: &output) }
        }
    }

    /// Bytes that `encode` gives for `item`.
    public static func encodedLength(of item: RLPItem) -> Int {
        switch item {
        case .bytes(let bytes):
            if bytes.count == 1, bytes[0] < 0x80 { return 1 }
            return headerSize(payload: bytes.count) + bytes.count
        case .list(let items):
            let payload = items.reduce(0) { $0 + encodedLength(of: $1) }
            return headerSize(payload: payload) + payload
        }
    }

    private static func headerSize(payload: Int) -> Int {
        payload < 56 ? 1 : 1 + significantBytes(payload)
    }

    /// `short` is the prefix of the empty string (0x80) or list (0xC0).
    private static func appendHeader(payload: Int, short: UInt8, to output: inout [UInt8]) {
        if payload < 56 {
            output.append(short + UInt8(payload))
        } else {
            let count = significantBytes(payload)
            output.append(short + 55 + UInt8(count))
            for shift in (0..<count).reversed() {
                output.append(UInt8(truncatingIfNeeded: payload >> (8 * shift)))
            }
        }
    }

    private static func significantBytes(_ value: Int) -> Int {
        (Int.bitWidth - value.leadingZeroBitCount + 7) / 8
    }
}
