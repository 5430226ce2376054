import PoAIPrimitives

extension BlockHeader {
    /// The canonical RLP list of all 17 fields.
    public func rlpEncoded() -> [UInt8] {
        withEncoding(.full) { [UInt8]($0) }
    }

    /// The block hash: Keccak-256 of `rlpEncoded()`. Costs about a microsecond or two; nothing is cached.
    public var hash: Hash32 {
        withEncoding(.full) { Keccak256.hash($0) }
    }

    /// What the work commits to: Keccak-256 of the RLP list without mixHash, nonce and loss, so that it is known before
    /// the search for a nonce begins.
    public var sealHash: Hash32 {
        withEncoding(.unsealed) { Keccak256.hash($0) }
    }

    private enum Form {
        case full, unsealed
    }

    /// Room for every header whose extraData obeys the limit: 17 fields take at most 679 bytes with the list prefix.
    private static let stackByteCount = 1024

    /// Runs `body` on the encoding, which lies on the stack for every header that could be valid: hashing a header
    /// allocates nothing.
    private func withEncoding<R>(_ form: Form, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        guard extraData.count <= Self.maxExtraDataCount else {
            return RLP.encode(.list(items(form))).withUnsafeBytes(body)
        }
        return withUnsafeTemporaryAllocation(byteCount: Self.stackByteCount, alignment: 8) { buffer in
            var writer = HeaderWriter(buffer)
            write(form, to: &writer)
            return body(writer.finish())
        }
    }

    private func write(_ form: Form, to writer: inout HeaderWriter) {
        writer.hash(parentHash)
        writer.hash(unclesHash)
        writer.address(miner)
        writer.hash(stateRoot)
        writer.hash(transactionsRoot)
        writer.hash(receiptsRoot)
        writer.bloom(logsBloom)
        writer.integer(UInt64(bits))
        writer.integer(number)
        writer.integer(gasLimit)
        writer.integer(gasUsed)
        writer.integer(timestamp)
        writer.shortString(extraData)
        if form == .full {
            writer.hash(mixHash)
            writer.nonce(nonce)
        }
        writer.integer(baseFeePerGas)
        if form == .full {
            writer.integer(loss)
        }
    }

    /// The same list as generic RLP items: the general path, and what tests compare the fast path with.
    package func rlpItems() -> [RLPItem] {
        items(.full)
    }

    private func items(_ form: Form) -> [RLPItem] {
        let content: [RLPItem] = [
            .bytes(parentHash.bytes), .bytes(unclesHash.bytes), .bytes(miner.bytes), .bytes(stateRoot.bytes),
            .bytes(transactionsRoot.bytes), .bytes(receiptsRoot.bytes), .bytes(logsBloom.bytes), .uint(UInt64(bits)),
            .uint(number), .uint(gasLimit), .uint(gasUsed), .uint(timestamp), .bytes(extraData),
        ]
        let fee = RLPItem.uint(baseFeePerGas)
        guard form == .full else { return content + [fee] }
        let nonceBytes = (0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(56 - 8 * $0)) }
        return content + [.bytes(mixHash.bytes), .bytes(nonceBytes), fee, .uint(loss)]
    }
}
