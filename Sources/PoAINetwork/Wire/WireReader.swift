import PoAIPrimitives
import PoAITypes

/// Reads messages: canonical RLP, every count checked before anything is made of it.
enum WireReader {
    /// The encodings of the parts of a list of at most `limit`.
    static func parts(
        _ bytes: ArraySlice<UInt8>, _ name: String, limit: Int
    ) throws(WireError) -> [ArraySlice<UInt8>] {
        let parts: [ArraySlice<UInt8>]
        do throws(RLPError) { parts = try RLP.split(list: bytes) } catch { throw .rlp(error) }
        guard parts.count <= limit else { throw .tooMany(name, got: parts.count, limit: limit) }
        return parts
    }

    /// The parts of a list of exactly `count`.
    static func parts(_ bytes: ArraySlice<UInt8>, count: Int) throws(WireError) -> [ArraySlice<UInt8>] {
        let parts = try parts(bytes, "fields", limit: 32)
        guard parts.count == count else { throw .rlp(.wrongCount(expected: count, got: parts.count)) }
        return parts
    }

    /// The number of a message and the parts that follow it.
    static func message(
        _ bytes: [UInt8], limit: Int = 8
    ) throws(WireError) -> (kind: UInt64, fields: ArraySlice<ArraySlice<UInt8>>) {
        let parts = try parts(bytes[...], "fields", limit: limit)
        guard let first = parts.first else { throw .rlp(.wrongCount(expected: 2, got: 0)) }
        return (try uint64(first), parts.dropFirst())
    }

    /// The only field that follows the number of a message.
    static func single(_ fields: ArraySlice<ArraySlice<UInt8>>) throws(WireError) -> ArraySlice<UInt8> {
        guard fields.count == 1, let field = fields.first else {
            throw .rlp(.wrongCount(expected: 2, got: fields.count + 1))
        }
        return field
    }

    /// The two fields that follow the number of a message.
    static func pair(
        _ fields: ArraySlice<ArraySlice<UInt8>>
    ) throws(WireError) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        guard fields.count == 2, let first = fields.first, let last = fields.last else {
            throw .rlp(.wrongCount(expected: 3, got: fields.count + 1))
        }
        return (first, last)
    }

    static func item(_ bytes: ArraySlice<UInt8>) throws(WireError) -> RLPItem {
        do throws(RLPError) { return try RLP.decode(bytes, depthLimit: 1, itemLimit: 1) } catch { throw .rlp(error) }
    }

    static func uint64(_ bytes: ArraySlice<UInt8>) throws(WireError) -> UInt64 {
        let item = try item(bytes)
        do throws(RLPError) { return try item.uint64() } catch { throw .rlp(error) }
    }

    static func uint256(_ bytes: ArraySlice<UInt8>) throws(WireError) -> UInt256 {
        let item = try item(bytes)
        do throws(RLPError) { return try item.uint256() } catch { throw .rlp(error) }
    }

    static func hash(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Hash32 {
        let item = try item(bytes)
        do throws(RLPError) { return try item.hash32() } catch { throw .rlp(error) }
    }

    static func data(_ bytes: ArraySlice<UInt8>, _ name: String, limit: Int) throws(WireError) -> [UInt8] {
        let item = try item(bytes)
        let data: [UInt8]
        do throws(RLPError) { data = try item.data() } catch { throw .rlp(error) }
        guard data.count <= limit else { throw .tooMany("bytes of \(name)", got: data.count, limit: limit) }
        return data
    }

    /// Printable ASCII characters.
    static func text(_ bytes: ArraySlice<UInt8>, _ name: String, limit: Int) throws(WireError) -> String {
        let data = try data(bytes, name, limit: limit)
        guard data.allSatisfy({ (0x20..<0x7F).contains($0) }) else { throw .value(name) }
        return String(decoding: data, as: UTF8.self)
    }

    static func hashes(_ bytes: ArraySlice<UInt8>, _ name: String, limit: Int) throws(WireError) -> [Hash32] {
        var hashes: [Hash32] = []
        for part in try parts(bytes, name, limit: limit) { hashes.append(try hash(part)) }
        return hashes
    }

    static func header(_ bytes: ArraySlice<UInt8>) throws(WireError) -> BlockHeader {
        do throws(HeaderDecodingError) { return try BlockHeader(rlp: bytes) } catch { throw .header(error) }
    }

    static func block(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Block {
        guard bytes.count <= WireLimits.block else {
            throw .tooMany("bytes of a block", got: bytes.count, limit: WireLimits.block)
        }
        do throws(BlockDecodingError) { return try Block(rlp: Array(bytes)) } catch { throw .block(error) }
    }

    static func transactions(_ bytes: ArraySlice<UInt8>) throws(WireError) -> [Transaction] {
        let items: [ArraySlice<UInt8>]
        do throws(RLPError) { items = try RLP.split(list: bytes) } catch { throw .rlp(error) }
        var transactions: [Transaction] = []
        for item in items {
            do throws(TransactionDecodingError) {
                transactions.append(try Transaction(bodyItem: item))
            } catch { throw .transaction(error) }
        }
        return transactions
    }
}
