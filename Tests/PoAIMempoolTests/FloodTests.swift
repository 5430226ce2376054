import PoAIMempool
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Ten thousand transactions")
struct FloodTests {
    private static let number = 10_000

    @Test("Of as many senders, of few, and of one, forwards and backwards, all are taken")
    func shapes() throws {
        let limits = MempoolLimits(perAccount: Self.number, nonceGap: UInt64(Self.number))
        for (senders, backwards) in [(Self.number, false), (100, false), (100, true), (1, false), (1, true)] {
            var pool = Pool(chainID: testChain, limits: limits, head: testHead)
            for index in 0..<Self.number {
                let place = backwards ? Self.number - 1 - index : index
                _ = try pool.add(flood(place % senders, nonce: UInt64(place / senders)), now: 0) { _ in rich }
            }
            #expect(pool.pendingCount == Self.number)
            #expect(pool.best(baseFee: 0, gasLimit: .max).count == Self.number)
            #expect(pool.violations == [])
        }
    }

    @Test("A full pool keeps the best of ten times as many")
    func full() throws {
        var pool = Pool(chainID: testChain, limits: MempoolLimits(count: 1000), head: testHead)
        var refused = 0
        for index in 0..<Self.number {
            let tip = UInt256(UInt64(index * 7919 % Self.number))
            do throws(MempoolFault) {
                _ = try pool.add(flood(index, nonce: 0, tip: tip), now: 0) { (_) throws(MempoolStateError) in rich }
            } catch {
                refused += 1
            }
        }
        #expect(pool.count == 1000)
        #expect(refused > 0)
        let tips = pool.best(baseFee: 50, gasLimit: .max).map(\.fields.maxPriorityFeePerGas)
        #expect(tips == (0..<1000).map { UInt256(UInt64(Self.number - 1 - $0)) })
        #expect(pool.violations == [])
    }

    private func flood(_ number: Int, nonce: UInt64, tip: UInt256 = 10) -> RecoveredTransaction {
        let fields = TransactionFields.dynamicFee(
            chainID: testChain, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: 100_000, gasLimit: 21_000,
            to: .zero)
        let word = UInt256(UInt64(number + 1))
        let signature = RecoverableSignature(r: word, s: 1, recoveryID: 0)
        return RecoveredTransaction(
            unverified: Transaction(fields: fields, signature: signature),
            sender: Address(lastBytesOf: word.bigEndianHash))
    }
}
