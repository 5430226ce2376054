import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import Testing

@Suite("Methods: traces")
struct TraceTests {
    @Test("A transfer has no steps")
    func transfer() throws {
        let fixture = try RPCFixture.withBox()
        let block = try #require(try fixture.chain.reader.block(at: 3))
        let trace = try fixture.call("debug_traceTransaction", .of(block.transactions[0].hash))
        #expect(trace == ["gas": 21_000, "failed": false, "returnValue": "0x", "structLogs": []])
    }

    @Test("Steps show the stack before, the storage after, and add up to the gas")
    func steps() throws {
        let fixture = try RPCFixture.withBox()
        let block = try #require(try fixture.chain.reader.block(at: 2))
        let trace = try fixture.call("debug_traceTransaction", .of(block.transactions[0].hash))
        let steps = try #require(trace["structLogs"]).items
        #expect(trace["failed"] == false && trace["gas"] == .integer(block.header.gasUsed))
        #expect(
            steps[0] == [
                "pc": 0, "op": "CALLDATASIZE", "gas": steps[0]["gas"] ?? .null, "gasCost": 2, "depth": 1,
                "refund": 0, "stack": [],
            ])
        for (step, next) in zip(steps, steps.dropFirst()) {
            guard case .integer(let gas)? = step["gas"], case .integer(let cost)? = step["gasCost"],
                case .integer(let rest)? = next["gas"]
            else {
                Issue.record("no gas")
                return
            }
            #expect(gas - cost == rest)
        }
        let store = try #require(steps.first { $0["op"] == "SSTORE" })
        #expect(store["storage"] == .object([UInt256(7).bigEndianHash.hex: .word(99)]))
        #expect(store["stack"]?.items.suffix(2) == ["0x63", "0x7"] && store["gasCost"] == 22_100)
        #expect(steps.allSatisfy { $0["memory"] == nil && $0["error"] == nil })
    }

    @Test("The options choose what steps show")
    func options() throws {
        let fixture = try RPCFixture.withBox()
        let hash = JSONValue.of(try #require(try fixture.chain.reader.block(at: 2)).transactions[0].hash)
        func steps(_ config: JSONValue) throws -> [JSONValue] {
            try fixture.call("debug_traceTransaction", hash, config)["structLogs"]?.items ?? []
        }
        #expect(try steps(["limit": 3]).count == 3)
        let bare: Set<String> = ["pc", "op", "gas", "gasCost", "depth", "refund"]
        #expect(try steps(["disableStack": true, "disableStorage": true]).allSatisfy { $0.keys == bare })
        let full = try steps(["enableMemory": true, "enableReturnData": true])
        #expect(full.last?["memory"] == [.word(99)] && full.last?["returnData"] == "0x")
        #expect(try fixture.error("debug_traceTransaction", hash, ["tracer": "jsTracer"]).code == -32602)
        #expect(try fixture.error("debug_traceTransaction", hash, ["limit": "x"]).code == -32602)
        #expect(try fixture.error("debug_traceTransaction", .of(Hash32.zero)).message == "transaction not found")
        let small = try RPCFixture.withBox { $0.limits.traceBytes = 1000 }
        #expect(try small.error("debug_traceTransaction", hash).code == -32005)
    }

    @Test("A word read is shown, and what halted a frame")
    func loads() throws {
        let fixture = try RPCFixture.withBox()
        let read = try fixture.call(
            "debug_traceCall", ["to": .of(Box.address), "data": .bytes(Box.get(slot: 7))], "latest")
        let load = try #require(read["structLogs"]?.items.first { $0["op"] == "SLOAD" })
        #expect(load["storage"] == .object([UInt256(7).bigEndianHash.hex: .word(99)]))
        #expect(read["returnValue"] == .word(99))
        let halted = try fixture.call("debug_traceCall", ["data": "0x5f50fe"], "latest", [:])
        #expect(halted["failed"] == true && halted["structLogs"]?.items.last?["error"] == "invalid opcode")
    }

    @Test("Calls are shown within each other, with their logs and reasons")
    func calls() throws {
        let fixture = try RPCFixture.withBox()
        let proxy = RPCFixture.filled(0x60)
        let config: JSONValue = [
            "tracer": "callTracer", "tracerConfig": ["withLog": true],
            "stateOverrides": .object(["0x" + proxy.hex: ["code": .bytes(Box.proxy)]]),
        ]
        func trace(_ data: [UInt8]) throws -> JSONValue {
            try fixture.call("debug_traceCall", ["to": .of(proxy), "data": .bytes(data)], "latest", config)
        }
        let put = try trace(Box.put(slot: 3, word: 4))
        #expect(put["type"] == "CALL" && put["to"] == .of(proxy) && put["output"] == .word(1) && put["error"] == nil)
        #expect(put["gas"] == .hex(50_000_000))
        let inner = try #require(put["calls"]?.items.first)
        #expect(inner["from"] == .of(proxy) && inner["to"] == .of(Box.address) && inner["value"] == "0x0")
        #expect(
            inner["logs"] == [
                [
                    "address": .of(Box.address), "topics": [.word(3)], "data": .word(4), "position": "0x0",
                    "index": "0x0",
                ]
            ])
        let refused = try #require(try trace([1])["calls"]?.items.first)
        #expect(refused["error"] == "execution reverted" && refused["revertReason"] == "boom")
        let top = try fixture.call(
            "debug_traceCall", ["to": .of(proxy), "data": "0x01"], "latest",
            [
                "tracer": "callTracer", "tracerConfig": ["onlyTopCall": true],
                "stateOverrides": .object(["0x" + proxy.hex: ["code": .bytes(Box.proxy)]]),
            ])
        #expect(top["calls"] == nil && top["output"] == .word(0))
    }

    @Test("A block is traced in one go, as its transactions one by one")
    func blocks() throws {
        let fixture = try RPCFixture.withBox()
        let block = try #require(try fixture.chain.reader.block(at: 3))
        let config: JSONValue = ["tracer": "callTracer"]
        let traces = try fixture.call("debug_traceBlockByNumber", "0x3", config).items
        #expect(traces.count == 2 && traces.map { $0["txHash"] } == block.transactions.map { .of($0.hash) })
        for (trace, transaction) in zip(traces, block.transactions) {
            #expect(trace["result"] == (try fixture.call("debug_traceTransaction", .of(transaction.hash), config)))
        }
        #expect(traces[1]["result"]?["revertReason"] == "boom")
        #expect(try fixture.call("debug_traceBlockByHash", .of(block.hash), config) == .list(traces))
        try fixture.mine()
        #expect(try fixture.call("debug_traceBlockByNumber", "latest") == [])
        #expect(try fixture.error("debug_traceBlockByNumber", "earliest").message == "genesis is not traceable")
    }
}
