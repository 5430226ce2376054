import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("What the pool takes")
struct AdmissionTests {
    @Test("Nonces without gap are pending, others wait, and a missing one makes them pending")
    func gaps() throws {
        var bench = PoolBench()
        #expect(try bench.add(transfer(nonce: 0)).isPending)
        #expect(try !bench.add(transfer(nonce: 2)).isPending)
        #expect(try !bench.add(transfer(nonce: 3)).isPending)
        #expect(bench.nonces() == [[0], [2, 3]])
        #expect(bench.pool.nextNonce(sender(0)) == 1)
        let filled = try bench.add(transfer(nonce: 1))
        #expect(filled.becamePending.map(\.fields.nonce) == [1, 2, 3])
        #expect(bench.nonces() == [[0, 1, 2, 3], []])
        #expect(bench.pool.nextNonce(sender(0)) == 4)
        #expect(bench.pool.nextNonce(sender(1)) == nil)
    }

    @Test("A transaction comes once")
    func known() throws {
        var bench = PoolBench()
        let transaction = transfer(nonce: 0)
        try bench.add(transaction)
        #expect(bench.fault(transaction) == .alreadyKnown(transaction.hash))
        #expect("\(MempoolFault.alreadyKnown(.zero))".hasPrefix("already known"))
    }

    @Test("Size: the last allowed byte and the first one too many")
    func size() throws {
        var limits = MempoolLimits()
        limits.transactionBytes = transfer(nonce: 0, gas: 100_000, data: [1, 2, 3]).transaction.encoded().count
        var bench = PoolBench(limits)
        try bench.add(transfer(nonce: 0, gas: 100_000, data: [1, 2, 3]))
        let long = transfer(nonce: 1, gas: 100_000, data: [1, 2, 3, 4])
        #expect(bench.fault(long) == .oversized(got: limits.transactionBytes + 1, limit: limits.transactionBytes))
        let huge = transfer(nonce: 1, data: [UInt8](repeating: 0, count: 1 << 20))
        #expect(bench.fault(huge) == .oversized(got: 1 << 20, limit: limits.transactionBytes))
        #expect("\(MempoolFault.oversized(got: 2, limit: 1))".hasPrefix("oversized data"))
    }

    @Test("Rules that need no state, in geth's words")
    func rules() throws {
        var bench = PoolBench()
        #expect(bench.fault(transfer(nonce: 0, tip: nil, chainID: nil)) == .notReplayProtected(chainID: testChain))
        let cases: [(RecoveredTransaction, TransactionFault, String)] = [
            (transfer(nonce: 0, chainID: 5), .chainID(got: 5, expected: testChain), "invalid chain id for signer"),
            (transfer(nonce: .max), .nonceTooHigh, "nonce has max value"),
            (
                transfer(nonce: 0, fee: 9, tip: 10), .priorityFeeAboveMaxFee(priority: 10, maximum: 9),
                "max priority fee per gas higher than max fee per gas"
            ),
            (
                transfer(nonce: 0, gas: 20_999), .intrinsicGas(got: 20_999, needed: 21_000), "intrinsic gas too low"
            ),
            (
                transfer(nonce: 0, fee: .max), .feeOverflow(gasLimit: 21_000, price: .max),
                "insufficient funds for gas * price + value"
            ),
        ]
        for (transaction, fault, words) in cases {
            let got = bench.fault(transaction)
            #expect(got == .invalid(fault))
            #expect("\(got.map { "\($0)" } ?? "")".hasPrefix(words))
        }
        #expect("\(MempoolFault.invalid(.initcodeTooLong(got: 2, limit: 1)))".hasPrefix("max initcode size exceeded"))
    }

    @Test("A gas limit above that of the block")
    func gasLimit() throws {
        var bench = PoolBench()
        try bench.add(transfer(nonce: 0, gas: testHead.gasLimit))
        let fault = bench.fault(transfer(nonce: 1, gas: testHead.gasLimit + 1))
        #expect(fault == .gasLimit(got: testHead.gasLimit + 1, limit: testHead.gasLimit))
        #expect(fault?.description.hasPrefix("exceeds block gas limit") == true)
    }

