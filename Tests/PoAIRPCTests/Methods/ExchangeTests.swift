import Foundation
import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import Testing

/// One good call of every method. With POAI_RPC_EXCHANGES set to a path, calls and results are written there, a JSON object
/// a line, for `scripts/tests/check_rpc_schemas.py`.
@Suite("Methods: exchanges")
struct ExchangeTests {
    private let fixture: RPCFixture

    init() throws {
        let quizzes = try ByteQuizzes()
        fixture = try RPCFixture.withBox {
            $0.mining = FakeMiner()
            $0.quizzes = quizzes
        }
        // A legacy transaction and one with an access list are among those mined.
        let sender = RPCFixture.keys[2]
        let price = UInt256(2_000_000_000)
        try fixture.mine([
            TransactionFields.legacy(
                chainID: nil, nonce: 0, gasPrice: price, gasLimit: 21_000, to: RPCFixture.filled(1)
            ).signed(by: sender),
            TransactionFields.accessList(
                chainID: RPCFixture.chainID, nonce: 1, gasPrice: price, gasLimit: 100_000, to: Box.address,
                data: Box.put(slot: 4, word: 4),
                accessList: [AccessListEntry(address: Box.address, storageKeys: [UInt256(4).bigEndianHash])]
            ).signed(by: sender),
        ])
        let waiting = [fixture.transaction(nonce: 3, to: Box.address), fixture.transaction(nonce: 200, to: nil)]
        for transaction in waiting { try fixture.call("eth_sendRawTransaction", .bytes(transaction.encoded())) }
    }

    @Test("Every method answers a good call")
    func all() throws {
        var lines: [UInt8] = []
        var called: Set<String> = []
        for (method, arguments) in try calls() {
            called.insert(method)
            let handler = try #require(fixture.table.method(method), "no method \(method)")
            do throws(RPCError) {
                let result = try handler(arguments)
                JSONWriter.append(
                    ["method": .text(method), "params": .list(arguments), "result": result], to: &lines)
                lines.append(UInt8(ascii: "\n"))
            } catch {
                Issue.record("\(method): \(error)")
            }
        }
        // What only the own machine may call is in AdminTests.
        let names = fixture.table.names.filter { !fixture.table.isLocal($0) }
        #expect(called == Set(names))
        if let path = ProcessInfo.processInfo.environment["POAI_RPC_EXCHANGES"] {
            try Data(lines).write(to: URL(filePath: path))
        }
    }

    private func calls() throws -> [(String, [JSONValue])] {
        try node + blocks() + transactions() + accounts + simulations + logs() + pool + traces() + work
    }

    private var node: [(String, [JSONValue])] {
        [
            ("web3_clientVersion", []), ("web3_sha3", ["0x68656c6c6f"]), ("net_version", []), ("net_listening", []),
            ("net_peerCount", []), ("eth_chainId", []), ("eth_accounts", []), ("eth_syncing", []), ("eth_coinbase", []),
            ("eth_blockNumber", []), ("eth_baseFee", []), ("eth_gasPrice", []), ("eth_maxPriorityFeePerGas", []),
            ("eth_feeHistory", ["0x4", "latest", [10, 50, 90]]), ("eth_feeHistory", ["0x2", "0x1", []]),
        ]
    }

    private func blocks() throws -> [(String, [JSONValue])] {
        let hash = JSONValue.of(fixture.chain.head.hash)
        let whole = (0...5).flatMap { number in
            [("eth_getBlockByNumber", [.hex(number), true]), ("eth_getBlockReceipts", [.hex(number)])]
                as [(String, [JSONValue])]
        }
        return whole + [
            ("eth_getBlockByNumber", ["latest", false]), ("eth_getBlockByHash", [hash, true]),
            ("eth_getBlockTransactionCountByHash", [hash]), ("eth_getBlockTransactionCountByNumber", ["0x1"]),
            ("eth_getUncleCountByBlockHash", [hash]), ("eth_getUncleCountByBlockNumber", ["latest"]),
            ("eth_getUncleByBlockHashAndIndex", [hash, "0x0"]), ("eth_getUncleByBlockNumberAndIndex", ["0x1", "0x0"]),
            ("debug_getRawHeader", ["0x1"]), ("debug_getRawBlock", ["0x1"]), ("debug_getRawReceipts", ["0x2"]),
        ]
    }

