import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("New heads")
struct HeadTests {
    @Test("Mined ones leave, and others with their nonces")
    func mined() throws {
        var bench = PoolBench()
        for nonce in 0..<4 as Range<UInt64> { try bench.add(transfer(nonce: nonce)) }
        bench.accounts[sender(0)] = MempoolAccount(nonce: 2, balance: rich.balance)
        let change = try bench.head(mined: [transfer(nonce: 0)])
        #expect(
            change.removed == [
                Removal(hash: transfer(nonce: 0).hash, reason: .mined),
                Removal(hash: transfer(nonce: 1).hash, reason: .nonceUsed),
            ])
        #expect(change.becamePending == [])
        #expect(bench.nonces() == [[2, 3], []])
        #expect(bench.fault(transfer(nonce: 1)) == .nonceTooLow(got: 1, next: 2))
    }

    @Test("A nonce that others mined makes waiting ones pending")
    func promoted() throws {
        var bench = PoolBench()
        try bench.add(transfer(nonce: 1))
        bench.usual = MempoolAccount(nonce: 1, balance: rich.balance)
        #expect(try bench.head().becamePending == [transfer(nonce: 1)])
    }

    @Test("Less money: what is too dear alone leaves, what is too dear together waits")
    func poorer() throws {
        var bench = PoolBench()
        for nonce in 0..<4 as Range<UInt64> { try bench.add(transfer(nonce: nonce, value: nonce == 2 ? 1000 : 0)) }
        bench.usual = MempoolAccount(balance: cost(100) &* 2 &- 1)
        let change = try bench.head()
        #expect(change.removed == [])
        #expect(bench.nonces() == [[0], [1, 2, 3]])
        bench.usual = MempoolAccount(balance: cost(100))
        #expect(
            try bench.head().removed == [Removal(hash: transfer(nonce: 2, value: 1000).hash, reason: .unaffordable)])
        bench.usual = rich
        #expect(try bench.head().becamePending.map(\.fields.nonce) == [1])
        #expect(bench.nonces() == [[0, 1], [3]])
    }

    @Test("Smaller blocks drop what fits no more")
    func gasLimit() throws {
        var bench = PoolBench()
        try bench.add(transfer(nonce: 0, gas: 50_000))
        try bench.add(transfer(nonce: 1))
        let change = try bench.head(MempoolHead(gasLimit: 49_999, baseFee: 50))
        #expect(change.removed == [Removal(hash: transfer(nonce: 0, gas: 50_000).hash, reason: .gasLimit)])
        #expect(bench.nonces() == [[], [1]])
    }

    @Test("What an abandoned branch held comes back, whatever the order")
    func reorganisation() throws {
        var bench = PoolBench()
        bench.usual = MempoolAccount(nonce: 3, balance: rich.balance)
        try bench.add(transfer(nonce: 3))
        bench.usual = MempoolAccount(nonce: 1, balance: rich.balance)
        let returned = [2, 0, 1].map { transfer(nonce: $0) }
        let change = try bench.head(mined: [transfer(nonce: 0)], returned: returned)
        #expect(bench.nonces() == [[1, 2, 3], []])
        #expect(change.becamePending.map(\.fields.nonce) == [1, 2])
        #expect(change.refused == [])
        let again = try bench.head(returned: [transfer(nonce: 0), transfer(nonce: 2, tip: 11)])
        #expect(
            again.refused.map(\.fault) == [
                .nonceTooLow(got: 0, next: 1),
                .replacementUnderpriced(maxFee: 100, neededMaxFee: 110, tip: 11, neededTip: 11),
            ])
    }

    @Test("What returns to a full pool displaces cheaper ones")
    func returnToFull() throws {
        var bench = PoolBench(MempoolLimits(count: 1))
        try bench.add(transfer(0, nonce: 0))
        let change = try bench.head(returned: [transfer(1, nonce: 0, tip: 20)])
        #expect(change.removed == [Removal(hash: transfer(0, nonce: 0).hash, reason: .evicted)])
        let replaced = try bench.head(returned: [transfer(1, nonce: 0, fee: 200, tip: 40)])
        #expect(replaced.removed == [Removal(hash: transfer(1, nonce: 0, tip: 20).hash, reason: .replaced)])
    }

    @Test("What waits too long expires, what is pending stays")
    func expiry() throws {
        var bench = PoolBench(MempoolLimits(lifetime: 60))
        try bench.add(transfer(0, nonce: 0))
        try bench.add(transfer(0, nonce: 2))
        try bench.add(transfer(1, nonce: 2))
        bench.now += 60
        #expect(bench.pool.removeExpired(now: bench.now).removed == [])
        try bench.add(transfer(1, nonce: 1))
        bench.now += 1
        let change = try bench.head()
        #expect(change.removed == [Removal(hash: transfer(0, nonce: 2).hash, reason: .expired)])
        #expect(bench.nonces(0) == [[0], []])
        #expect(bench.nonces(1) == [[], [1, 2]])
        #expect(bench.pool.removeExpired(now: 0).removed == [])
        #expect(bench.pool.removeExpired(now: .max).removed.count == 2)
        #expect(bench.pool.violations == [])
        #expect(bench.pool.content.map(\.sender) == [sender(0)])
    }

    @Test("A state that cannot be read changes nothing")
    func state() throws {
        var bench = PoolBench()
        try bench.add(transfer(nonce: 0))
        let before = bench.pool.content
        #expect(throws: MempoolStateError(detail: "disk")) {
            try bench.pool.headChanged(
                to: MempoolHead(gasLimit: 1, baseFee: 1), mined: [], returned: [transfer(1, nonce: 0)], now: 0
            ) { (_) throws(MempoolStateError) in throw MempoolStateError(detail: "disk") }
        }
        #expect(bench.pool.content == before)
        #expect(bench.pool.head == testHead)
    }
}
