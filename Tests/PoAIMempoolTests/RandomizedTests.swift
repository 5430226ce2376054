import PoAIMempool
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Random lives of a pool")
struct RandomizedTests {
    @Test(
        "After every step the books are right and a naive pool holds the same",
        arguments: [
            MempoolLimits(count: 24, bytes: 1 << 20, perAccount: 6, nonceGap: 4, lifetime: 40),
            MempoolLimits(count: 60, bytes: 3000, perAccount: 16, nonceGap: 8, lifetime: 200),
            MempoolLimits(count: 200, bytes: 1 << 20, perAccount: 30, nonceGap: 3, minimumTip: 2, lifetime: 1000),
            MempoolLimits(count: 5, bytes: 700, perAccount: 3, nonceGap: 2, priceBump: 50, lifetime: 10),
        ])
    func lives(limits: MempoolLimits) throws {
        for seed in 0..<4 as Range<UInt64> {
            var life = PoolLife(limits: limits, seed: seed)
            for step in 0..<1000 {
                life.step()
                guard let fault = life.difference else { continue }
                Issue.record("seed \(seed), step \(step): \(fault)")
                return
            }
            #expect(life.admitted > 100)
            #expect(life.refused > 20)
        }
    }
}

/// A pool, its naive twin and the chain they follow.
struct PoolLife {
    struct Block {
        let transactions: [RecoveredTransaction]
        let before: [Address: MempoolAccount]
    }

    let senders = 8
    var random: DeterministicRandom
    var pool: Pool
    var naive: NaivePool
    var accounts: [Address: MempoolAccount] = [:]
    var chain: [Block] = []
    var now: UInt64 = 1000
    var admitted = 0
    var refused = 0
    private var fault: String?

    init(limits: MempoolLimits, seed: UInt64) {
        random = DeterministicRandom(seed: seed)
        pool = Pool(chainID: testChain, limits: limits, head: testHead)
        for number in 0..<senders { accounts[sender(number)] = MempoolAccount(balance: cost(1500)) }
        naive = NaivePool(limits: limits, head: testHead, accounts: accounts)
    }

    /// What is wrong now; nil if all is well.
    var difference: String? {
        if let fault { return fault }
        if let violation = pool.violations.first { return violation }
        for number in 0..<senders {
            let content = pool.content(of: sender(number))
            let pending = naive.pending(sender(number)).map(\.transaction)
            let queued = naive.queue(sender(number)).map(\.transaction).dropFirst(pending.count)
            if content.pending != pending || content.queued != Array(queued) { return "content of \(number)" }
        }
        for gasLimit in [200_000, 1_000_000] as [UInt64] {
            let best = pool.best(baseFee: pool.head.baseFee, gasLimit: gasLimit).map(\.hash)
            if best != naive.best(baseFee: pool.head.baseFee, gasLimit: gasLimit) { return "best" }
        }
        return nil
    }

    mutating func step() {
        now += UInt64(random.below(4))
        switch random.below(20) {
        case 0, 1: extend(by: 1, dropping: 0)
        case 2: extend(by: 1 + random.below(3), dropping: random.below(4))
        case 3: expire()
        case 4, 5: replaceSome()
        default: add(randomTransfer())
        }
    }

    private mutating func randomTransfer() -> RecoveredTransaction {
        let number = random.below(senders)
        let next = pool.nextNonce(sender(number)) ?? accounts[sender(number)]?.nonce ?? 0
        let shift = random.below(3) == 0 ? random.below(12) : 2
        return transfer(
            number, nonce: next + UInt64(shift) > 2 ? next + UInt64(shift) - 2 : 0,
            fee: UInt256(UInt64(30 + random.below(120))), tip: UInt256(UInt64(random.below(30))),
            gas: random.below(30) == 0 ? 1_000_001 : 21_000 + 16 * UInt64(random.below(400)),
            value: random.below(10) == 0 ? cost(UInt256(UInt64(random.below(2000)))) : 0,
            data: [UInt8](repeating: 1, count: random.below(3) == 0 ? random.below(200) : 0))
    }

