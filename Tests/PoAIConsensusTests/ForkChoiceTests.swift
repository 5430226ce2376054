import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Fork choice")
struct ForkChoiceTests {
    @Test("Work equals floor(2^256 / (target + 1)) of an independent implementation")
    func works() {
        for (bits, work) in ConsensusVectors.works {
            #expect(ForkChoice.work(bits: bits).description == work)
        }
    }

    @Test("Borders: no target, the smallest, the largest, and bits that are no target")
    func borders() {
        #expect(ForkChoice.work(target: .zero) == .zero)
        #expect(ForkChoice.work(target: .one) == UInt256.one << 255)
        #expect(ForkChoice.work(target: .max) == .one)
        #expect(ForkChoice.work(target: .max &- .one) == .one)
        #expect(ForkChoice.work(target: (UInt256.one << 255) &- .one) == UInt256(2))
        for bits: UInt32 in [0, 0x0492_3456, 0xff12_3456] { #expect(ForkChoice.work(bits: bits) == .zero) }
    }

    @Test("Total work adds up and overflow is noticed")
    func total() {
        #expect(ForkChoice.totalWork(parentTotal: UInt256(2), bits: 0x2006_6666) == UInt256(42))
        #expect(ForkChoice.totalWork(parentTotal: .max, bits: 0x2006_6666) == nil)
        #expect(ForkChoice.totalWork(parentTotal: .max &- UInt256(40), bits: 0x2006_6666) == .max)
        #expect(ForkChoice.totalWork(parentTotal: .max &- UInt256(39), bits: 0x2006_6666) == nil)
    }

    @Test("More work wins; with equal work the first seen stays")
    func choice() {
        #expect(ForkChoice.prefers(candidate: UInt256(3), over: UInt256(2)))
        #expect(!ForkChoice.prefers(candidate: UInt256(2), over: UInt256(2)))
        #expect(!ForkChoice.prefers(candidate: UInt256(1), over: UInt256(2)))
        #expect(ForkChoice.prefers(candidate: UInt256.one << 64, over: UInt256(.max)))
    }
}
