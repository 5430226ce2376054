import Foundation
import PoAIJSON
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import PoAIWallet
import Synchronization
import Testing

/// `send`, `tx`, `block` and `balance` against a node that plays its part.
@Suite struct SendTests {
    private static let digits = String(repeating: "42", count: 32)
    private static let receiver = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    private static let answers: [String: JSONValue] = [
        "eth_chainId": "0x6b20", "eth_getTransactionCount": "0x7", "eth_maxPriorityFeePerGas": "0x3b9aca00",
        "eth_getBlockByNumber": ["baseFeePerGas": "0x64", "number": "0x10"], "eth_estimateGas": "0x5208",
        "eth_getBalance": "0x8ac7230489e80000",
    ]
    private static let receipt: JSONValue = [
        "status": "0x1", "blockNumber": "0x11", "blockHash": .text(Hash32.zero.hex), "gasUsed": "0x5208",
        "effectiveGasPrice": "0x3b9aca64",
    ]

    private let folder: TemporaryDirectory
    private let keyFile: String
    private let key: PrivateKey

    init() throws {
        folder = try TemporaryDirectory()
        keyFile = folder.path("key.txt")
        key = try PrivateKey(bytes: Hex.decode(Self.digits))
        #expect(TestFile.write(Array("\(Self.digits)\n".utf8), to: keyFile))
    }

    /// A node with the usual answers, but for those of `changes`.
    private func node(_ changes: [String: FakeNode.Reply] = [:], receipt: JSONValue = Self.receipt) throws -> FakeNode {
        try FakeNode { call in
            if let change = changes[call.method] { return change }
            if call.method == "eth_getTransactionReceipt" { return .result(receipt) }
            if call.method == "eth_sendRawTransaction", case .list(let params) = call.params,
                case .text(let raw)? = params.first, let bytes = try? Hex.decode(raw)
            {
                return .result(.text(Keccak256.hash(bytes).hex))
            }
            return Self.answers[call.method].map { .result($0) } ?? .error(-32601, "no such method")
        }
    }

    private func send(_ node: FakeNode, _ more: String...) -> CommandRun {
        CommandRun(
            ["send", "--to", Self.receiver, "--amount", "1.5", "--key-file", keyFile, "--rpc-url", node.url] + more)
    }

    private func sent(to node: FakeNode) throws -> Transaction {
        let call = try #require(node.calls.first { $0.method == "eth_sendRawTransaction" })
        guard case .list(let params) = call.params, case .text(let raw)? = params.first else {
            throw VectorError.malformed("eth_sendRawTransaction")
        }
        return try Transaction(encoded: Hex.decode(raw))
    }

