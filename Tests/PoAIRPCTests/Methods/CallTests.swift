import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAIStorage
import PoAITypes
import Testing

@Suite("Methods: calls, gas, fees, proofs")
struct CallTests {
    private func box(_ data: [UInt8], _ more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["to": .of(Box.address), "input": .bytes(data)].merging(more) { _, last in last })
    }

    @Test("A call returns what the contract does, on any state, and changes nothing")
    func call() throws {
        let fixture = try RPCFixture.withBox()
        #expect(try fixture.call("eth_call", box(Box.get(slot: 7))) == .word(99))
        #expect(try fixture.call("eth_call", box(Box.get(slot: 7)), "0x1") == .word(0))
        #expect(try fixture.call("eth_call", box(Box.put(slot: 7, word: 1)), "pending") == "0x")
        #expect(try fixture.call("eth_call", box(Box.get(slot: 7)), "latest") == .word(99))
        #expect(try fixture.call("eth_call", ["data": .bytes(Box.initcode)]) == .bytes(Box.runtime))
    }

    @Test("A revert has code 3, its reason and its data")
    func revert() throws {
        let fixture = try RPCFixture.withBox()
        let error = try fixture.error("eth_call", box([]))
        #expect(error.code == 3 && error.message == "execution reverted: boom")
        guard case .text(let data)? = error.data else {
            Issue.record("no data")
            return
        }
        #expect(data.hasPrefix("0x08c379a0") && data.utf8.count == 202)
        #expect(try fixture.error("eth_estimateGas", box([])) == error)
        let halted = try fixture.error("eth_call", ["data": "0xfe"])
        #expect(halted.code == -32000 && halted.message == "invalid opcode")
    }

    @Test("A call that cannot begin says why")
    func refusals() throws {
        let fixture = try RPCFixture.withBox()
        let poor = JSONValue.of(RPCFixture.filled(77))
        #expect(
            try fixture.error("eth_call", ["from": poor, "to": poor, "value": "0x1"]).message
                .hasPrefix("insufficient funds for transfer"))
        #expect(try fixture.error("eth_call", box([], ["gas": "0x1"])).message.hasPrefix("intrinsic gas too low"))
        #expect(
            try fixture.error("eth_call", box([], ["gasPrice": "0x1"])).message
                .hasPrefix("max fee per gas less than block base fee"))
        #expect(try fixture.error("eth_call", box([], ["data": "0x00"])).code == -32602)
        #expect(try fixture.error("eth_call", box([], ["gasPrice": "0x1", "maxFeePerGas": "0x1"])).code == -32602)
        #expect(try fixture.error("eth_call", box([], ["chainId": "0x1"])).code == -32602)
        #expect(try fixture.error("eth_call", box([], ["type": "0x3"])).code == -32602)
        #expect(try fixture.error("eth_call", box([], ["blobVersionedHashes": []])).code == -32602)
        #expect(try fixture.error("eth_call", box([]), "finalized").code == -39001)
    }

    @Test("A call may assume another state")
    func overrides() throws {
        let fixture = try RPCFixture.withBox()
        let (name, slot) = (Box.address.checksummed, UInt256(7).bigEndianHash.hex)
        let changed: JSONValue = .object([name: ["stateDiff": .object([slot: .word(5)])]])
        #expect(try fixture.call("eth_call", box(Box.get(slot: 7)), "latest", changed) == .word(5))
        let emptied: JSONValue = .object([name: ["state": [:]]])
        #expect(try fixture.call("eth_call", box(Box.get(slot: 7)), "latest", emptied) == .word(0))
        let rich: JSONValue = .object(["0x" + RPCFixture.filled(77).hex: ["balance": "0x5", "code": "0x47"]])
        let poor = JSONValue.of(RPCFixture.filled(77))
        #expect(try fixture.call("eth_call", ["from": poor, "to": poor, "value": "0x5"], "latest", rich) == "0x")
        let both: JSONValue = .object([name: ["state": [:], "stateDiff": [:]]])
        #expect(try fixture.error("eth_call", box([]), "latest", both).code == -32602)
    }

    @Test("PREVRANDAO is the parent's mixHash, for a block and for the next")
    func prevRandao() throws {
        let fixture = try RPCFixture.withBox()
        // PREVRANDAO PUSH0 MSTORE NUMBER PUSH1 32 MSTORE PUSH1 64 PUSH0 RETURN, run as initcode.
        let code: JSONValue = ["data": .bytes([0x44, 0x5f, 0x52, 0x43, 0x60, 32, 0x52, 0x60, 64, 0x5f, 0xf3])]
        let headers = try [1, 2, 3].map { try #require(try fixture.chain.reader.header(at: $0)) }
        func expected(_ mixHash: Hash32, _ number: UInt64) -> JSONValue {
            .bytes(mixHash.bytes + UInt256(number).bigEndianBytes)
        }
        #expect(try fixture.call("eth_call", code, "0x2") == expected(headers[0].mixHash, 2))
        #expect(try fixture.call("eth_call", code, "latest") == expected(headers[1].mixHash, 3))
        #expect(try fixture.call("eth_call", code, "pending") == expected(headers[2].mixHash, 4))
    }

    @Test("The estimate is the least gas that is enough")
    func estimate() throws {
        let fixture = try RPCFixture.withBox()
        let transfer: JSONValue = [
            "from": .of(RPCFixture.senders[0]), "to": .of(RPCFixture.filled(61)), "value": "0x1",
        ]
        #expect(try fixture.call("eth_estimateGas", transfer) == "0x5208")
        for data in [Box.put(slot: 8, word: 1), Box.put(slot: 7, word: 0), Box.get(slot: 1)] {
            let gas = try UInt256(hex: try fixture.call("eth_estimateGas", box(data)).string)
            #expect(try fixture.call("eth_call", box(data, ["gas": .text(gas.hex)])) != .null)
            let less = try fixture.error("eth_call", box(data, ["gas": .text((gas &- 1).hex)]))
            #expect(less.message == "out of gas")
        }
        #expect(
            try fixture.error("eth_estimateGas", box(Box.put(slot: 8, word: 1), ["gas": "0x6000"])).message
                == "gas required exceeds allowance (24576)")
        // What the sender can pay for bounds the gas.
        var poor = ["from": JSONValue.of(RPCFixture.filled(50)), "gasPrice": "0x3b9aca00"]
        poor["to"] = .of(Box.address)
        #expect(try fixture.error("eth_estimateGas", .object(poor)).message.hasPrefix("intrinsic gas too low: have 0"))
    }

    @Test("A call is bounded in gas and in time")
    func bounds() throws {
        // JUMPDEST PUSH0 JUMP
        let loop: JSONValue = ["data": "0x5b5f56", "gas": "0xffffffffffff"]
        let fixture = try RPCFixture { $0.limits.callGas = 1_000_000 }
        #expect(try fixture.error("eth_call", loop).message == "out of gas")
        let time = Ticks(step: .seconds(1))
        let late = try RPCFixture {
            $0.limits.callTime = .milliseconds(500)
            $0.uptime = { time.next() }
        }
        #expect(try late.error("eth_call", loop).code == -32016)
    }

    @Test("An access list names what a call touches, and the gas with it")
    func accessList() throws {
        let fixture = try RPCFixture.withBox()
        let slot = UInt256(7).bigEndianHash.hex
        let result = try fixture.call("eth_createAccessList", box(Box.get(slot: 7)))
        #expect(result["accessList"] == [["address": .of(Box.address), "storageKeys": [.text(slot)]]])
        let list = try #require(result["accessList"])
        let used = try UInt256(hex: try #require(result["gasUsed"]).string)
        let with = box(Box.get(slot: 7), ["accessList": list, "gas": .text(used.hex)])
        #expect(try fixture.call("eth_call", with) == .word(99))
        #expect(try fixture.call("eth_createAccessList", ["to": .of(RPCFixture.filled(3))])["accessList"] == [])
        #expect(try fixture.call("eth_createAccessList", box([]))["error"] == "execution reverted: boom")
        // Through another contract the box is an entry of its own.
        let proxy = RPCFixture.filled(0x60)
        let override: JSONValue = .object(["0x" + proxy.hex: ["code": .bytes(Box.proxy)]])
        let through = try fixture.call(
            "eth_createAccessList", ["to": .of(proxy), "data": .bytes(Box.get(slot: 1))], "latest", override)
        #expect(through["accessList"]?.items.first?["address"] == .of(Box.address))
    }

    @Test("Fees are suggested from what recent blocks paid")
    func fees() throws {
        let fixture = try RPCFixture()
        let base = fixture.chain.head.expectations.baseFee
        #expect(try fixture.call("eth_baseFee") == .text(base.hex))
        #expect(try fixture.call("eth_maxPriorityFeePerGas") == .hex(1_000_000_000))
        #expect(try fixture.call("eth_gasPrice") == .text((base &+ 1_000_000_000).hex))
        for nonce in UInt64(0)..<5 {
            try fixture.mine([
                fixture.transaction(nonce: nonce, to: RPCFixture.filled(1), gas: 21_000, tip: 10 * (nonce + 1))
            ])
        }
        #expect(try fixture.call("eth_maxPriorityFeePerGas") == .hex(30))
    }

    @Test("The fee history has a base fee more than blocks, and tips weighted by gas")
    func feeHistory() throws {
        let fixture = try RPCFixture.withBox()
        let history = try fixture.call("eth_feeHistory", "0x2", "latest", [0, 50, .number("99.5")])
        let headers = try [2, 3].map { try #require(try fixture.chain.reader.header(at: $0)) }
        #expect(history["oldestBlock"] == "0x2")
        let next = fixture.chain.head.expectations.baseFee
        #expect(history["baseFeePerGas"] == .list((headers.map(\.baseFeePerGas) + [next]).map { .text($0.hex) }))
        #expect(history["gasUsedRatio"]?.items.count == 2)
        #expect(history["reward"] == [["0x3", "0x3", "0x3"], ["0x4", "0x4", "0xa"]])
        #expect(try fixture.call("eth_feeHistory", 100, "0x1", [])["oldestBlock"] == "0x0")
        #expect(
            try fixture.call("eth_feeHistory", "0x1", "latest").keys == [
                "oldestBlock", "baseFeePerGas", "gasUsedRatio",
            ])
        #expect(try fixture.error("eth_feeHistory", "0x1", "latest", [50, 10]).code == -32602)
        #expect(try fixture.error("eth_feeHistory", "0x1", "latest", [101]).code == -32602)
        #expect(try fixture.error("eth_feeHistory", "0x1", "0x63", []).code == -32001)
    }

    @Test("Proofs are those of the chain, and bounded in number")
    func proof() throws {
        let fixture = try RPCFixture.withBox()
        let proof = try fixture.call("eth_getProof", .of(Box.address), ["0x7", "0x8"], "latest")
        let expected = try fixture.chain.reader.withState(at: fixture.chain.head.hash) { (state) throws(StorageError) in
            try state.proof(of: Box.address, slots: [7, 8])
        }
        let found = try #require(expected)
        #expect(proof["accountProof"] == .list(found.nodes.map { .bytes($0) }))
        #expect(proof["storageHash"] == found.account.map { .of($0.storageRoot) })
        #expect(proof["codeHash"] == .of(Keccak256.hash(Box.runtime)) && proof["nonce"] == "0x1")
        let slots = try #require(proof["storageProof"]).items
        #expect(slots.map { $0["value"] } == ["0x63", "0x0"] && slots.map { $0["key"] } == ["0x7", "0x8"])
        #expect(slots[0]["proof"] == .list(found.storage[0].nodes.map { .bytes($0) }))
        let nobody = try fixture.call("eth_getProof", .of(RPCFixture.filled(99)), [])
        #expect(nobody["balance"] == "0x0" && nobody["codeHash"] == .of(Keccak256.empty))
        #expect(
            try fixture.error("eth_getProof", .of(Box.address), .list([JSONValue](repeating: "0x0", count: 1025))).code
                == -32602)
    }
}
