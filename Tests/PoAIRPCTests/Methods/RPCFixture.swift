import PoAIChain
import PoAIConsensus
import PoAIJSON
import PoAIPrimitives
import PoAIRPC
import PoAITestSupport
import PoAITypes
import PoAIWork
import Synchronization
import Testing

/// A forward pass that says nothing: the digest is the seed of the quiz.
struct EchoEvaluator: SealEvaluator {
    static let loss: UInt64 = 70_000
    var batchSize: Int { 4 }

    func evaluate(_ batch: [HeaderChecked]) throws(SealEvaluatorError) -> [SealEvaluation] {
        batch.map { SealEvaluation(digest: $0.quizSeed, loss: Self.loss) }
    }
}

/// A chain of its own, blocks with transactions on it, and the methods of a node on it.
struct RPCFixture {
    static let chainID: UInt64 = 4242
    static let keys = (1...3).compactMap { try? PrivateKey(bytes: [UInt8](repeating: UInt8($0), count: 32)) }
    static let senders = keys.map(\.address)
    static let miner = filled(9)
    static let funds = UInt256(1_000_000_000_000_000_000)

    let folder: TemporaryDirectory
    let chain: Blockchain
    let pool = FakePool()
    let table: RPCMethodTable

    init(
        pruneDepth: UInt64 = 0, configure: (inout RPCBackend) -> Void = { _ in }
    ) throws {
        folder = try TemporaryDirectory()
        let spec = try ChainSpec(
            name: "rpctest", chainID: Self.chainID, blockInterval: 5, retargetInterval: 2016, epochBlocks: 6,
            medianTimeBlocks: 5, powLimitBits: 0x2100_ffff, genesisBits: 0x2040_0000, genesisTimestamp: 1_000_000,
            models: [ModelPin(activationHeight: 0, sha256: .zero, engine: "exact-1", name: "echo")],
            alloc: Self.senders.sorted().map { Allocation(address: $0, wei: Self.funds) })
        var options = Blockchain.Options()
        options.pruneDepth = pruneDepth
        options.clock = { 2_000_000 }
        chain = try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: EchoEvaluator(), options: options)
        var backend = RPCBackend(chain: chain, pool: pool, clientVersion: "poaid/test")
        configure(&backend)
        table = RPCMethods.table(backend: backend)
    }

    static func filled(_ byte: UInt8) -> Address { Address([UInt8](repeating: byte, count: 20)) ?? .zero }

    // MARK: Blocks

    /// A block on the head with those of the transactions that are valid.
    func block(_ transactions: [Transaction] = [], miner: Address = Self.miner) throws -> Block {
        let source = Offered(try transactions.map { try RecoveredTransaction($0) })
        let template = try chain.template(miner: miner, transactions: source)
        let expected = template.expectations
        var nonce: UInt64 = 0
        while true {
            let seed = Seal.quizSeed(
                epochKey: expected.epochKey, sealHash: template.sealHash, number: expected.number, nonce: nonce)
            if Seal(quizSeed: seed, loss: EchoEvaluator.loss, traceDigest: seed).meets(expected.target) {
                return template.sealed(nonce: nonce, loss: EchoEvaluator.loss, digest: seed)
            }
            nonce += 1
        }
    }

    /// Mines all of the transactions in a block, which becomes the head.
    @discardableResult
    func mine(_ transactions: [Transaction] = [], miner: Address = Self.miner) throws -> Block {
        let block = try block(transactions, miner: miner)
        #expect(block.transactions == transactions)
        guard case .newHead = try chain.import(block) else { throw SealEvaluatorError("not taken") }
        return block
    }

    /// A signed transaction of the first sender unless told otherwise.
    func transaction(
        from sender: Int = 0, nonce: UInt64, to: Address?, value: UInt64 = 0, data: [UInt8] = [], gas: UInt64 = 300_000,
        tip: UInt64 = 3
    ) -> Transaction {
        TransactionFields.dynamicFee(
            chainID: Self.chainID, nonce: nonce, maxPriorityFeePerGas: UInt256(tip),
            maxFeePerGas: UInt256(2_000_000_000), gasLimit: gas, to: to, value: UInt256(value), data: data
        ).signed(by: Self.keys[sender])
    }

    /// Block 1 makes the box, block 2 puts 99 into slot 7, block 3 holds a transfer and a failing call.
    static func withBox(configure: (inout RPCBackend) -> Void = { _ in }) throws -> RPCFixture {
        let fixture = try RPCFixture(configure: configure)
        try fixture.mine([fixture.transaction(nonce: 0, to: nil, data: Box.initcode)])
        try fixture.mine([fixture.transaction(nonce: 1, to: Box.address, data: Box.put(slot: 7, word: 99))])
        try fixture.mine([
            fixture.transaction(nonce: 2, to: filled(50), value: 5, gas: 21_000, tip: 10),
            fixture.transaction(from: 1, nonce: 0, to: Box.address, tip: 4),
        ])
        return fixture
    }

    // MARK: Calls

    /// The result of a call.
    @discardableResult
    func call(_ method: String, _ arguments: JSONValue...) throws -> JSONValue {
        let handler = try #require(table.method(method), "no method \(method)")
        return try handler(arguments)
    }

    /// The error of a call that must fail.
    func error(_ method: String, _ arguments: JSONValue...) throws -> RPCError {
        let handler = try #require(table.method(method), "no method \(method)")
        do throws(RPCError) {
            let result = try handler(arguments)
            Issue.record("\(method) gave \(String(decoding: JSONWriter.bytes(result), as: UTF8.self))")
            return .internal("no error")
        } catch {
            return error
        }
    }
}

