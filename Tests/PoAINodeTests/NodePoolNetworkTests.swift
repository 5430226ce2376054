import PoAIMempool
import PoAINetwork
import PoAINode
import PoAIPrimitives
import PoAITypes
import Synchronization
import Testing

@Suite struct NodePoolNetworkTests {
    @Test func thePoolIsWhatTheRelayNeeds() throws {
        let net = try FundedNetwork()
        let pool: any PoolAccess = net.pool
        let told = Mutex<[[Hash32]]>([])
        let stop = pool.subscribe { hashes in told.withLock { $0.append(hashes) } }
        let bytes = (UInt64(0)...2).map { net.transfer(nonce: $0, value: 1) }
        let hashes = bytes.map { Keccak256.hash($0) }
        for nonce in [0, 2, 1] { #expect(pool.add(encoded: bytes[nonce]) == .added) }
        #expect(pool.add(encoded: bytes[1]) == .known)
        #expect(told.withLock { $0 } == [[hashes[0]], [hashes[1], hashes[2]]])
        #expect(pool.pendingHashes(limit: 10) == hashes)
        #expect(pool.pendingHashes(limit: 2) == Array(hashes[..<2]))
        #expect(pool.pendingHashes(limit: 0) == [])
        #expect(pool.contains(hashes[2]) && !pool.contains(.zero))
        #expect(pool.encoded(hashes[1]) == bytes[1] && pool.encoded(.zero) == nil)
        stop()
        #expect(pool.add(encoded: net.transfer(nonce: 3, value: 1)) == .added)
        #expect(told.withLock { $0.count } == 2)
    }

    /// What depends on this node's state or rules is nobody's fault.
    @Test func onlyWhatIsInvalidForEverIsHeldAgainstTheSender() throws {
        let net = try FundedNetwork()
        let pool: any PoolAccess = net.pool
        let good = net.transfer(nonce: 0, value: 1)
        var highSignature = good
        // The last 32 bytes are s; 0xFF… is above half of the curve's order.
        for index in highSignature.indices.suffix(32) { highSignature[index] = 0xFF }
        for bytes in [[], [3, 1], good + [0], highSignature, net.transfer(nonce: 0, value: 1, chainID: 1)] {
            guard case .invalid(let reason) = pool.add(encoded: bytes) else {
                Issue.record("not invalid: \(bytes)")
                continue
            }
            #expect(!reason.isEmpty)
        }
        guard case .notYet = pool.add(encoded: net.transfer(nonce: 100, value: 1)) else {
            Issue.record("not put off")
            return
        }
        let policy: [MempoolFault] = [
            .oversized(got: 2, limit: 1), .notReplayProtected(chainID: 7), .gasLimit(got: 2, limit: 1),
            .tipTooLow(got: .zero, minimum: UInt256(1)), .nonceTooLow(got: 0, next: 1),
        ]
        for fault in policy { #expect(PoolVerdict(fault) == .refused(fault.description)) }
        let passing: [MempoolFault] = [
            .nonceTooHigh(got: 99, next: 0, maximum: 64), .accountLimit(limit: 1),
            .insufficientFunds(balance: .zero, pending: .zero, cost: nil),
            .underpriced(tip: nil, baseFee: UInt256(1)), .full(count: 1, bytes: 1),
            .state(MempoolStateError(detail: "x")),
        ]
        for fault in passing { #expect(PoolVerdict(fault) == .notYet(fault.description)) }
    }
}
