import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite struct WireTests {
    static let one = Keccak256.hash([1])
    static let two = Keccak256.hash([2])

    static func status() -> ChainStatus {
        ChainStatus(
            chainID: 7, genesis: one, parameters: two, model: .zero, engine: "exact-1", head: two, height: 300,
            totalWork: UInt256(70_000), agent: "poaid/1")
    }

    static func header() -> BlockHeader {
        BlockHeader(
            parentHash: one, miner: .zero, stateRoot: two, bits: 0x2040_0000, number: 1, gasLimit: 30_000_000,
            timestamp: 5, baseFeePerGas: UInt256(7))
    }

    @Test func whatIsWrittenIsRead() throws {
        #expect(try ChainStatus(Self.status().encoded()) == Self.status())
        let block = Block(header: Self.header())
        let requests: [SyncRequest] = [
            .headersAfter(locator: [Self.one, Self.two], limit: 512), .headers(from: 9, count: 3),
            .bodies([Self.one]), .blocks([]),
        ]
        for request in requests { #expect(try SyncRequest(request.encoded()) == request) }
        let answers: [SyncAnswer] = [
            .headers([Self.header()]), .bodies([NamedBody(hash: Self.one, transactions: [])]), .blocks([block]),
        ]
        for answer in answers { #expect(try SyncAnswer(answer.encoded()) == answer) }
        for request in [PoolRequest.hashes, .transactions([Self.two])] {
            #expect(try PoolRequest(request.encoded()) == request)
        }
        for answer in [PoolAnswer.hashes([Self.one]), .transactions([[1, 2], []])] {
            #expect(try PoolAnswer(answer.encoded()) == answer)
        }
        #expect(try BlockAnnouncement(BlockAnnouncement(of: block).encoded()) == .block(block))
        let headerOnly = BlockAnnouncement.header(Self.header())
        #expect(try BlockAnnouncement(headerOnly.encoded()) == headerOnly)
        let announcement = TransactionAnnouncement([.init(hash: Self.one, size: 110)])
        #expect(try TransactionAnnouncement(announcement.encoded()) == announcement)
    }

    @Test func goldenBytes() {
        #expect(PoolRequest.hashes.encoded() == [0xc1, 0x01])
        #expect(SyncRequest.headers(from: 300, count: 3).encoded() == [0xc5, 0x02, 0x82, 0x01, 0x2c, 0x03])
        #expect(SyncRequest.blocks([]).encoded() == [0xc2, 0x04, 0xc0])
        #expect(PoolAnswer.transactions([[0x02, 0x80]]).encoded() == [0xc5, 0x02, 0xc3, 0x82, 0x02, 0x80])
        #expect(
            SyncRequest.bodies([.zero]).encoded() == [0xe3, 0x03, 0xe1, 0xa0] + [UInt8](repeating: 0, count: 32))
    }

    @Test func limitsHold() {
        let many = [Hash32](repeating: Self.one, count: 129)
        #expect(throws: WireError.tooMany("blocks", got: 129, limit: 128)) {
            _ = try SyncRequest(SyncRequest.bodies(many).encoded())
        }
        #expect(throws: WireError.tooMany("headers", got: 513, limit: 512)) {
            _ = try SyncRequest(SyncRequest.headers(from: 0, count: 513).encoded())
        }
        #expect(throws: WireError.kind(5)) { _ = try SyncRequest([0xc2, 0x05, 0xc0]) }
        #expect(throws: WireError.value("transactions")) { _ = try TransactionAnnouncement([0xc0]) }
        let twice = TransactionAnnouncement([.init(hash: Self.one, size: 1), .init(hash: Self.one, size: 1)])
        #expect(throws: WireError.value("transactions")) { _ = try TransactionAnnouncement(twice.encoded()) }
        let empty = TransactionAnnouncement([.init(hash: Self.one, size: 0)])
        #expect(throws: WireError.value("size")) { _ = try TransactionAnnouncement(empty.encoded()) }
        var status = Self.status()
        status.agent = "a\nb"
        #expect(throws: WireError.value("agent")) { _ = try ChainStatus(status.encoded()) }
    }

    @Test func aStatusOfAnotherVersionIsNotMalformed() throws {
        // Only the number in front is read; this version itself stays exact.
        for fields in [[RLPItem.uint(UInt64(2))], [.uint(UInt64(2)), .list([]), .uint(UInt64(9))]] {
            #expect(throws: WireError.version(2)) { _ = try ChainStatus(RLP.encode(.list(fields))) }
        }
        var more = Self.status()
        more.version = 7
        #expect(throws: WireError.version(7)) { _ = try ChainStatus(more.encoded()) }
        let long = RLP.encode(.list([.uint(UInt64(1))] + [RLPItem](repeating: .uint(UInt64(0)), count: 10)))
        #expect(throws: WireError.rlp(.wrongCount(expected: 10, got: 11))) { _ = try ChainStatus(long) }
        let longest = RLP.encode(.list([RLPItem](repeating: .uint(UInt64(2)), count: 257)))
        #expect(throws: WireError.tooMany("fields", got: 257, limit: 256)) { _ = try ChainStatus(longest) }
        #expect(throws: WireError.self) { _ = try ChainStatus([0xC1, 0xC0]) }
        #expect(throws: WireError.self) { _ = try ChainStatus([0xC0]) }
    }

    /// Whatever is read is written back to the same bytes, so nothing has two forms; and nothing traps.
    @Test(arguments: 1...20) func spoiltMessagesAreRefusedOrMeanThemselves(seed: UInt64) {
        var random = DeterministicRandom(seed: seed)
        let good: [[UInt8]] = [
            Self.status().encoded(), SyncRequest.bodies([Self.one]).encoded(),
            SyncAnswer.blocks([Block(header: Self.header())]).encoded(), PoolAnswer.hashes([Self.two]).encoded(),
            BlockAnnouncement.header(Self.header()).encoded(),
            TransactionAnnouncement([.init(hash: Self.one, size: 9)]).encoded(),
        ]
        for _ in 0..<500 {
            var bytes = good[random.below(good.count)]
            switch random.below(4) {
            case 0: bytes = random.bytes(random.below(80))
            case 1: bytes = Array(bytes.prefix(random.below(bytes.count)))
            default: bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            }
            if let read = try? ChainStatus(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? SyncRequest(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? SyncAnswer(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? PoolRequest(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? PoolAnswer(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? BlockAnnouncement(bytes) { #expect(read.encoded() == bytes) }
            if let read = try? TransactionAnnouncement(bytes) { #expect(read.encoded() == bytes) }
        }
    }
}