    @Test("A tip below the node's minimum")
    func minimumTip() throws {
        var bench = PoolBench(MempoolLimits(minimumTip: 5))
        try bench.add(transfer(nonce: 0, tip: 5))
        let fault = bench.fault(transfer(nonce: 1, tip: 4))
        #expect(fault == .tipTooLow(got: 4, minimum: 5))
        #expect(fault?.description == "transaction underpriced: gas tip cap 4, minimum needed 5")
        #expect(bench.fault(transfer(nonce: 1, fee: 4, tip: nil)) == .tipTooLow(got: 4, minimum: 5))
    }

    @Test("Nonces below the account's, and too far above")
    func nonces() throws {
        var bench = PoolBench(MempoolLimits(nonceGap: 3))
        bench.accounts[sender(0)] = MempoolAccount(nonce: 5, balance: rich.balance)
        let low = bench.fault(transfer(nonce: 4))
        #expect(low == .nonceTooLow(got: 4, next: 5))
        #expect(low?.description == "nonce too low: next nonce 5, tx nonce 4")
        let high = bench.fault(transfer(nonce: 9))
        #expect(high == .nonceTooHigh(got: 9, next: 5, maximum: 8))
        #expect(high?.description.hasPrefix("nonce too high") == true)
        try bench.add(transfer(nonce: 8))
        try bench.add(transfer(nonce: 5))
        try bench.add(transfer(nonce: 9))
        #expect(bench.nonces() == [[5], [8, 9]])
        bench.accounts[sender(1)] = MempoolAccount(nonce: .max - 1, balance: rich.balance)
        try bench.add(transfer(1, nonce: .max - 1))
        #expect(bench.pool.nextNonce(sender(1)) == .max)
        #expect(bench.fault(transfer(1, nonce: .max)) == .invalid(.nonceTooHigh))
    }

