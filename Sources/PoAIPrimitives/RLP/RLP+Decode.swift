extension RLP {
    /// The one item that `bytes` encode.
    /// - Throws: `RLPError` for anything but the canonical encoding of one item within the limits.
    public static func decode(
        _ bytes: [UInt8], depthLimit: Int = defaultDepthLimit, itemLimit: Int = defaultItemLimit
    ) throws(RLPError) -> RLPItem {
        try decode(bytes[...], depthLimit: depthLimit, itemLimit: itemLimit)
    }

    /// The one item that `bytes` encode.
    /// - Throws: `RLPError` for anything but the canonical encoding of one item within the limits.
    public static func decode(
        _ bytes: ArraySlice<UInt8>, depthLimit: Int = defaultDepthLimit, itemLimit: Int = defaultItemLimit
    ) throws(RLPError) -> RLPItem {
        if bytes.isEmpty { throw .emptyInput }
        var decoder = RLPDecoder(start: bytes.startIndex, rest: bytes, depthLimit: depthLimit, itemLimit: itemLimit)
        let item = try decoder.item(depth: 0)
        if !decoder.rest.isEmpty { throw .trailingBytes(count: decoder.rest.count) }
        return item
    }

    /// The encodings of the items of the one list that `bytes` encode, in order, without looking into them: each is what
    /// `decode` takes, if it is canonical itself.
    /// - Throws: `RLPError` for anything but a canonical list header and items that fill the list exactly.
    public static func split(list bytes: ArraySlice<UInt8>) throws(RLPError) -> [ArraySlice<UInt8>] {
        if bytes.isEmpty { throw .emptyInput }
        let (list, after) = try take(bytes, from: bytes.startIndex)
        if !after.isEmpty { throw .trailingBytes(count: after.count) }
        guard let header = try RLPHeader(list, offset: 0), header.isList else { throw .expectedList }
        var items: [ArraySlice<UInt8>] = []
        var rest = list.dropFirst(header.size)
        while !rest.isEmpty {
            let (item, after) = try take(rest, from: bytes.startIndex)
            items.append(item)
            rest = after
        }
        return items
    }

    /// The first item's encoding and what follows it.
    private static func take(
        _ bytes: ArraySlice<UInt8>, from start: Int
    ) throws(RLPError) -> (item: ArraySlice<UInt8>, after: ArraySlice<UInt8>) {
        let offset = bytes.startIndex - start
        guard let header = try RLPHeader(bytes, offset: offset) else {
            throw .truncated(offset: offset, needed: missingHeaderSize(bytes), available: bytes.count)
        }
        let count = header.size + header.payload
        guard count <= bytes.count else { throw .truncated(offset: offset, needed: count, available: bytes.count) }
        return (bytes.prefix(count), bytes.dropFirst(count))
    }

    /// Bytes of the header that `bytes` end within.
    fileprivate static func missingHeaderSize(_ bytes: ArraySlice<UInt8>) -> Int {
        guard let prefix = bytes.first else { return 1 }
        return 1 + Int(prefix) - (prefix >= 0xC0 ? 0xF7 : 0xB7)
    }

    /// Bytes of the item that starts with `prefix`, for reading a file of items one after another; nil if `prefix` is too
    /// short to tell (nine bytes always suffice).
    /// - Throws: `RLPError` if no canonical item starts so.
    public static func itemLength(prefix: ArraySlice<UInt8>) throws(RLPError) -> Int? {
        guard let header = try RLPHeader(prefix, offset: 0) else { return nil }
        return header.size + header.payload
    }
}

/// One pass over the input; `rest` is what was not read yet.
private struct RLPDecoder {
    let start: Int
    var rest: ArraySlice<UInt8>
    let depthLimit: Int
    let itemLimit: Int
    var items = 0

    private var offset: Int { rest.startIndex - start }

    mutating func item(depth: Int) throws(RLPError) -> RLPItem {
        let offset = offset
        items += 1
        if items > itemLimit { throw .tooManyItems(limit: itemLimit) }
        guard let header = try RLPHeader(rest, offset: offset) else {
            throw .truncated(offset: offset, needed: RLP.missingHeaderSize(rest), available: rest.count)
        }
        guard header.size + header.payload <= rest.count else {
            throw .truncated(offset: offset, needed: header.size + header.payload, available: rest.count)
        }
        let payload = rest.dropFirst(header.size).prefix(header.payload)
        let after = rest.dropFirst(header.size + header.payload)
        guard header.isList else {
            if header.size == 1, payload.count == 1, let byte = payload.first, byte < 0x80 {
                throw .prefixedSingleByte(offset: offset)
            }
            rest = after
            return .bytes(Array(payload))
        }
        guard depth < depthLimit else { throw .tooDeep(offset: offset, limit: depthLimit) }
        // Items of the list see the payload only, so that none can reach beyond its end.
        rest = payload
        var list: [RLPItem] = []
        while !rest.isEmpty { list.append(try item(depth: depth + 1)) }
        rest = after
        return .list(list)
    }
}