    private mutating func add(_ transaction: RecoveredTransaction) {
        let got = Result { () throws(MempoolFault) in
            try pool.add(transaction, now: now) { [accounts] in accounts[$0] ?? MempoolAccount() }
        }
        let expected = Result { () throws(MempoolFault) in try naive.add(transaction, now: now) }
        switch (got, expected) {
        case (.success(let got), .success(let expected)):
            admitted += 1
            let same =
                got.replaced == expected.replaced && got.evicted == expected.evicted
                && Set(got.becamePending.map(\.hash)) == Set(expected.becamePending) && got.hash == transaction.hash
                && got.isPending == expected.becamePending.contains(transaction.hash)
            if !same { fault = "got \(got), expected \(expected)" }
        case (.failure(let got), .failure(let expected)):
            refused += 1
            if got != expected { fault = "got \(got), expected \(expected)" }
        default: fault = "got \(got), expected \(expected)"
        }
    }

    private mutating func replaceSome() {
        guard let old = naive.items.randomElement(using: &random)?.transaction.fields,
            let number = (0..<senders).first(where: { number in
                naive.queue(sender(number)).contains { $0.transaction.fields == old }
            })
        else { return }
        let percent = UInt256(UInt64(100 + random.below(70)))
        func raised(_ fee: UInt256) -> UInt256 { (fee &* percent).quotientAndRemainder(dividingBy: 100).quotient }
        add(
            transfer(
                number, nonce: old.nonce, fee: raised(old.maxFeePerGas), tip: raised(old.maxPriorityFeePerGas),
                gas: 60_000, data: [UInt8](repeating: 2, count: random.below(300))))
    }

    /// Drops blocks and adds others, and lets accounts gain and lose.
    private mutating func extend(by count: Int, dropping: Int) {
        var returned: [RecoveredTransaction] = []
        for _ in 0..<min(dropping, chain.count) {
            guard let block = chain.popLast() else { break }
            returned += block.transactions
            accounts = block.before
        }
        let mined = (0..<count).flatMap { _ in mine(returned) }
        let head = MempoolHead(
            gasLimit: random.below(8) == 0 ? 24_000 : 1_000_000, baseFee: UInt256(UInt64(30 + random.below(60))))
        let change = try? pool.headChanged(to: head, mined: mined, returned: returned, now: now) { [accounts] in
            accounts[$0] ?? MempoolAccount()
        }
        let expected = naive.headChanged(to: head, accounts: accounts, mined: mined, returned: returned, now: now)
        let got = change.map {
            NaiveChange(
                removed: $0.removed, becamePending: $0.becamePending.map(\.hash),
                refused: Dictionary($0.refused.map { ($0.hash, $0.fault) }) { first, _ in first })
        }
        if got != expected { fault = "head: got \(String(describing: got)), expected \(expected)" }
    }

    /// A block of some of the pool, of the abandoned branch, and of strangers.
    private mutating func mine(_ returned: [RecoveredTransaction]) -> [RecoveredTransaction] {
        let before = accounts
        let best = pool.best(baseFee: pool.head.baseFee, gasLimit: 1_000_000)
        var transactions: [RecoveredTransaction] = []
        let strangers = (0..<2).map { _ in randomTransfer() }
        let old = returned.filter { _ in random.below(2) == 0 }.sorted { $0.fields.nonce < $1.fields.nonce }
        for transaction in old + best.prefix(random.below(6)) + strangers {
            guard let account = accounts[transaction.sender], account.nonce == transaction.fields.nonce,
                let cost = transaction.fields.maxCost, cost <= account.balance
            else { continue }
            transactions.append(transaction)
            let half = cost >> 1
            accounts[transaction.sender] = MempoolAccount(nonce: account.nonce + 1, balance: account.balance &- half)
        }
        for (number, change) in (0..<2).map({ _ in (random.below(senders), random.below(2500)) }) {
            guard let account = accounts[sender(number)] else { continue }
            let gain = change < 400 ? UInt256.zero : account.balance
            accounts[sender(number)] = MempoolAccount(
                nonce: account.nonce, balance: min(gain, cost(1500)) &+ cost(UInt256(UInt64(change))))
        }
        chain.append(Block(transactions: transactions, before: before))
        return transactions
    }

    private mutating func expire() {
        now += UInt64(random.below(60))
        let got = pool.removeExpired(now: now).removed
        let expected = naive.removeExpired(now: now)
        if got != expected { fault = "expired: got \(got), expected \(expected)" }
    }
}