/// A contract that keeps words: 64 bytes of call data put the second word into the slot named by the first and log it with
/// the slot as topic; 32 bytes get a slot's word; anything else is refused with the reason "boom".
enum Box {
    private static let selector: [UInt8] = [0x08, 0xc3, 0x79, 0xa0]
    private static let refusal: [UInt8] =
        [0x7f] + selector + [UInt8](repeating: 0, count: 28) + [0x5f, 0x52, 0x60, 32, 0x60, 4, 0x52, 0x60, 4, 0x60, 36]
        + [0x52, 0x7f] + Array("boom".utf8) + [UInt8](repeating: 0, count: 28) + [
            0x60, 68, 0x52, 0x60, 100, 0x5f, 0xfd,
        ]
    private static let store: [UInt8] = [
        0x5b, 0x60, 32, 0x35, 0x80, 0x5f, 0x35, 0x55, 0x5f, 0x52, 0x5f, 0x35, 0x60, 32, 0x5f, 0xa1, 0x00,
    ]
    private static let load: [UInt8] = [0x5b, 0x5f, 0x35, 0x54, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]

    /// CALLDATASIZE PUSH1 size EQ PUSH1 target JUMPI, for both sizes.
    private static var choice: [UInt8] {
        let start = UInt8(14 + refusal.count)
        return [0x36, 0x60, 64, 0x14, 0x60, start, 0x57, 0x36, 0x60, 32, 0x14, 0x60, start + UInt8(store.count), 0x57]
    }

    static var runtime: [UInt8] { choice + refusal + store + load }
    static var initcode: [UInt8] { deploying(runtime) }
    /// Where the first sender's first transaction makes it.
    static let address = Address(
        lastBytesOf: Keccak256.hash(RLP.encode(.list([.address(RPCFixture.senders[0]), .uint(0)]))))

    static func put(slot: UInt64, word: UInt64) -> [UInt8] {
        UInt256(slot).bigEndianBytes + UInt256(word).bigEndianBytes
    }

    static func get(slot: UInt64) -> [UInt8] { UInt256(slot).bigEndianBytes }

    /// Code that passes its call data on to the box and returns whether that succeeded.
    static var proxy: [UInt8] {
        [0x36, 0x5f, 0x5f, 0x37, 0x5f, 0x5f, 0x36, 0x5f, 0x5f, 0x73] + address.bytes
            + [0x5a, 0xf1, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]
    }

    /// PUSH1 count DUP1 PUSH1 9 PUSH0 CODECOPY PUSH0 RETURN, then the code.
    static func deploying(_ code: [UInt8]) -> [UInt8] {
        [0x60, UInt8(code.count), 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3] + code
    }
}

/// Offers the same transactions every time.
struct Offered: TransactionSource {
    let transactions: [RecoveredTransaction]
    init(_ transactions: [RecoveredTransaction]) { self.transactions = transactions }
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { transactions }
}

/// A pool that takes everything; transactions with a nonce of 100 or more are queued.
final class FakePool: TransactionPool {
    private struct State {
        var transactions: [RecoveredTransaction] = []
        var receivers: [Int: @Sendable (RecoveredTransaction) -> Void] = [:]
        var nextID = 0
    }

    private let state = Mutex(State())

    func submit(encoded: [UInt8]) throws(RPCError) -> Hash32 {
        guard let transaction = try? RecoveredTransaction(Transaction(encoded: encoded)) else {
            throw .rejected("no transaction")
        }
        let receivers = state.withLock { state in
            state.transactions.append(transaction)
            return Array(state.receivers.values)
        }
        for receive in receivers { receive(transaction) }
        return transaction.hash
    }

    func transaction(_ hash: Hash32) -> RecoveredTransaction? {
        state.withLock { $0.transactions.first { $0.hash == hash } }
    }

    func pendingNonce(_ address: Address) -> UInt64? {
        content(of: address).pending.map(\.fields.nonce).max().map { $0 + 1 }
    }

    func counts() -> (pending: Int, queued: Int) {
        (content().reduce(0) { $0 + $1.pending.count }, content().reduce(0) { $0 + $1.queued.count })
    }

    func content() -> [PoolAccount] {
        Set(state.withLock { $0.transactions.map(\.sender) }).sorted().map { content(of: $0) }
    }

    func content(of sender: Address) -> PoolAccount {
        let own = state.withLock { $0.transactions }.filter { $0.sender == sender }
        return PoolAccount(
            sender: sender, pending: own.filter { $0.fields.nonce < 100 }, queued: own.filter { $0.fields.nonce >= 100 }
        )
    }

    func subscribe(_ receive: @escaping @Sendable (RecoveredTransaction) -> Void) -> @Sendable () -> Void {
        let id = state.withLock { state in
            state.nextID += 1
            state.receivers[state.nextID] = receive
            return state.nextID
        }
        return { self.state.withLock { $0.receivers[id] = nil } }
    }

    var receiverCount: Int { state.withLock { $0.receivers.count } }
}

/// The forms of JSON-RPC, written here once more.
extension JSONValue {
    static func hex(_ value: UInt64) -> JSONValue { .text("0x" + String(value, radix: 16)) }
    static func bytes(_ bytes: [UInt8]) -> JSONValue { .text("0x" + Hex.encode(bytes)) }
    static func of(_ address: Address) -> JSONValue { .text("0x" + address.hex) }
    static func of(_ hash: Hash32) -> JSONValue { .text(hash.hex) }
    static func word(_ value: UInt64) -> JSONValue { .bytes(UInt256(value).bigEndianBytes) }

    var items: [JSONValue] {
        if case .list(let items) = self { items } else { [] }
    }
    var keys: Set<String> {
        if case .object(let fields) = self { Set(fields.keys) } else { [] }
    }
    var string: String {
        if case .text(let text) = self { text } else { "" }
    }
}
