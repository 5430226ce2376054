import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import Synchronization
import Testing

@Suite("Methods: logs, filters, subscriptions")
struct LogTests {
    /// Blocks 4, 5, 6 each log another slot.
    private func fixture(configure: (inout RPCBackend) -> Void = { _ in }) throws -> RPCFixture {
        let fixture = try RPCFixture.withBox(configure: configure)
        for slot in UInt64(1)...3 {
            try fixture.mine([
                fixture.transaction(nonce: slot + 2, to: Box.address, data: Box.put(slot: slot, word: slot))
            ])
        }
        return fixture
    }

    private func slots(_ logs: JSONValue) -> [JSONValue?] { logs.items.map { $0["topics"]?.items.first } }

    @Test("Logs are found by range, address and topics")
    func search() throws {
        let fixture = try fixture()
        let all = try fixture.call("eth_getLogs", ["fromBlock": "0x0", "toBlock": "latest"])
        #expect(slots(all) == [.word(7), .word(1), .word(2), .word(3)])
        #expect(slots(try fixture.call("eth_getLogs", [:])) == [.word(3)])
        let some: JSONValue = ["fromBlock": "0x0", "topics": [[.word(1), .word(7)]], "address": [.of(Box.address)]]
        #expect(slots(try fixture.call("eth_getLogs", some)) == [.word(7), .word(1)])
        #expect(try fixture.call("eth_getLogs", ["fromBlock": "0x0", "topics": [.null]]) == all)
        #expect(try fixture.call("eth_getLogs", ["fromBlock": "0x0", "topics": [.null, .null]]) == [])
        #expect(try fixture.call("eth_getLogs", ["fromBlock": "0x0", "address": .of(Address.zero)]) == [])
        #expect(try fixture.call("eth_getLogs", ["fromBlock": "0x0", "topics": [.word(7), .word(7)]]) == [])
        let hash = try #require(try fixture.chain.reader.canonicalHash(at: 4))
        #expect(slots(try fixture.call("eth_getLogs", ["blockHash": .of(hash)])) == [.word(1)])
        let log = all.items[1]
        let block = try #require(try fixture.chain.reader.block(at: 4))
        #expect(log["blockHash"] == .of(block.hash) && log["transactionHash"] == .of(block.transactions[0].hash))
        #expect(log["blockTimestamp"] == .hex(block.header.timestamp))
    }

    @Test("A search is refused where it makes no sense or asks for too much")
    func refusals() throws {
        let fixture = try fixture {
            $0.limits.logBlocks = 5
            $0.limits.logCount = 2
        }
        func code(_ filter: JSONValue) throws -> Int { try fixture.error("eth_getLogs", filter).code }
        #expect(try code(["fromBlock": "0x3", "toBlock": "0x2"]) == -32602)
        #expect(try code(["fromBlock": "0x3", "toBlock": "0x9"]) == -32602)
        #expect(try code(["blockHash": .of(Hash32.zero), "toBlock": "0x2"]) == -32602)
        #expect(try code(["blockHash": .of(Hash32.zero)]) == -32001)
        #expect(try code(["fromBlock": "0x0", "toBlock": "0x5"]) == -32005)
        #expect(try code(["fromBlock": "0x2", "toBlock": "0x6"]) == -32005)
        #expect(try code(["topics": [.null, .null, .null, .null, .null]]) == -32602)
        #expect(try code(["topics": ["0x1"]]) == -32602)
        #expect(try code(["address": "0x1"]) == -32602)
        #expect(try code(["fromBlock": "finalized"]) == -39001)
        #expect(try code("latest") == -32602)
    }

