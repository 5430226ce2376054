import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import Testing

@Suite("Methods: node, blocks, transactions, accounts")
struct BasicMethodTests {
    @Test("The node says who it is")
    func node() throws {
        let fixture = try RPCFixture()
        #expect(try fixture.call("eth_chainId") == .hex(4242))
        #expect(try fixture.call("net_version") == "4242")
        #expect(try fixture.call("web3_clientVersion") == "poaid/test")
        #expect(try fixture.call("web3_sha3", "0x") == .of(Keccak256.empty))
        #expect(try fixture.call("net_listening") == false)
        #expect(try fixture.call("net_peerCount") == "0x0")
        #expect(try fixture.call("eth_accounts") == [])
        #expect(try fixture.call("eth_syncing") == false)
        #expect(try fixture.call("eth_blockNumber") == "0x0")
        #expect(try fixture.error("eth_coinbase").code == -32000)
    }

    @Test("A node that is behind says how far")
    func syncing() throws {
        let fixture = try RPCFixture {
            $0.syncProgress = { SyncProgress(startingBlock: 1, currentBlock: 2, highestBlock: 300) }
        }
        #expect(
            try fixture.call("eth_syncing") == [
                "startingBlock": "0x1", "currentBlock": "0x2", "highestBlock": "0x12c",
            ])
    }

    private static let blockKeys: Set<String> = [
        "hash", "parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom",
        "difficulty", "number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas",
        "size", "transactions", "uncles", "totalDifficulty", "poai_loss",
    ]

    @Test("A block is given by number, tag or hash, with hashes or whole transactions")
    func blocks() throws {
        let fixture = try RPCFixture.withBox()
        let stored = try #require(try fixture.chain.reader.block(at: 3))
        let block = try fixture.call("eth_getBlockByNumber", "0x3", false)
        #expect(block.keys == Self.blockKeys)
        #expect(block["hash"] == .of(stored.hash))
        #expect(block["transactions"] == .list(stored.transactions.map { .of($0.hash) }))
        #expect(block["size"] == .hex(UInt64(stored.rlpEncoded().count)))
        #expect(block["difficulty"] == "0x3" && block["totalDifficulty"] == "0xc" && block["poai_loss"] == "0x11170")
        #expect(block["nonce"]?.string.utf8.count == 18 && block["uncles"] == [])
        #expect(try fixture.call("eth_getBlockByHash", .of(stored.hash)) == block)
        #expect(try fixture.call("eth_getBlockByNumber", "latest", false) == block)
        #expect(try fixture.call("eth_getBlockByNumber", "pending", false) == block)
        let full = try #require(try fixture.call("eth_getBlockByNumber", "latest", true)["transactions"]).items
        #expect(full.count == 2 && full[1]["from"] == .of(RPCFixture.senders[1]))
        #expect(try fixture.call("eth_getTransactionByBlockNumberAndIndex", "0x3", "0x1") == full[1])
        #expect(try fixture.call("eth_getTransactionByBlockHashAndIndex", .of(stored.hash), "0x0") == full[0])
        #expect(try fixture.call("eth_getBlockTransactionCountByNumber", "latest") == "0x2")
        #expect(try fixture.call("eth_getBlockTransactionCountByHash", .of(stored.hash)) == "0x2")
        #expect(try fixture.call("eth_getBlockByNumber", "earliest", false)["number"] == "0x0")
    }

    @Test("What is not there is null, or an error where that is the custom")
    func absent() throws {
        let fixture = try RPCFixture.withBox()
        let nowhere = JSONValue.of(Hash32.zero)
        for method in [
            "eth_getBlockByHash", "eth_getTransactionByHash", "eth_getTransactionReceipt", "eth_getBlockReceipts",
            "eth_getBlockTransactionCountByHash", "eth_getUncleCountByBlockHash",
        ] {
            #expect(try fixture.call(method, nowhere) == .null, "\(method)")
        }
        for method in [
            "eth_getBlockByNumber", "eth_getBlockTransactionCountByNumber", "eth_getUncleCountByBlockNumber",
        ] {
            #expect(try fixture.call(method, "0x4") == .null, "\(method)")
            #expect(try fixture.error(method, "safe").code == -39001)
        }
        #expect(try fixture.call("eth_getTransactionByBlockNumberAndIndex", "0x3", "0x2") == .null)
        #expect(try fixture.call("eth_getUncleCountByBlockNumber", "0x1") == "0x0")
        #expect(try fixture.call("eth_getUncleByBlockNumberAndIndex", "0x1", "0x0") == .null)
        #expect(try fixture.call("eth_getUncleByBlockHashAndIndex", nowhere, "0x0") == .null)
        #expect(try fixture.error("eth_getBalance", .of(Box.address), "0x4").code == -32001)
        #expect(try fixture.error("eth_getBalance", .of(Box.address), nowhere).code == -32001)
    }

    @Test("Transactions and receipts say what happened")
    func receipts() throws {
        let fixture = try RPCFixture.withBox()
        let block = try #require(try fixture.chain.reader.block(at: 3))
        let transaction = try fixture.call("eth_getTransactionByHash", .of(block.transactions[0].hash))
        #expect(transaction["blockNumber"] == "0x3" && transaction["value"] == "0x5" && transaction["type"] == "0x2")
        #expect(transaction["gasPrice"] == .text((block.header.baseFeePerGas &+ 10).hex))
        let transfer = try fixture.call("eth_getTransactionReceipt", .of(block.transactions[0].hash))
        #expect(transfer["status"] == "0x1" && transfer["gasUsed"] == "0x5208" && transfer["contractAddress"] == .null)
        #expect(transfer["effectiveGasPrice"] == transaction["gasPrice"])
        let failed = try fixture.call("eth_getTransactionReceipt", .of(block.transactions[1].hash))
        #expect(failed["status"] == "0x0" && failed["transactionIndex"] == "0x1" && failed["logs"] == [])
        #expect(try fixture.call("eth_getBlockReceipts", "0x3") == .list([transfer, failed]))
        #expect(try fixture.call("eth_getBlockReceipts", "earliest") == [])

        let made = try fixture.call("eth_getBlockReceipts", "0x1").items[0]
        #expect(made["contractAddress"] == .of(Box.address) && made["to"] == .null)
        let log = try #require(try fixture.call("eth_getBlockReceipts", "0x2").items[0]["logs"]).items[0]
        #expect(log["topics"] == [.word(7)] && log["data"] == .word(99) && log["address"] == .of(Box.address))
        #expect(log["removed"] == false && log["logIndex"] == "0x0" && log["blockNumber"] == "0x2")
    }

    @Test("Accounts are read at any block")
    func accounts() throws {
        let fixture = try RPCFixture.withBox()
        let box = JSONValue.of(Box.address)
        #expect(try fixture.call("eth_getCode", box) == .bytes(Box.runtime))
        #expect(try fixture.call("eth_getCode", box, "0x0") == "0x")
        #expect(try fixture.call("eth_getStorageAt", box, "0x7", "latest") == .word(99))
        #expect(try fixture.call("eth_getStorageAt", box, "0x07") == .word(99))
        #expect(try fixture.call("eth_getStorageAt", box, "0x7", "0x1") == .word(0))
        #expect(try fixture.call("eth_getBalance", .of(RPCFixture.filled(50)), "latest") == "0x5")
        #expect(try fixture.call("eth_getBalance", .of(RPCFixture.filled(50)), ["blockNumber": "0x2"]) == "0x0")
        let sender = JSONValue.of(RPCFixture.senders[0])
        #expect(try fixture.call("eth_getTransactionCount", sender, "latest") == "0x3")
        #expect(try fixture.call("eth_getTransactionCount", sender, "0x1") == "0x1")
        let second = try #require(try fixture.chain.reader.canonicalHash(at: 2))
        let byHash: JSONValue = ["blockHash": .of(second), "requireCanonical": true]
        #expect(try fixture.call("eth_getTransactionCount", sender, byHash) == "0x2")
        #expect(try fixture.call("eth_getTransactionCount", sender, .of(second)) == "0x2")
    }

    @Test("A block that is not canonical has no state, and says so")
    func sideBranch() throws {
        let fixture = try RPCFixture()
        let side = try fixture.block(miner: RPCFixture.filled(8))
        try fixture.mine()
        guard case .sideBranch = try fixture.chain.import(side) else {
            Issue.record("not a side branch")
            return
        }
        #expect(try fixture.call("eth_getBlockByHash", .of(side.hash))["hash"] == .of(side.hash))
        let address = JSONValue.of(RPCFixture.miner)
        let demanded: JSONValue = ["blockHash": .of(side.hash), "requireCanonical": true]
        #expect(try fixture.error("eth_getBalance", address, demanded).message.contains("not canonical"))
        #expect(try fixture.error("eth_getBalance", address, .of(side.hash)).message.contains("not canonical"))
        #expect(try fixture.call("eth_getBlockReceipts", .of(side.hash)) == .null)
    }

    @Test("What was pruned has an error of its own")
    func pruned() throws {
        let fixture = try RPCFixture(pruneDepth: 2)
        for _ in 0..<6 { try fixture.mine() }
        #expect(try fixture.error("eth_getBlockByNumber", "0x1", false).code == 4444)
        #expect(try fixture.error("eth_getBalance", .of(RPCFixture.miner), "0x1").code == 4444)
        #expect(try fixture.call("eth_getBalance", .of(RPCFixture.miner), "0x5") != "0x0")
    }

    @Test("A transaction handed in waits in the pool")
    func send() throws {
        let fixture = try RPCFixture.withBox()
        let sender = JSONValue.of(RPCFixture.senders[0])
        let transaction = fixture.transaction(nonce: 3, to: RPCFixture.filled(60), value: 1, gas: 21_000)
        #expect(try fixture.call("eth_sendRawTransaction", .bytes(transaction.encoded())) == .of(transaction.hash))
        #expect(try fixture.call("eth_getTransactionCount", sender, "pending") == "0x4")
        #expect(try fixture.call("eth_getTransactionCount", sender, "latest") == "0x3")
        let waiting = try fixture.call("eth_getTransactionByHash", .of(transaction.hash))
        #expect(waiting["blockHash"] == .null && waiting["transactionIndex"] == .null && waiting["nonce"] == "0x3")
        #expect(try fixture.call("eth_getTransactionReceipt", .of(transaction.hash)) == .null)
        #expect(try fixture.call("txpool_status") == ["pending": "0x1", "queued": "0x0"])
        let content = try fixture.call("txpool_content")
        let name = RPCFixture.senders[0].checksummed
        #expect(content["pending"]?[name]?["3"] == waiting && content["queued"] == [:])
        #expect(try fixture.call("txpool_contentFrom", sender) == ["pending": ["3": waiting], "queued": [:]])
        let line = try #require(try fixture.call("txpool_inspect")["pending"]?[name]?["3"]).string
        #expect(line == "\(RPCFixture.filled(60).checksummed): 1 wei + 21000 gas × 2000000000 wei")
        #expect(try fixture.error("eth_sendRawTransaction", "0x01").code == -32000)
    }

    @Test("Without a pool nothing is taken")
    func noPool() throws {
        let fixture = try RPCFixture { $0.pool = nil }
        #expect(try fixture.error("eth_sendRawTransaction", "0x01").message == "this node takes no transactions")
        #expect(try fixture.error("eth_newPendingTransactionFilter").code == -32000)
        #expect(try fixture.call("txpool_status") == ["pending": "0x0", "queued": "0x0"])
    }

    @Test("Raw forms are the encoded ones")
    func raw() throws {
        let fixture = try RPCFixture.withBox()
        let block = try #require(try fixture.chain.reader.block(at: 2))
        #expect(try fixture.call("debug_getRawHeader", "0x2") == .bytes(block.header.rlpEncoded()))
        #expect(try fixture.call("debug_getRawBlock", .of(block.hash)) == .bytes(block.rlpEncoded()))
        #expect(
            try fixture.call("debug_getRawTransaction", .of(block.transactions[0].hash))
                == .bytes(block.transactions[0].encoded()))
        let receipts = try #require(try fixture.chain.reader.receipts(of: block.hash))
        #expect(try fixture.call("debug_getRawReceipts", "0x2") == .list(receipts.map { .bytes($0.encoded()) }))
        #expect(try fixture.error("debug_getRawBlock", "0x9").code == -32001)
    }
}
