import Foundation
import PoAIMempool
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("The pool's file")
struct JournalTests {
    private let transactions = (0..<5 as Range<UInt64>).map {
        transfer(nonce: $0, gas: 100_000, data: [UInt8](repeating: 0xc1, count: Int($0) * 20)).transaction.encoded()
    }

    @Test("What is written is read, none at all too")
    func roundTrip() {
        let content = Journal.decode(Journal.encode(transactions))
        #expect(content.transactions == transactions)
        #expect(content.damage == nil)
        #expect(Journal.decode(Journal.encode([])).damage == nil)
        let odd: [[UInt8]] = [[], [0], [0x7f], [0x80], [UInt8](repeating: 9, count: 70_000)]
        #expect(Journal.decode(Journal.encode(odd)).transactions == odd)
        #expect(Journal.decode(Journal.encode(odd)).damage == nil)
    }

    @Test("A file cut at any byte is damaged and keeps every transaction before the cut")
    func truncated() {
        let bytes = Journal.encode(transactions)
        let lengths = (0...transactions.count).map { Journal.encode(Array(transactions[..<$0])).count }
        for length in 0..<bytes.count {
            let content = Journal.decode(Array(bytes[..<length]))
            let whole = max(0, (lengths.lastIndex { $0 <= length } ?? 0))
            #expect(content.transactions == Array(transactions[..<whole]), "\(length) bytes")
            #expect(content.damage?.found == whole, "\(length) bytes")
        }
    }

    @Test("A file with a flipped bit is damaged and loses at most the transaction that was hit")
    func flipped() {
        let bytes = Journal.encode(transactions)
        for index in bytes.indices {
            for bit in 0..<8 as Range<UInt8> {
                var wrong = bytes
                wrong[index] ^= 1 << bit
                let content = Journal.decode(wrong)
                #expect(content.damage != nil, "byte \(index), bit \(bit)")
                #expect(content.transactions.count >= transactions.count - 1, "byte \(index), bit \(bit)")
                #expect(content.transactions.allSatisfy { transactions.contains($0) }, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("Bytes in between, repeated and foreign ones are reported")
    func foreign() {
        let bytes = Journal.encode(transactions)
        let twice = Journal.decode(bytes + bytes)
        #expect(twice.transactions == transactions + transactions)
        #expect(twice.damage?.expected == 5)
        #expect(twice.damage?.description.contains("10 of 5") == true)
        var random = DeterministicRandom(seed: 1)
        for _ in 0..<200 {
            let noise = random.bytes(random.below(3000))
            #expect(Journal.decode(noise).transactions == [])
            #expect(Journal.decode(noise).damage?.unreadableBytes == noise.count)
            #expect(Journal.decode(noise + bytes).transactions == transactions)
        }
        let lists = [UInt8](repeating: 0xc0, count: 100_000) + [UInt8](repeating: 0xff, count: 100_000)
        #expect(Journal.decode(lists).damage?.unreadableBytes == 200_000)
    }
}

@Suite("Restarts")
struct PersistenceTests {
    @Test("A pool comes back as it was, replaced ones and those that wait included")
    func roundTrip() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("pool")
        let first = testMempool()
        for number in 0..<5 {
            for nonce in [1, 0, 2, 4] as [UInt64] { _ = try first.addSigned(number, nonce: nonce).get() }
            _ = try first.addSigned(number, nonce: 0, fee: 200, tip: 20).get()
        }
        #expect(try first.save(to: path) == 20)
        #expect(try first.save(to: path) == 20)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["pool"])
        let second = testMempool()
        let load = try second.load(from: path)
        #expect(load.admitted == 20)
        #expect(load.refused == [])
        #expect(load.damage == nil)
        #expect(second.content == first.content)
        #expect(second.bytes == first.bytes)
    }

    @Test("A long line of nonces comes back though its first was replaced last")
    func longLine() throws {
        let folder = try TemporaryDirectory()
        let first = testMempool(MempoolLimits(nonceGap: 2))
        for nonce in 0..<20 as Range<UInt64> { _ = try first.addSigned(1, nonce: nonce).get() }
        _ = try first.addSigned(1, nonce: 0, fee: 200, tip: 20).get()
        try first.save(to: folder.path("pool"))
        let second = testMempool(MempoolLimits(nonceGap: 2))
        #expect(try second.load(from: folder.path("pool")).admitted == 20)
        #expect(second.content == first.content)
    }

    @Test("No file is no transactions; what was mined meanwhile is refused")
    func absentAndMined() throws {
        let folder = try TemporaryDirectory()
        let nothing = try testMempool().load(from: folder.path("pool"))
        #expect((nothing.admitted, nothing.refused.count) == (0, 0))
        #expect(nothing.damage == nil)
        let first = testMempool()
        for nonce in 0..<3 as Range<UInt64> { _ = try first.addSigned(1, nonce: nonce).get() }
        try first.save(to: folder.path("pool"))
        let later = testMempool(state: TestState(usual: MempoolAccount(nonce: 2, balance: rich.balance)))
        let load = try later.load(from: folder.path("pool"))
        #expect(load.admitted == 1)
        #expect(load.refused == [.nonceTooLow(got: 0, next: 2), .nonceTooLow(got: 1, next: 2)])
    }

    @Test("Of a damaged file what is readable is kept and the damage told")
    func damaged() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("pool")
        let first = testMempool()
        for number in 0..<4 { _ = try first.addSigned(number, nonce: 0).get() }
        try first.save(to: path)
        var bytes = Array(try Data(contentsOf: URL(filePath: path)))
        bytes[bytes.count / 2] ^= 0x10
        try Data(bytes).write(to: URL(filePath: path))
        let second = testMempool()
        let load = try second.load(from: path)
        #expect(load.admitted == 3)
        #expect(load.damage?.expected == 4)
        #expect(load.damage?.description.contains("3 of 4") == true)
        try Data(bytes[..<(bytes.count / 3)]).write(to: URL(filePath: path))
        #expect(try testMempool().load(from: path).damage != nil)
    }

    @Test("Files that cannot be read or written are named")
    func files() throws {
        let folder = try TemporaryDirectory()
        let pool = testMempool(MempoolLimits(bytes: 0))
        do throws(JournalError) {
            try pool.save(to: folder.path("no/pool"))
            Issue.record("saved into a folder that is not there")
        } catch {
            #expect(error.description.contains("no/pool"))
        }
        #expect(throws: JournalError.self) { try pool.load(from: folder.path) }
        #expect(throws: JournalError.self) { try pool.save(to: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        let limit = 4 << 20
        try Data(count: limit + 1).write(to: URL(filePath: folder.path("pool")))
        do throws(JournalError) {
            _ = try pool.load(from: folder.path("pool"))
            Issue.record("read a file that is too large")
        } catch {
            #expect(error == .tooLarge(path: folder.path("pool"), got: limit + 1, limit: limit))
        }
        try Data(count: 1000).write(to: URL(filePath: folder.path("pool")))
        #expect(try pool.load(from: folder.path("pool")).damage?.unreadableBytes == 1000)
    }
}

extension Mempool {
    func addSigned(
        _ number: Int, nonce: UInt64, fee: UInt256 = 100, tip: UInt256 = 10
    ) throws -> Result<Admission, MempoolFault> {
        add(encoded: try signed(number, nonce: nonce, fee: fee, tip: tip).encoded())
    }
}