    @Test("The balance covers all pending ones of the sender together")
    func funds() throws {
        var bench = PoolBench()
        bench.usual = MempoolAccount(balance: cost(100) &+ cost(100) &+ 6)
        try bench.add(transfer(nonce: 0, value: 3))
        try bench.add(transfer(nonce: 1, value: 3))
        let fault = bench.fault(transfer(nonce: 2))
        #expect(
            fault
                == .insufficientFunds(
                    balance: bench.usual.balance, pending: bench.usual.balance, cost: cost(100)))
        #expect(fault?.description.hasPrefix("insufficient funds for gas * price + value: balance 4200006") == true)
        // One that waits is not paid yet, but must be payable alone; it becomes pending when there is money.
        try bench.add(transfer(nonce: 3))
        #expect(bench.fault(transfer(nonce: 5, value: bench.usual.balance))?.description.contains("queued") == false)
        #expect(
            bench.fault(transfer(nonce: 2, value: .max))
                == .insufficientFunds(balance: bench.usual.balance, pending: bench.usual.balance, cost: nil))
        bench.usual = MempoolAccount(balance: cost(100) &* 4)
        try bench.head()
        try bench.add(transfer(nonce: 2, fee: 99, value: 1))
        #expect(bench.nonces() == [[0, 1, 2, 3], []])
    }

    @Test("A waiting one for which there is no money stays where it is")
    func fundsOfPromoted() throws {
        var bench = PoolBench()
        bench.usual = MempoolAccount(balance: cost(100) &+ cost(50))
        try bench.add(transfer(nonce: 1))
        try bench.add(transfer(nonce: 2, fee: 50))
        try bench.add(transfer(nonce: 0))
        #expect(bench.nonces() == [[0], [1, 2]])
        #expect(bench.pool.nextNonce(sender(0)) == 1)
    }

    @Test("A replacement pays a tenth more of both fees")
    func replacement() throws {
        var bench = PoolBench()
        let old = transfer(nonce: 0, fee: 1000, tip: 100)
        try bench.add(old)
        try bench.add(transfer(nonce: 1))
        for (fee, tip) in [(1099, 110), (1100, 109), (5000, 100), (1000, 500)] as [(UInt256, UInt256)] {
            let fault = bench.fault(transfer(nonce: 0, fee: fee, tip: tip))
            #expect(
                fault == .replacementUnderpriced(maxFee: fee, neededMaxFee: 1100, tip: tip, neededTip: 110))
            #expect(fault?.description.hasPrefix("replacement transaction underpriced") == true)
        }
        let new = try bench.add(transfer(nonce: 0, fee: 1100, tip: 110))
        #expect(new.replaced == old.hash)
        #expect(new.becamePending.map(\.hash) == [new.hash])
        #expect(bench.pool.transaction(old.hash) == nil)
        #expect(bench.nonces() == [[0, 1], []])
    }

    @Test("A replacement of a tiny fee pays at least a wei more, of the greatest nothing replaces")
    func replacementOfTiny() throws {
        var bench = PoolBench(head: MempoolHead(gasLimit: 1_000_000, baseFee: 0))
        try bench.add(transfer(nonce: 0, fee: 0, tip: 0))
        #expect(
            bench.fault(transfer(nonce: 0, fee: 1, tip: 0))
                == .replacementUnderpriced(maxFee: 1, neededMaxFee: 1, tip: 0, neededTip: 1))
        try bench.add(transfer(nonce: 0, fee: 1, tip: 1))
        try bench.add(transfer(nonce: 0, fee: 2, tip: 2))
        var strict = PoolBench(MempoolLimits(priceBump: .max))
        try strict.add(transfer(nonce: 0))
        #expect(strict.fault(transfer(nonce: 0, fee: 10_000, tip: 9000)) != nil)
    }

    @Test("A replacement is paid with the others, and one that saves money lets more be pending")
    func replacementFunds() throws {
        var bench = PoolBench()
        bench.usual = MempoolAccount(balance: cost(100) &* 3)
        try bench.add(transfer(nonce: 0, value: cost(100)))
        try bench.add(transfer(nonce: 1))
        try bench.add(transfer(nonce: 3))
        #expect(
            bench.fault(transfer(nonce: 0, fee: 110, tip: 11, value: cost(100)))
                == .insufficientFunds(
                    balance: bench.usual.balance, pending: cost(100), cost: cost(110, value: cost(100))))
        bench.usual = MempoolAccount(balance: cost(100) &* 3 &+ 1)
        try bench.head()
        #expect(bench.fault(transfer(nonce: 2)) != nil)
        let cheaper = try bench.add(transfer(nonce: 0, fee: 110, tip: 11))
        #expect(cheaper.becamePending.map(\.fields.nonce) == [0])
        #expect(bench.nonces() == [[0, 1], [3]])
    }

    @Test("A replacement that saves money promotes one that had to wait for it")
    func replacementPromotes() throws {
        var bench = PoolBench()
        bench.usual = MempoolAccount(balance: cost(310))
        try bench.add(transfer(nonce: 0, value: cost(100)))
        try bench.add(transfer(nonce: 2))
        try bench.add(transfer(nonce: 1))
        #expect(bench.nonces() == [[0, 1], [2]])
        #expect(try bench.add(transfer(nonce: 0, fee: 110, tip: 11)).becamePending.map(\.fields.nonce) == [0, 2])
        #expect(bench.nonces() == [[0, 1, 2], []])
    }

    @Test("So many of one sender; a lower nonce displaces the highest one that waits")
    func perAccount() throws {
        var bench = PoolBench(MempoolLimits(perAccount: 3))
        for nonce in [0, 2, 3] as [UInt64] { try bench.add(transfer(nonce: nonce)) }
        let fault = bench.fault(transfer(nonce: 4))
        #expect(fault == .accountLimit(limit: 3))
        #expect(fault?.description.hasPrefix("account limit exceeded") == true)
        let admission = try bench.add(transfer(nonce: 1))
        #expect(admission.evicted == [transfer(nonce: 3).hash])
        #expect(bench.nonces() == [[0, 1, 2], []])
        try bench.add(transfer(nonce: 1, fee: 200, tip: 20))
        try bench.add(transfer(1, nonce: 0))
    }

    @Test("Limits of zero and below take nothing")
    func zeroLimits() {
        for limits in [
            MempoolLimits(count: 0), MempoolLimits(count: .min), MempoolLimits(bytes: 0), MempoolLimits(bytes: .min),
            MempoolLimits(perAccount: 0), MempoolLimits(perAccount: .min), MempoolLimits(transactionBytes: 0),
        ] {
            var bench = PoolBench(limits)
            #expect(bench.fault(transfer(nonce: 0)) != nil)
        }
    }

    @Test("A state that cannot be read refuses")
    func state() {
        var pool = PoolBench().pool
        let error = MempoolStateError(detail: "disk")
        let result = Result { () throws(MempoolFault) in
            try pool.add(transfer(nonce: 0), now: 0) { (_) throws(MempoolStateError) in throw error }
        }
        #expect(result == .failure(.state(error)))
        #expect("\(MempoolFault.state(error))" == "mempool: the state cannot be read: disk")
    }
}
