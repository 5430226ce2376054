import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Header encoding")
struct HeaderEncodingTests {
    @Test("RLP, hash and seal hash equal those of an independent implementation")
    func vectors() throws {
        for vector in try HeaderVectors.all() {
            let bytes = try Hex.decode(vector.rlp)
            #expect(vector.header.rlpEncoded() == bytes, "\(vector.name)")
            #expect(vector.header.hash.hex == vector.hash, "\(vector.name)")
            #expect(vector.header.sealHash.hex == vector.sealHash, "\(vector.name)")
            #expect(try BlockHeader(rlp: bytes) == vector.header, "\(vector.name)")
        }
    }

    @Test("The constants for empty lists are Ethereum's")
    func emptyRoots() {
        let uncles = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
        let trie = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"
        #expect(EmptyRoots.uncles.hex == uncles)
        #expect(EmptyRoots.trie.hex == trie)
    }

    @Test("The writer without allocation and generic RLP give the same bytes")
    func genericPath() throws {
        for vector in try HeaderVectors.all() {
            #expect(RLP.encode(.list(vector.header.rlpItems())) == vector.header.rlpEncoded(), "\(vector.name)")
        }
    }

    @Test("The seal hash ignores mixHash, nonce and loss, and depends on every other field")
    func sealHashCoverage() throws {
        let header = try #require(try HeaderVectors.all().first).header
        for (field, changed) in try variants(of: header) {
            let isSeal = [.mixHash, .nonce, .loss].contains(field)
            #expect((changed.sealHash == header.sealHash) == isSeal, "\(field)")
            #expect(changed.hash != header.hash, "\(field)")
        }
    }

    @Test("An extraData beyond the limit can be encoded and is refused by the decoder", arguments: [33, 55, 56, 300])
    func longExtraData(count: Int) throws {
        var header = try #require(try HeaderVectors.all().first).header
        header.extraData = [UInt8](repeating: 1, count: count)
        let bytes = header.rlpEncoded()
        #expect(try RLP.decode(bytes).list().count == 17)
        #expect(throws: HeaderDecodingError.self) { try BlockHeader(rlp: bytes) }
        if count <= 55 {
            let fault = HeaderDecodingError.tooLong(.extraData, got: count, limit: 32)
            #expect(throws: fault) { try BlockHeader(rlp: bytes) }
        }
    }

    @Test("A bloom filter has 256 bytes")
    func bloom() throws {
        #expect(LogsBloom([UInt8](repeating: 0, count: 255)) == nil)
        #expect(LogsBloom([UInt8](repeating: 0, count: 257)) == nil)
        #expect(LogsBloom([UInt8](repeating: 0, count: 256)) == .zero)
        let last = try #require(LogsBloom([UInt8](repeating: 0, count: 255) + [1]))
        #expect(!last.isZero && LogsBloom.zero.isZero)
    }
}

/// The header with one field changed, for each field.
func variants(of header: BlockHeader) throws -> [(HeaderDecodingError.Field, BlockHeader)] {
    let hash = Keccak256.hash([1])
    let bloom = try #require(LogsBloom([UInt8](repeating: 0, count: 255) + [1]))
    return HeaderDecodingError.Field.allCases.map { field in
        var changed = header
        switch field {
        case .parentHash: changed.parentHash = hash
        case .unclesHash: changed.unclesHash = hash
        case .miner: changed.miner = Address([UInt8](repeating: 7, count: 20)) ?? .zero
        case .stateRoot: changed.stateRoot = hash
        case .transactionsRoot: changed.transactionsRoot = hash
        case .receiptsRoot: changed.receiptsRoot = hash
        case .logsBloom: changed.logsBloom = bloom
        case .bits: changed.bits ^= 1
        case .number: changed.number ^= 1
        case .gasLimit: changed.gasLimit ^= 1
        case .gasUsed: changed.gasUsed ^= 1
        case .timestamp: changed.timestamp ^= 1
        case .extraData: changed.extraData.append(9)
        case .mixHash: changed.mixHash = hash
        case .nonce: changed.nonce ^= 1
        case .baseFeePerGas: changed.baseFeePerGas = changed.baseFeePerGas &+ .one
        case .loss: changed.loss ^= 1
        }
        return (field, changed)
    }
}