    @Test("Filters give what is new since the last poll")
    func filters() throws {
        let fixture = try RPCFixture.withBox()
        let logs = try fixture.call("eth_newFilter", ["topics": [.word(1)]])
        let blocks = try fixture.call("eth_newBlockFilter")
        let pending = try fixture.call("eth_newPendingTransactionFilter")
        #expect(Set([logs, blocks, pending]).count == 3)
        for filter in [logs, blocks, pending] { #expect(try fixture.call("eth_getFilterChanges", filter) == []) }
        let first = try fixture.mine([fixture.transaction(nonce: 3, to: Box.address, data: Box.put(slot: 1, word: 1))])
        let second = try fixture.mine([fixture.transaction(nonce: 4, to: Box.address, data: Box.put(slot: 2, word: 1))])
        let waiting = fixture.transaction(nonce: 5, to: nil)
        try fixture.call("eth_sendRawTransaction", .bytes(waiting.encoded()))
        #expect(try fixture.call("eth_getFilterChanges", blocks) == [.of(first.hash), .of(second.hash)])
        #expect(slots(try fixture.call("eth_getFilterChanges", logs)) == [.word(1)])
        #expect(try fixture.call("eth_getFilterChanges", pending) == [.of(waiting.hash)])
        for filter in [logs, blocks, pending] { #expect(try fixture.call("eth_getFilterChanges", filter) == []) }
        #expect(try fixture.call("eth_getFilterLogs", logs) == [])
        #expect(try fixture.error("eth_getFilterLogs", blocks).code == -32000)
        for filter in [logs, blocks, pending] {
            #expect(try fixture.call("eth_uninstallFilter", filter) == true)
            #expect(try fixture.call("eth_uninstallFilter", filter) == false)
            #expect(try fixture.error("eth_getFilterChanges", filter).message == "filter not found")
        }
        #expect(fixture.pool.receiverCount == 0)
    }

    @Test("Filters are bounded in number and forgotten when nobody asks")
    func expiry() throws {
        let time = Ticks()
        let fixture = try RPCFixture {
            $0.limits.filters = 2
            $0.uptime = { time.next() }
        }
        let kept = try fixture.call("eth_newBlockFilter")
        let forgotten = try fixture.call("eth_newPendingTransactionFilter")
        #expect(try fixture.error("eth_newBlockFilter").code == -32005)
        time.advance(.seconds(200))
        #expect(try fixture.call("eth_getFilterChanges", kept) == [])
        time.advance(.seconds(200))
        #expect(try fixture.error("eth_getFilterChanges", forgotten).code == -32000)
        #expect(try fixture.call("eth_getFilterChanges", kept) == [])
        #expect(fixture.pool.receiverCount == 0)
        #expect(try fixture.call("eth_newBlockFilter") != kept)
    }

    @Test("The backlog of a filter that nobody polls is bounded")
    func backlog() throws {
        let fixture = try RPCFixture { $0.limits.filterBacklog = 2 }
        let filter = try fixture.call("eth_newPendingTransactionFilter")
        let sent = (0..<3).map { fixture.transaction(nonce: UInt64($0), to: nil) }
        for transaction in sent { try fixture.call("eth_sendRawTransaction", .bytes(transaction.encoded())) }
        #expect(try fixture.call("eth_getFilterChanges", filter) == .list(sent.dropFirst().map { .of($0.hash) }))
    }

    /// Replaces the head, which holds a log, by two empty blocks.
    private func reorganize(_ fixture: RPCFixture) throws -> (old: Block, new: [Block]) {
        let other = try RPCFixture.withBox()
        let new = [try other.mine(miner: RPCFixture.filled(5)), try other.mine(miner: RPCFixture.filled(5))]
        let old = try fixture.mine([fixture.transaction(nonce: 3, to: Box.address, data: Box.put(slot: 1, word: 1))])
        for block in new { _ = try fixture.chain.import(block) }
        #expect(fixture.chain.head.hash == new[1].hash)
        return (old, new)
    }

    @Test("After a reorganization a filter gives logs that are gone as removed")
    func reorganizedFilter() throws {
        let fixture = try RPCFixture.withBox()
        let (logs, blocks) = (try fixture.call("eth_newFilter", [:]), try fixture.call("eth_newBlockFilter"))
        // The filter saw the block that goes.
        let other = try RPCFixture.withBox()
        let old = try fixture.mine([fixture.transaction(nonce: 3, to: Box.address, data: Box.put(slot: 1, word: 1))])
        #expect(try fixture.call("eth_getFilterChanges", logs).items[0]["removed"] == false)
        #expect(try fixture.call("eth_getFilterChanges", blocks) == [.of(old.hash)])
        let new = [try other.mine(miner: RPCFixture.filled(5)), try other.mine(miner: RPCFixture.filled(5))]
        for block in new { _ = try fixture.chain.import(block) }
        let removed = try fixture.call("eth_getFilterChanges", logs).items
        #expect(removed.count == 1 && removed[0]["removed"] == true && removed[0]["blockHash"] == .of(old.hash))
        #expect(try fixture.call("eth_getFilterChanges", blocks) == .list(new.map { .of($0.hash) }))
    }

    @Test("Subscribers are told of heads, logs and pending transactions")
    func subscriptions() async throws {
        let fixture = try RPCFixture.withBox()
        let heads = Inbox(), logs = Inbox(), pending = Inbox(), full = Inbox()
        var cancels: [@Sendable () -> Void] = []
        for (name, arguments, inbox) in [
            ("newHeads", [], heads), ("logs", [["address": .of(Box.address)]], logs),
            ("newPendingTransactions", [], pending), ("newPendingTransactions", [true], full),
        ] as [(String, [JSONValue], Inbox)] {
            let subscribe = try #require(fixture.table.subscription(name))
            cancels.append(try subscribe(arguments) { inbox.put($0) })
        }
        let (old, new) = try reorganize(fixture)
        let told = await heads.take(3)
        #expect(told.map { $0["hash"] } == ([old] + new).map { .of($0.hash) })
        #expect(told[0]["transactions"] == nil && told[0]["number"] == "0x4")
        let found = await logs.take(2)
        #expect(found.map { $0["removed"] } == [false, true] && found[0]["blockHash"] == .of(old.hash))
        let waiting = fixture.transaction(nonce: 9, to: nil)
        try fixture.call("eth_sendRawTransaction", .bytes(waiting.encoded()))
        #expect(await pending.take(1) == [.of(waiting.hash)])
        #expect(await full.take(1).map { $0["hash"] } == [.of(waiting.hash)])
        for cancel in cancels { cancel() }
        #expect(fixture.pool.receiverCount == 0)
    }

    @Test("A subscription with wrong arguments is refused")
    func subscriptionRefusals() throws {
        let fixture = try RPCFixture()
        for (name, arguments) in [
            ("newHeads", [[:], [:]]), ("logs", ["x"]), ("logs", [["address": "0x1"]]),
            ("newPendingTransactions", ["x"]),
        ] as [(String, [JSONValue])] {
            let subscribe = try #require(fixture.table.subscription(name))
            do throws(RPCError) {
                _ = try subscribe(arguments) { _ in }
                Issue.record("\(name) was taken")
            } catch {
                #expect(error.code == -32602)
            }
        }
    }
}

/// What a subscriber was sent.
final class Inbox: Sendable {
    private let stream: AsyncStream<JSONValue>
    private let continuation: AsyncStream<JSONValue>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func put(_ value: JSONValue) { continuation.yield(value) }

    /// Waits for so many.
    func take(_ count: Int) async -> [JSONValue] {
        var values: [JSONValue] = []
        for await value in stream {
            values.append(value)
            if values.count == count { break }
        }
        return values
    }
}