    private func transactions() throws -> [(String, [JSONValue])] {
        var calls: [(String, [JSONValue])] = []
        for number in UInt64(1)...4 {
            for transaction in try #require(try fixture.chain.reader.block(at: number)).transactions {
                let hash = JSONValue.of(transaction.hash)
                calls += [
                    ("eth_getTransactionByHash", [hash]), ("eth_getTransactionReceipt", [hash]),
                    ("debug_getRawTransaction", [hash]),
                ]
            }
        }
        let next = fixture.transaction(nonce: 4, to: Box.address)
        return calls + [
            ("eth_getTransactionByBlockHashAndIndex", [.of(fixture.chain.head.hash), "0x1"]),
            ("eth_getTransactionByBlockNumberAndIndex", ["0x4", "0x0"]),
            ("eth_sendRawTransaction", [.bytes(next.encoded())]),
        ]
    }

    private var accounts: [(String, [JSONValue])] {
        let box = JSONValue.of(Box.address)
        return [
            ("eth_getBalance", [box, "latest"]), ("eth_getTransactionCount", [box, "pending"]), ("eth_getCode", [box]),
            ("eth_getStorageAt", [box, "0x7", "latest"]), ("eth_getProof", [box, ["0x7", "0x9"], "latest"]),
            ("eth_getProof", [.of(RPCFixture.filled(99)), [], "0x1"]),
        ]
    }

    private var simulations: [(String, [JSONValue])] {
        let read: JSONValue = ["to": .of(Box.address), "input": .bytes(Box.get(slot: 7))]
        let write: JSONValue = ["to": .of(Box.address), "input": .bytes(Box.put(slot: 9, word: 1))]
        return [
            ("eth_call", [read, "latest"]), ("eth_estimateGas", [write]), ("eth_createAccessList", [write, "latest"]),
            ("eth_createAccessList", [["to": .of(Box.address)], "latest"]), ("debug_traceCall", [write, "latest"]),
            ("debug_traceCall", [["data": "0xfe"], "latest", ["tracer": "callTracer"]]),
        ]
    }

    private func logs() throws -> [(String, [JSONValue])] {
        let (logs, blocks) = (try fixture.call("eth_newFilter", [:]), try fixture.call("eth_newBlockFilter"))
        try fixture.mine([
            fixture.transaction(nonce: 3, to: Box.address, data: Box.put(slot: 1, word: 1))
        ])
        return [
            ("eth_getLogs", [["fromBlock": "0x0", "toBlock": "latest"]]), ("eth_newFilter", [["topics": []]]),
            ("eth_newBlockFilter", []), ("eth_newPendingTransactionFilter", []), ("eth_getFilterChanges", [logs]),
            ("eth_getFilterChanges", [blocks]), ("eth_getFilterLogs", [logs]), ("eth_uninstallFilter", [logs]),
        ]
    }

    private var pool: [(String, [JSONValue])] {
        [
            ("txpool_status", []), ("txpool_content", []), ("txpool_inspect", []),
            ("txpool_contentFrom", [.of(RPCFixture.senders[0])]),
        ]
    }

    private func traces() throws -> [(String, [JSONValue])] {
        let block = try #require(try fixture.chain.reader.block(at: 2))
        let hash = JSONValue.of(block.transactions[0].hash)
        return [
            ("debug_traceTransaction", [hash]),
            ("debug_traceTransaction", [hash, ["enableMemory": true, "enableReturnData": true]]),
            ("debug_traceTransaction", [hash, ["tracer": "callTracer"]]), ("debug_traceBlockByNumber", ["0x3"]),
            ("debug_traceBlockByHash", [.of(block.hash)]),
        ]
    }

    private var work: [(String, [JSONValue])] {
        let zero = JSONValue.of(Hash32.zero)
        return [
            ("eth_mining", []), ("eth_hashrate", []), ("eth_getWork", []),
            ("eth_submitWork", ["0x0000000000000001", zero, zero, "0x0"]), ("poai_getSeal", []), ("poai_getQuiz", []),
            ("poai_getDifficulty", []), ("poai_getEpoch", []), ("poai_getModel", []),
        ]
    }
}