    @Test func theTransactionIsAsAskedFor() throws {
        let node = try node()
        let run = send(node, "--json")
        #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
        let transaction = try sent(to: node)
        let fields = transaction.fields
        #expect(fields.kind == .dynamicFee && fields.chainID == 0x6b20 && fields.nonce == 7)
        #expect(fields.value == UInt256(1_500_000_000_000_000_000) && fields.to?.checksummed == Self.receiver)
        #expect(fields.maxPriorityFeePerGas == 1_000_000_000 && fields.maxFeePerGas == 1_000_000_200)
        #expect(fields.gasLimit == 21_000 && fields.data.isEmpty && fields.accessList.isEmpty)
        #expect(try transaction.recoverSender() == key.address)
        let report = try run.json()
        #expect(
            Set(report.keys) == ["hash", "from", "to", "nonce", "chainId", "poai", "wei", "maxFee"])
        #expect(report["hash"] as? String == transaction.hash.hex && report["poai"] as? String == "1.5")
        #expect(report["from"] as? String == key.address.checksummed && report["to"] as? String == Self.receiver)
        #expect(report["maxFee"] as? String == "0.0000210000042")
        let nonce = node.calls.first { $0.method == "eth_getTransactionCount" }
        #expect(nonce?.params == [.text(key.address.checksummed), "pending"])
        #expect(!node.calls.contains { "\($0)".contains(Self.digits) } && !run.output.contains(Self.digits))
    }

    @Test func waitingTellsTheBlock() throws {
        let polls = Counter()
        let receipt = Self.receipt
        let node = try FakeNode { [base = try node()] call in
            if call.method == "eth_getTransactionReceipt" { return .result(polls.next() < 2 ? .null : receipt) }
            return base.reply(to: call)
        }
        let run = send(node, "--wait")
        let hash = try sent(to: node).hash
        #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
        #expect(
            run.output == "sent: 1.5 POAI from \(key.address) to \(Self.receiver), \(hash)\n"
                + "confirmed: block 17, fee 0.0000210000021 POAI\n")
        let report = try send(try self.node(), "--wait", "--json").json()
        #expect(report["blockNumber"] as? Int == 17 && report["succeeded"] as? Bool == true)
        #expect(report["fee"] as? String == "0.0000210000021" && report["blockHash"] as? String == Hash32.zero.hex)
    }

    @Test func waitingEnds() throws {
        let node = try node(receipt: .null)
        let run = send(node, "--wait", "--timeout", "0.2")
        let hash = try sent(to: node).hash
        #expect(run.code == 1 && run.error.contains("\(hash)") && run.error.contains("poaid tx \(hash)"))
        #expect(run.error.count { $0 == "\n" } == 1)
    }

    @Test func aFailedTransactionIsAnError() throws {
        guard case .object(var failed) = Self.receipt else { return }
        failed["status"] = "0x0"
        let run = send(try node(receipt: .object(failed)), "--wait", "--json")
        #expect(run.code == 1 && run.error.contains("failed"))
        #expect(try run.json()["succeeded"] as? Bool == false)
        for broken in [JSONValue.object([:]), ["status": "0x1"], ["status": 1, "blockNumber": "x"]] {
            let run = send(try node(receipt: broken), "--wait", "--json")
            #expect(run.code == 1 && run.error.contains("not to be understood"))
        }
    }

    @Test(arguments: [
        ("eth_getBalance", JSONValue.text("0x1"), "it has 0.000000000000000001 POAI"),
        ("eth_getBalance", .text("0x14d1120d7b160000"), "send less"),
        ("eth_maxPriorityFeePerGas", .text("0xffffffffffffff"), "--max-fee"),
        ("eth_maxPriorityFeePerGas", .text("0x" + String(repeating: "f", count: 64)), "--max-fee"),
        ("eth_estimateGas", .text("0xffffffffffffffff"), "--max-fee"),
        ("eth_getBlockByNumber", .null, "baseFeePerGas"), ("eth_getBlockByNumber", .object([:]), "baseFeePerGas"),
        ("eth_chainId", .text("27424"), "eth_chainId"), ("eth_getTransactionCount", .null, "eth_getTransactionCount"),
    ]) func answersThatMakeNoSenseSendNothing(method: String, value: JSONValue, word: String) throws {
        let node = try node([method: .result(value)])
        send(node).expectError(1, word)
        #expect(!node.calls.contains { $0.method == "eth_sendRawTransaction" })
    }

    @Test func theFeeLimitIsTheCallers() throws {
        send(try node(), "--max-fee", "0.0000210000041").expectError(1, "--max-fee", "0.0000210000042 POAI")
        #expect(send(try node(), "--max-fee", "0.0000210000042").code == 0)
    }

    @Test func refusalsAndDoubtsAreTold() throws {
        send(try node(["eth_sendRawTransaction": .error(-32000, "nonce too low")]))
            .expectError(1, "eth_sendRawTransaction", "-32000", "nonce too low", "try again")
        let node = try node(["eth_sendRawTransaction": .hangUp])
        let run = send(node)
        run.expectError(1, "poaid tx \(try sent(to: node).hash)")
        send(try self.node(["eth_estimateGas": .error(3, "execution reverted")])).expectError(1, "does not take this")
    }

    @Test func theNodeIsNamedWhenItIsNotThere() throws {
        let url = "http://127.0.0.1:\(try FakeNode.freePort())"
        for command in [
            ["send", "--to", Self.receiver, "--amount", "1", "--key-file", keyFile], ["block", "latest"],
            ["tx", Hash32.zero.hex], ["balance", "--addr", Self.receiver],
        ] { CommandRun(command + ["--rpc-url", url]).expectError(1, url, "poaid run", "--rpc-url") }
    }

    @Test func privateKeysOnTheCommandLineWarnAndAreNeverShown() throws {
        let node = try node()
        let arguments = ["send", "--to", Self.receiver, "--amount", "1", "--rpc-url", node.url, "--privkey"]
        let run = CommandRun(arguments + [Self.digits])
        #expect(run.code == 0 && run.error.hasPrefix("warning: --privkey: ") && run.error.count { $0 == "\n" } == 1)
        #expect(!run.error.contains(Self.digits) && !run.output.contains(Self.digits))
        for bad in ["\(Self.digits)4", "x\(Self.digits)", String(repeating: "0", count: 64)] {
            let run = CommandRun(arguments + [bad])
            #expect(run.code == 1 && run.error.contains("error: --privkey: "))
            #expect(!run.error.contains(bad) && run.output.isEmpty)
        }
    }

    @Test func keystoresSign() throws {
        let wallet = WalletFolder(path: folder.path("keystore"))
        let password = folder.path("password")
        #expect(TestFile.write(Array("secret\r\n".utf8), to: password))
        let entry = try wallet.add(key, password: Array("secret".utf8), derivation: .scrypt(n: 2, r: 1, p: 1))
        let node = try node()
        let base = ["send", "--to", Self.receiver, "--amount", "1", "--rpc-url", node.url, "--keystore"]
        for place in [[entry.path], [wallet.path], [wallet.path, "--from", key.address.hex]] {
            #expect(CommandRun(base + place + ["--password-file", password]).code == 0)
        }
        CommandRun(base + [entry.path, "--from", Self.receiver, "--password-file", password])
            .expectError(1, entry.path, "--from")
        CommandRun(base + [wallet.path, "--from", Self.receiver, "--password-file", password])
            .expectError(1, wallet.path, "poaid wallet list")
        CommandRun(base + [entry.path, "--password-file", keyFile]).expectError(1, entry.path, "password")
        CommandRun(base + [entry.path]).expectError(1, "--password-file")
        let confused = CommandRun(base + [keyFile])
        confused.expectError(1, keyFile, "no keystore")
        #expect(!confused.error.contains(Self.digits))
    }

    @Test func transactionsAreShown() throws {
        let hash = Keccak256.hash([1])
        let shown: JSONValue = [
            "from": .text(key.address.hex), "to": .text(Self.receiver), "value": "0x14d1120d7b160000", "nonce": "0x7",
            "evil": "\u{1b}",
        ]
        let known = try node(["eth_getTransactionByHash": .result(shown)])
        let run = CommandRun("tx", hash.hex, "--rpc-url", known.url)
        #expect(run.code == 0 && run.error.isEmpty, "\(run.error)")
        for word in ["\(hash)", "\(key.address)", Self.receiver, "1.5 POAI", "succeeded", "17 ", "0.0000210000021"] {
            #expect(run.output.contains(word), "\(word)")
        }
        let json = try CommandRun("tx", hash.hex, "--rpc-url", known.url, "--json").json()
        #expect(Set(json.keys) == ["receipt", "transaction"])
        let waiting = try node(["eth_getTransactionByHash": .result(shown)], receipt: .null)
        #expect(CommandRun("tx", hash.hex, "--rpc-url", waiting.url).output.contains("waiting for a block"))
        let unknown = try node(["eth_getTransactionByHash": .result(.null)])
        CommandRun("tx", hash.hex, "--rpc-url", unknown.url).expectError(1, hash.hex, "no such transaction")
        let evil: JSONValue = ["from": "\u{1b}[2J\n\u{202e}", "to": 5, "value": [], "nonce": nil]
        let hostile = CommandRun(
            "tx", hash.hex, "--rpc-url",
            try node(["eth_getTransactionByHash": .result(evil)], receipt: ["status": "\u{7}"]).url)
        #expect(hostile.code == 0, "\(hostile.error)")
        #expect(hostile.output.unicodeScalars.allSatisfy { ![0x1b, 0x7, 0x202e].contains($0.value) })
    }

    @Test func blocksAreShown() throws {
        let block: JSONValue = [
            "number": "0x11", "hash": .text(Keccak256.hash([2]).hex), "timestamp": "0x65f00000",
            "miner": .text(key.address.hex), "transactions": [.text(Keccak256.hash([3]).hex)], "gasUsed": "0x5208",
            "gasLimit": "0x1c9c380", "baseFeePerGas": "0x7", "parentHash": "0xab", "stateRoot": "0xcd",
        ]
        let found = FakeNode.Reply.result(block)
        let node = try node(["eth_getBlockByNumber": found, "eth_getBlockByHash": found])
        for name in ["17", "latest", Keccak256.hash([2]).hex] {
            let run = CommandRun("block", name, "--rpc-url", node.url)
            #expect(run.code == 0 && run.error.isEmpty)
            for word in ["17 0x", "2024-03-12T", "\(key.address)", "21000 of 30000000", Keccak256.hash([3]).hex] {
                #expect(run.output.contains(word), "\(word): \(run.output)")
            }
        }
        #expect(
            node.calls.map(\.params) == [
                ["0x11", false], ["latest", false], [.text(Keccak256.hash([2]).hex), false],
            ])
        #expect(try CommandRun("block", "17", "--json", "--rpc-url", node.url).json()["number"] as? String == "0x11")
        let none = try self.node(["eth_getBlockByNumber": .result(.null)])
        CommandRun("block", "99", "--rpc-url", none.url).expectError(1, "block 99", "no such block")
        let list = try self.node(["eth_getBlockByNumber": .result([])])
        CommandRun("block", "99", "--rpc-url", list.url).expectError(1, "an object or null")
    }

    @Test func balanceFromANode() throws {
        let node = try node()
        let run = CommandRun("balance", "--addr", Self.receiver, "--rpc-url", node.url)
        #expect(run.output == "10 POAI (10000000000000000000 wei)\n" && run.code == 0)
        #expect(node.calls == [FakeNode.Call(method: "eth_getBalance", params: [.text(Self.receiver), "latest"])])
    }
}

/// Counts from 0.
final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock { value in
            defer { value += 1 }
            return value
        }
    }
}
