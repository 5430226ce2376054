import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Synchronization
import Testing

let testChain: UInt64 = 27_424

/// The address of the sender with this number.
func sender(_ number: Int) -> Address { Address(lastBytesOf: Keccak256.hash([UInt8(truncatingIfNeeded: number), 7])) }

/// A transfer that nobody signed; hashes differ by sender. `tip` nil makes a legacy transaction.
func transfer(
    _ from: Int = 0, nonce: UInt64, fee: UInt256 = 100, tip: UInt256? = 10, gas: UInt64 = 21_000, value: UInt256 = 0,
    data: [UInt8] = [], chainID: UInt64? = testChain
) -> RecoveredTransaction {
    let fields: TransactionFields
    if let tip, let chainID {
        fields = .dynamicFee(
            chainID: chainID, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gas, to: .zero,
            value: value, data: data)
    } else {
        fields = .legacy(
            chainID: chainID, nonce: nonce, gasPrice: fee, gasLimit: gas, to: .zero, value: value, data: data)
    }
    let signature = RecoverableSignature(r: UInt256(UInt64(from + 1)), s: 1, recoveryID: 0)
    return RecoveredTransaction(
        unverified: Transaction(fields: fields, signature: signature), sender: sender(from))
}

/// What a transfer of 21,000 gas costs at most.
func cost(_ fee: UInt256, value: UInt256 = 0) -> UInt256 { fee &* UInt256(21_000) &+ value }

let testHead = MempoolHead(gasLimit: 1_000_000, baseFee: 50)
let rich = MempoolAccount(nonce: 0, balance: 1 << 100)

/// A pool with accounts that tests change at will.
struct PoolBench {
    var pool: Pool
    var accounts: [Address: MempoolAccount] = [:]
    /// For all others.
    var usual = rich
    var now: UInt64 = 1000

    init(_ limits: MempoolLimits = MempoolLimits(), head: MempoolHead = testHead) {
        pool = Pool(chainID: testChain, limits: limits, head: head)
    }

    @discardableResult
    mutating func add(
        _ transaction: RecoveredTransaction, at location: SourceLocation = #_sourceLocation
    ) throws(MempoolFault) -> Admission {
        defer { #expect(pool.violations == [], sourceLocation: location) }
        return try pool.add(transaction, now: now) { accounts[$0] ?? usual }
    }

    /// The fault of a transaction that must not change the pool.
    mutating func fault(
        _ transaction: RecoveredTransaction, at location: SourceLocation = #_sourceLocation
    ) -> MempoolFault? {
        let before = pool.content
        do throws(MempoolFault) {
            try add(transaction, at: location)
            return nil
        } catch {
            #expect(pool.content == before, sourceLocation: location)
            #expect(!"\(error)".contains("\n"), sourceLocation: location)
            return error
        }
    }

    @discardableResult
    mutating func head(
        _ head: MempoolHead = testHead, mined: [RecoveredTransaction] = [], returned: [RecoveredTransaction] = [],
        at location: SourceLocation = #_sourceLocation
    ) throws -> PoolChange {
        defer { #expect(pool.violations == [], sourceLocation: location) }
        return try pool.headChanged(to: head, mined: mined, returned: returned, now: now) { accounts[$0] ?? usual }
    }

    /// Nonces of the sender: executable ones and others.
    func nonces(_ number: Int = 0) -> [[UInt64]] {
        let content = pool.content(of: sender(number))
        return [content.pending.map(\.fields.nonce), content.queued.map(\.fields.nonce)]
    }
}

/// A state that tests change at will.
final class TestState: MempoolState {
    let accounts = Mutex<[Address: MempoolAccount]>([:])
    let failure = Mutex<MempoolStateError?>(nil)
    let usual: MempoolAccount

    init(usual: MempoolAccount = rich) { self.usual = usual }

    func account(_ address: Address) throws(MempoolStateError) -> MempoolAccount {
        if let error = failure.withLock({ $0 }) { throw error }
        return accounts.withLock { $0[address] } ?? usual
    }
}

func testMempool(_ limits: MempoolLimits = MempoolLimits(), state: TestState = TestState()) -> Mempool {
    Mempool(chainID: testChain, limits: limits, state: state, head: testHead, clock: { 1000 })
}

/// A transfer with a true signature; keys differ by number.
func signed(
    _ number: Int, nonce: UInt64, fee: UInt256 = 100, tip: UInt256 = 10, data: [UInt8] = []
) throws -> Transaction {
    let key = try PrivateKey(bytes: Keccak256.hash([UInt8(truncatingIfNeeded: number)]).bytes)
    return TransactionFields.dynamicFee(
        chainID: testChain, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: 100_000, to: .zero,
        data: data
    ).signed(by: key)
}
