import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Transactions for a block")
struct BestTests {
    @Test("The highest tip first, equal ones as they came, each sender's in the order of nonces")
    func order() throws {
        var bench = PoolBench()
        try bench.add(transfer(0, nonce: 1, tip: 40))
        try bench.add(transfer(0, nonce: 0, tip: 10))
        try bench.add(transfer(1, nonce: 0, tip: 20))
        try bench.add(transfer(2, nonce: 0, tip: 10))
        try bench.add(transfer(1, nonce: 2, tip: 45))
        let best = bench.pool.best(baseFee: 50, gasLimit: 1_000_000)
        #expect(best.map(\.sender) == [1, 0, 0, 2].map(sender))
        #expect(best.map(\.fields.nonce) == [0, 0, 1, 0])
    }

    @Test("The tip is what is left above the base fee; below it a sender's turn ends")
    func baseFee() throws {
        var bench = PoolBench()
        try bench.add(transfer(0, nonce: 0, fee: 60, tip: 60))
        try bench.add(transfer(1, nonce: 0, fee: 200, tip: 9))
        try bench.add(transfer(2, nonce: 0, fee: 59, tip: 59))
        try bench.add(transfer(2, nonce: 1, fee: 500, tip: 400))
        #expect(bench.pool.best(baseFee: 50, gasLimit: 1_000_000).map(\.sender) == [0, 1, 2, 2].map(sender))
        #expect(bench.pool.best(baseFee: 60, gasLimit: 1_000_000).map(\.sender) == [1, 0].map(sender))
        #expect(bench.pool.best(baseFee: .max, gasLimit: .max) == [])
        #expect(bench.pool.best(baseFee: 0, gasLimit: .max).count == 4)
    }

    @Test("Not what needs more gas than the block has, and not more than can fit")
    func gasLimit() throws {
        var bench = PoolBench()
        try bench.add(transfer(0, nonce: 0, tip: 90, gas: 100_001))
        try bench.add(transfer(0, nonce: 1, tip: 90))
        for number in 1...9 { try bench.add(transfer(number, nonce: 0, gas: 90_000)) }
        // Refunds may bring 21,000 gas down to 16,800.
        #expect(bench.pool.best(baseFee: 50, gasLimit: 100_000).map(\.sender) == (1...5).map(sender))
        #expect(bench.pool.best(baseFee: 50, gasLimit: 20_999) == [])
        #expect(bench.pool.best(baseFee: 50, gasLimit: 0) == [])
        #expect(bench.pool.best(baseFee: 50, gasLimit: .max).count == 11)
    }

    @Test("Content is ordered by sender and nonce")
    func content() throws {
        var bench = PoolBench()
        for number in (0..<5).reversed() {
            for nonce in [3, 0] as [UInt64] { try bench.add(transfer(number, nonce: nonce)) }
        }
        let content = bench.pool.content
        #expect(content.map(\.sender) == (0..<5).map(sender).sorted())
        #expect(content.allSatisfy { $0.pending.map(\.fields.nonce) == [0] && $0.queued.map(\.fields.nonce) == [3] })
        #expect(bench.pool.pendingCount == 5)
        #expect(bench.pool.queuedCount == 5)
        #expect(bench.pool.content(of: .zero).pending == [])
    }
}
