import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITestSupport
import Testing

@Suite("Methods: parameters")
struct ParameterTests {
    @Test("An error names the argument, what it should be and what it is")
    func messages() throws {
        let fixture = try RPCFixture()
        func message(_ method: String, _ arguments: JSONValue...) throws -> String {
            let handler = try #require(fixture.table.method(method))
            do throws(RPCError) {
                _ = try handler(arguments)
                return "no error"
            } catch {
                #expect(error.code == -32602)
                return error.message
            }
        }
        #expect(try message("eth_getBalance") == "missing value for required argument 0")
        #expect(try message("eth_chainId", 1) == "too many arguments: got 1, expected at most 0")
        #expect(
            try message("eth_getBalance", "0x12")
                == "invalid argument 0: expected an address: 0x and 40 hex digits, got \"0x12\"")
        #expect(
            try message("eth_getBalance", .null)
                == "missing value for argument 0: expected an address: 0x and 40 hex digits")
        #expect(try message("eth_getLogs", ["topics": [.null, ["0x"]]]).hasPrefix("invalid argument 0: topics[1][0]"))
        #expect(try message("eth_call", ["gas": "0x00"]).hasPrefix("invalid argument 0: gas: expected a quantity"))
        let long = JSONValue.text(String(repeating: "a", count: 10_000))
        #expect(try message("eth_getBalance", long).utf8.count < 300)
    }

    @Test(
        "Quantities have no leading zeros, data has whole bytes, block numbers are hex",
        arguments: [
            ("eth_getBlockByNumber", "0x01"), ("eth_getBlockByNumber", "0x"), ("eth_getBlockByNumber", "1"),
            ("eth_getBlockByNumber", 1), ("eth_getBlockByNumber", "newest"),
            ("eth_getBlockByNumber", "0x10000000000000000"),
            ("eth_getBlockByHash", "0x00"), ("web3_sha3", "0x0"), ("web3_sha3", "0xzz"), ("web3_sha3", "00"),
            ("eth_getFilterChanges", "0x0g"), ("eth_getTransactionByHash", true), ("eth_call", []),
            ("eth_getBlockReceipts", [:]), ("eth_getBlockReceipts", ["blockNumber": "0x1", "blockHash": "0x1"]),
        ] as [(String, JSONValue)])
    func refused(_ method: String, _ argument: JSONValue) throws {
        #expect(try RPCFixture().error(method, argument).code == -32602)
    }

    @Test("Storage keys may have leading zeros, but not more than 32 bytes")
    func keys() throws {
        let fixture = try RPCFixture()
        let address = JSONValue.of(Address.zero)
        #expect(try fixture.call("eth_getStorageAt", address, .word(0)) == .word(0))
        #expect(try fixture.call("eth_getStorageAt", address, "0x000") == .word(0))
        for key in ["0x", "0xasdf", "0x" + String(repeating: "0", count: 65), "7"] {
            #expect(try fixture.error("eth_getStorageAt", address, .text(key)).code == -32602)
        }
    }

    @Test("Whatever the arguments, every method gives a result or an error, and the node goes on")
    func fuzz() throws {
        let fixture = try RPCFixture.withBox {
            $0.limits.callGas = 200_000
            $0.mining = FakeMiner()
        }
        var random = DeterministicRandom(seed: 20)
        for method in fixture.table.names {
            let handler = try #require(fixture.table.method(method))
            for _ in 0..<200 {
                let arguments = (0..<random.below(5)).map { _ in Self.value(&random, depth: 0) }
                do throws(RPCError) { _ = try handler(arguments) } catch { #expect(!error.message.isEmpty) }
            }
        }
        #expect(try fixture.call("eth_blockNumber") == "0x3")
    }

    private static let words: [JSONValue] = [
        .null, true, false, 0, 1, .number("-1"), .number("1e999"), .integer(.max), "", "0x", "0x0", "0x1", "0x3", "0x7",
        "latest", "pending", "earliest", "safe", "0xffffffffffffffff", "callTracer", .of(Box.address), .of(Hash32.zero),
        .of(RPCFixture.senders[0]), .bytes(Box.initcode), .bytes(Box.put(slot: 1, word: 2)), .bytes(Box.get(slot: 7)),
        .text("0x" + String(repeating: "f", count: 64)), .text("0x" + String(repeating: "0", count: 65)),
        "0x5b5f56", "\u{0}é",
    ]
    private static let names = [
        "from", "to", "gas", "gasPrice", "maxFeePerGas", "maxPriorityFeePerGas", "value", "data", "input", "accessList",
        "address", "storageKeys", "topics", "fromBlock", "toBlock", "blockHash", "blockNumber", "requireCanonical",
        "tracer", "tracerConfig", "withLog", "limit", "enableMemory", "stateOverrides", "state", "stateDiff", "code",
        "balance", "nonce", "0x" + Box.address.hex, "x",
    ]

    private static func value(_ random: inout DeterministicRandom, depth: Int) -> JSONValue {
        switch random.below(depth > 3 ? 6 : 10) {
        case 6, 7: return .list((0..<random.below(4)).map { _ in value(&random, depth: depth + 1) })
        case 8, 9:
            var fields: [String: JSONValue] = [:]
            for _ in 0..<random.below(6) {
                fields[names[random.below(names.count)]] = value(&random, depth: depth + 1)
            }
            return .object(fields)
        default: return words[random.below(words.count)]
        }
    }
}
