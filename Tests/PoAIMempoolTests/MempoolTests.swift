import PoAIMempool
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Synchronization
import Testing

@Suite("The pool of a node")
struct MempoolTests {
    @Test("Bytes come in, are found and counted")
    func encoded() throws {
        let pool = testMempool()
        let transaction = try signed(1, nonce: 0)
        let admission = try pool.add(encoded: transaction.encoded()).get()
        #expect(admission.hash == transaction.hash)
        #expect(pool.transaction(transaction.hash)?.transaction == transaction)
        #expect(pool.add(encoded: transaction.encoded()) == .failure(.alreadyKnown(transaction.hash)))
        _ = try pool.addSigned(1, nonce: 2).get()
        #expect(pool.status == (1, 1))
        #expect(pool.bytes == transaction.encoded().count + (try signed(1, nonce: 2).encoded().count))
        let address = try transaction.recoverSender()
        #expect(try pool.nextNonce(address) == 1)
        #expect(try pool.nextNonce(.zero) == 0)
        #expect(pool.pendingNonce(address) == 1)
        #expect(pool.pendingNonce(.zero) == nil)
        #expect(pool.content(of: address).queued.map(\.fields.nonce) == [2])
        #expect(pool.best(baseFee: 50, gasLimit: 1_000_000).map(\.hash) == [transaction.hash])
    }

    @Test("Bytes that are no transaction, or signed by nobody")
    func badBytes() throws {
        let pool = testMempool()
        #expect(pool.add(encoded: []) == .failure(.undecodable(.empty)))
        #expect(pool.add(encoded: [3]) == .failure(.undecodable(.unsupportedType(3))))
        let limit = MempoolLimits().transactionBytes
        #expect(
            pool.add(encoded: [UInt8](repeating: 0xc0, count: limit + 1))
                == .failure(.oversized(got: limit + 1, limit: limit)))
        let fields = transfer(nonce: 0).fields
        let unsigned = Transaction(fields: fields, signature: RecoverableSignature(r: 0, s: 0, recoveryID: 0))
        guard case .failure(.invalid(.signature)) = pool.add(encoded: unsigned.encoded()) else {
            Issue.record("took a transaction without signature")
            return
        }
        var random = DeterministicRandom(seed: 7)
        let good = try signed(1, nonce: 0, data: random.bytes(40)).encoded()
        for _ in 0..<500 {
            var bytes = good
            bytes[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
            if case .failure(let fault) = pool.add(encoded: bytes) { #expect(!"\(fault)".contains("\n")) }
            _ = pool.add(encoded: random.bytes(random.below(200)))
        }
    }

    @Test("Subscribers learn what becomes pending, once, in order, and may call the pool")
    func subscription() throws {
        let pool = testMempool()
        let told = Mutex<[UInt64]>([])
        var subscription: PendingSubscription? = pool.subscribe { batch in
            told.withLock { $0 += batch.map(\.fields.nonce) }
            // From within, one more comes in; it is told after this one.
            if batch.first?.fields.nonce == 2 { _ = pool.add(transfer(nonce: 3)) }
        }
        _ = try pool.add(transfer(nonce: 1)).get()
        #expect(told.withLock { $0 } == [])
        _ = try pool.add(transfer(nonce: 0)).get()
        _ = try pool.add(transfer(nonce: 2)).get()
        #expect(told.withLock { $0 } == [0, 1, 2, 3])
        try pool.headChanged(to: testHead, mined: [], returned: [transfer(1, nonce: 0)])
        #expect(told.withLock { $0 } == [0, 1, 2, 3, 0])
        subscription?.cancel()
        _ = try pool.add(transfer(2, nonce: 0)).get()
        subscription = nil
        _ = try pool.add(transfer(3, nonce: 0)).get()
        #expect(told.withLock { $0 }.count == 5)
    }

    @Test("A head whose state cannot be read changes nothing; the next one repairs")
    func failingState() throws {
        let state = TestState()
        let pool = testMempool(state: state)
        let first = transfer(nonce: 0)
        _ = try pool.add(first).get()
        let error = MempoolStateError(detail: "disk")
        state.failure.withLock { $0 = error }
        #expect(throws: error) { try pool.headChanged(to: testHead, mined: [first], returned: []) }
        #expect(throws: error) { try pool.nextNonce(.zero) }
        #expect(pool.add(transfer(1, nonce: 0)) == .failure(.state(error)))
        #expect(pool.status == (1, 0))
        state.failure.withLock { $0 = nil }
        state.accounts.withLock { $0[first.sender] = MempoolAccount(nonce: 1, balance: rich.balance) }
        #expect(try pool.headChanged(to: testHead, mined: [], returned: []).removed.map(\.reason) == [.nonceUsed])
        #expect(pool.status == (0, 0))
    }

    @Test("Expiry goes by the clock that was given")
    func expiry() throws {
        let times = SharedTime(5)
        let pool = Mempool(
            chainID: testChain, limits: MempoolLimits(lifetime: 10), state: TestState(), head: testHead,
            clock: { times.now })
        _ = try pool.add(transfer(nonce: 1)).get()
        times.now = 15
        #expect(pool.removeExpired().removed == [])
        times.now = 16
        #expect(pool.removeExpired().removed.map(\.reason) == [.expired])
    }

    @Test("Threads that add, read and follow heads at once leave a pool that adds up")
    func threads() async throws {
        let pool = testMempool(MempoolLimits(count: 300))
        let told = Mutex(0)
        let subscription = pool.subscribe { batch in told.withLock { $0 += batch.count } }
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for nonce in 0..<60 as Range<UInt64> {
                        _ = pool.add(transfer(worker, nonce: nonce, tip: UInt256(UInt64(worker))))
                        if nonce % 16 == 0 {
                            _ = try? pool.headChanged(to: testHead, mined: [], returned: [])
                            _ = pool.content.count + pool.best(baseFee: 50, gasLimit: 1_000_000).count
                        }
                    }
                }
            }
        }
        subscription.cancel()
        #expect(pool.status == (300, 0))
        #expect(told.withLock { $0 } >= 300)
        #expect(pool.content.allSatisfy { $0.pending.map(\.fields.nonce) == (0..<UInt64($0.pending.count)).map { $0 } })
    }
}

/// A clock that tests set.
private final class SharedTime: Sendable {
    private let time: Mutex<UInt64>
    init(_ now: UInt64) { time = Mutex(now) }
    var now: UInt64 {
        get { time.withLock { $0 } }
        set { time.withLock { $0 = newValue } }
    }
}
