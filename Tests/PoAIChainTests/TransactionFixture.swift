import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Testing

/// A chain with accounts that can send, whose blocks come from its own templates.
struct TransactionFixture {
    static let keys = (1...3).map { byte in
        // Every byte string of 32 small bytes is a valid key.
        try? PrivateKey(bytes: [UInt8](repeating: UInt8(byte), count: 32))
    }.compactMap { $0 }
    static let senders = keys.map { $0.publicKey.address }
    static let miner = testAddress(9)
    static let funds = UInt256(1_000_000_000_000_000_000)

    let folder: TemporaryDirectory
    let chain: Blockchain

    init(pruneDepth: UInt64 = 0) throws {
        folder = try TemporaryDirectory()
        let alloc = Self.senders.sorted().map { Allocation(address: $0, wei: Self.funds) }
        chain = try ChainFixture.open(folder, try testSpec(halvingInterval: 1000, alloc: alloc), pruneDepth: pruneDepth)
    }

    /// A block on the head with those of the transactions that fit.
    func block(_ transactions: [Transaction] = [], miner: Address = Self.miner) throws -> Block {
        let source = GivenTransactions(try transactions.map { try RecoveredTransaction($0) })
        let template = try chain.template(miner: miner, transactions: source)
        var block = ChainModel.sealed(template.header, template.expectations)
        block.transactions = template.transactions
        return block
    }

    /// Mines a block with all of the transactions and takes it in.
    @discardableResult
    func mine(_ transactions: [Transaction] = [], miner: Address = Self.miner) throws -> Block {
        let block = try block(transactions, miner: miner)
        #expect(block.transactions == transactions)
        guard case .newHead = try chain.import(block) else { throw SealEvaluatorError("not taken") }
        return block
    }

    func transfer(
        from sender: Int = 0, nonce: UInt64, to: Address = testAddress(50), value: UInt256 = UInt256(5), tip: UInt64 = 3
    ) -> Transaction {
        send(from: sender, nonce: nonce, to: to, value: value, gas: 21_000, tip: tip)
    }

    func send(
        from sender: Int = 0, nonce: UInt64, to: Address?, value: UInt256 = .zero, data: [UInt8] = [],
        gas: UInt64 = 200_000, tip: UInt64 = 3
    ) -> Transaction {
        TransactionFields.dynamicFee(
            chainID: chain.spec.chainID, nonce: nonce, maxPriorityFeePerGas: UInt256(tip),
            maxFeePerGas: UInt256(2_000_000_000), gasLimit: gas, to: to, value: value, data: data
        ).signed(by: Self.keys[sender])
    }

    func verify() throws -> VerifyReport {
        try chain.reader.verify(evaluator: HashEvaluator(), clock: { ChainFixture.now })
    }
}

/// A source that offers the same transactions every time.
struct GivenTransactions: TransactionSource {
    let transactions: [RecoveredTransaction]
    init(_ transactions: [RecoveredTransaction]) { self.transactions = transactions }
    func candidates(baseFee: UInt256, gasLimit: UInt64) -> [RecoveredTransaction] { transactions }
}

/// A contract that stores the second word of its call data in the slot named by the first, and logs that first word.
enum StoreContract {
    /// PUSH1 32, CALLDATALOAD, PUSH0, CALLDATALOAD, SSTORE, PUSH0, CALLDATALOAD, PUSH0, PUSH0, LOG1, STOP.
    static let runtime: [UInt8] = [0x60, 0x20, 0x35, 0x5f, 0x35, 0x55, 0x5f, 0x35, 0x5f, 0x5f, 0xa1, 0x00]
    /// PUSH12 runtime, PUSH0, MSTORE, PUSH1 12, PUSH1 20, RETURN.
    static let initcode: [UInt8] = [0x6b] + runtime + [0x5f, 0x52, 0x60, 0x0c, 0x60, 0x14, 0xf3]

    static func call(slot: UInt64, word: UInt64) -> [UInt8] {
        UInt256(slot).bigEndianBytes + UInt256(word).bigEndianBytes
    }

    /// Where the sender's transaction with this nonce creates it.
    static func address(sender: Address, nonce: UInt64) -> Address {
        Address(lastBytesOf: Keccak256.hash(RLP.encode(.list([.address(sender), .uint(nonce)]))))
    }
}
