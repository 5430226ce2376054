import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("A full pool")
struct EvictionTests {
    @Test("The cheapest goes, of equal ones the newest, and the new one is refused if it is that")
    func cheapest() throws {
        var bench = PoolBench(MempoolLimits(count: 3))
        try bench.add(transfer(0, nonce: 0, tip: 5))
        try bench.add(transfer(1, nonce: 0, tip: 5))
        try bench.add(transfer(2, nonce: 0, tip: 7))
        let fault = bench.fault(transfer(3, nonce: 0, tip: 5))
        #expect(fault == .underpriced(tip: 5, baseFee: 50))
        #expect(fault?.description.hasPrefix("transaction underpriced") == true)
        #expect(try bench.add(transfer(3, nonce: 0, tip: 6)).evicted == [transfer(1, nonce: 0, tip: 5).hash])
        #expect(try bench.add(transfer(4, nonce: 0, tip: 6)).evicted == [transfer(0, nonce: 0, tip: 5).hash])
        #expect(bench.fault(transfer(5, nonce: 0, tip: 6)) != nil)
    }

    @Test("What does not cover the base fee goes before every tip")
    func belowBaseFee() throws {
        var bench = PoolBench(MempoolLimits(count: 2))
        try bench.add(transfer(0, nonce: 0, fee: 49, tip: 49))
        try bench.add(transfer(1, nonce: 0, fee: 50, tip: 0))
        let fault = bench.fault(transfer(2, nonce: 0, fee: 48, tip: 48))
        #expect(fault == .underpriced(tip: nil, baseFee: 50))
        #expect(fault?.description.contains("below the base fee 50") == true)
        #expect(
            try bench.add(transfer(2, nonce: 0, fee: 51, tip: 1)).evicted == [
                transfer(0, nonce: 0, fee: 49, tip: 49).hash
            ])
        try bench.head(MempoolHead(gasLimit: testHead.gasLimit, baseFee: 51))
        #expect(
            try bench.add(transfer(3, nonce: 0, fee: 52, tip: 1)).evicted == [
                transfer(1, nonce: 0, fee: 50, tip: 0).hash
            ])
    }

    @Test("A sender is worth what the cheapest is that must come first; the highest nonce goes")
    func tail() throws {
        var bench = PoolBench(MempoolLimits(count: 4))
        try bench.add(transfer(0, nonce: 0, tip: 2))
        try bench.add(transfer(0, nonce: 1, tip: 50))
        try bench.add(transfer(0, nonce: 2, tip: 40))
        try bench.add(transfer(1, nonce: 0, tip: 3))
        #expect(bench.fault(transfer(2, nonce: 0, tip: 2)) != nil)
        #expect(try bench.add(transfer(2, nonce: 0, tip: 4)).evicted == [transfer(0, nonce: 2, tip: 40).hash])
        #expect(bench.nonces() == [[0, 1], []])
        // The own cheap one before it makes a generous one cheap.
        #expect(bench.fault(transfer(0, nonce: 2, tip: 50)) == .underpriced(tip: 50, baseFee: 50))
    }

    @Test("What cannot be executed goes first and displaces nothing that can")
    func queuedFirst() throws {
        var bench = PoolBench(MempoolLimits(count: 2))
        try bench.add(transfer(0, nonce: 0, tip: 1))
        try bench.add(transfer(1, nonce: 3, tip: 50))
        #expect(bench.fault(transfer(2, nonce: 1, tip: 50))?.description.hasPrefix("txpool is full") == true)
        try bench.add(transfer(2, nonce: 1, fee: 200, tip: 60))
        #expect(try bench.add(transfer(3, nonce: 0, tip: 0)).evicted == [transfer(2, nonce: 1, fee: 200, tip: 60).hash])
        #expect(bench.fault(transfer(4, nonce: 1, tip: 50)) == .full(count: 2, bytes: bench.pool.bytes))
    }

    @Test("A large one displaces several, or none if one of them is worth more")
    func bytes() throws {
        let small = transfer(nonce: 0).transaction.encoded().count
        var bench = PoolBench(MempoolLimits(bytes: 4 * small))
        for number in 0..<4 { try bench.add(transfer(number, nonce: 0, tip: UInt256(UInt64(number + 1)))) }
        let data = [UInt8](repeating: 1, count: 2 * small - 10)
        #expect(bench.fault(transfer(8, nonce: 0, tip: 3, gas: 100_000, data: data)) != nil)
        let admission = try bench.add(transfer(8, nonce: 0, tip: 4, gas: 100_000, data: data))
        #expect(admission.evicted == (0..<3).map { transfer($0, nonce: 0, tip: UInt256(UInt64($0 + 1))).hash })
        #expect(bench.pool.count == 2)
        #expect(bench.fault(transfer(9, nonce: 0, tip: 90, gas: 900_000, data: data + data + data)) != nil)
        #expect(bench.pool.count == 2)
    }

    @Test("The own later ones may go for an earlier one, the earlier ones never for a later one")
    func own() throws {
        var bench = PoolBench(MempoolLimits(count: 3))
        for nonce in [1, 2, 3] as [UInt64] { try bench.add(transfer(nonce: nonce)) }
        #expect(try bench.add(transfer(nonce: 0)).evicted == [transfer(nonce: 3).hash])
        #expect(bench.nonces() == [[0, 1, 2], []])
        #expect(bench.fault(transfer(nonce: 3, fee: 1000, tip: 900)) != nil)
    }

    @Test("A larger replacement makes room for itself")
    func largerReplacement() throws {
        let small = transfer(nonce: 0).transaction.encoded().count
        var bench = PoolBench(MempoolLimits(bytes: 3 * small))
        for number in 0..<3 { try bench.add(transfer(number, nonce: 0)) }
        let data = [UInt8](repeating: 1, count: small)
        let admission = try bench.add(transfer(0, nonce: 0, fee: 200, tip: 20, gas: 100_000, data: data))
        #expect(admission.evicted == [2, 1].map { transfer($0, nonce: 0).hash })
        #expect(bench.pool.count == 1)
    }
}
