import PoAIPrimitives
import PoAITypes

/// The messages of the chain's own protocols, one kind chosen by the first byte, and the kept headers: what is taken is
/// written again with the same bytes.
enum WireTarget {
    @Sendable static func run(_ input: [UInt8]) {
        var script = InputScript(input)
        let choice = script.below(9)
        let bytes = script.remainder()
        switch choice {
        case 0: check(bytes, { (b) throws(WireError) in try ChainStatus(b) }, { $0.encoded() })
        case 1: check(bytes, { (b) throws(WireError) in try SyncRequest(b) }, { $0.encoded() })
        case 2: check(bytes, { (b) throws(WireError) in try SyncAnswer(b) }, { $0.encoded() })
        case 3: check(bytes, { (b) throws(WireError) in try PoolRequest(b) }, { $0.encoded() })
        case 4: check(bytes, { (b) throws(WireError) in try PoolAnswer(b) }, { $0.encoded() })
        case 5: check(bytes, { (b) throws(WireError) in try BlockAnnouncement(b) }, { $0.encoded() })
        case 6: check(bytes, { (b) throws(WireError) in try TransactionAnnouncement(b) }, { $0.encoded() })
        case 7: headersFile(bytes)
        default: headersFile(signed(bytes))
        }
    }

    private static func check<Message>(
        _ bytes: [UInt8], _ decode: ([UInt8]) throws(WireError) -> Message, _ encode: (Message) -> [UInt8]
    ) {
        do throws(WireError) {
            let message = try bounded(bytes, factor: 256) { () throws(WireError) in try decode(bytes) }
            require(encode(message) == bytes, "what was taken encodes to the same bytes")
        } catch { requireOneLine(error) }
    }

    /// The content with the checksum that belongs to it, as the fuzzer cannot compute one.
    private static func signed(_ bytes: [UInt8]) -> [UInt8] {
        guard let parts = try? RLP.split(list: bytes[...]), parts.count == 4 else { return bytes }
        let content = Array(parts.dropLast().joined())
        return RLP.encode(listPayload: content + RLP.encode(.hash(Keccak256.hash(content))))
    }

    private static func headersFile(_ bytes: [UInt8]) {
        guard let content = try? bounded(bytes, factor: 64, { try HeadersFile.content(of: bytes) }) else { return }
        guard content.version == HeadersFile.version else { return }
        require(HeadersFile.encode(content.headers, genesis: content.genesis) == bytes, "the same bytes")
    }
}
