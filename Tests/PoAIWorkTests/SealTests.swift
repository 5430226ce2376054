import PoAIPrimitives
import PoAITypes
import PoAIWork
import Testing

@Suite("Seal")
struct SealTests {
    @Test("Quiz seed and ℓ̂ equal those of an independent implementation")
    func vectors() throws {
        for vector in SealVectors.all {
            let digest = try Hash32(hex: vector.traceDigest)
            let seed = Seal.quizSeed(
                epochKey: try Hash32(hex: vector.epochKey), sealHash: try Hash32(hex: vector.sealHash),
                number: vector.number, nonce: vector.nonce)
            #expect(seed.hex == vector.quizSeed)
            let lhat = Seal.lhat(quizSeed: seed, loss: vector.loss, traceDigest: digest)
            #expect(lhat.bigEndianHash.hex == vector.lhat)
            #expect(Seal(quizSeed: seed, loss: vector.loss, traceDigest: digest).lhat == lhat)
        }
    }

    @Test("A seal meets a target above its ℓ̂ and no other")
    func target() {
        let seal = Seal(quizSeed: .zero, loss: 5, traceDigest: Keccak256.hash([1]))
        #expect(!seal.meets(seal.lhat))
        #expect(!seal.meets(seal.lhat &- .one))
        #expect(seal.meets(seal.lhat &+ .one))
        #expect(!seal.meets(.zero))
    }

    @Test("The seal of a header depends on the epoch key, on the nonce and on what the block says")
    func header() throws {
        let key = Keccak256.hash([2])
        let header = BlockHeader(
            parentHash: Keccak256.hash([3]), miner: .zero, stateRoot: Keccak256.hash([4]), bits: 0x2100_ffff, number: 9,
            gasLimit: 1, timestamp: 2, mixHash: Keccak256.hash([5]), nonce: 6, baseFeePerGas: .one, loss: 7)
        let seal = Seal(header: header, epochKey: key)
        #expect(seal.loss == 7 && seal.traceDigest == header.mixHash)
        let seed = Seal.quizSeed(epochKey: key, sealHash: header.sealHash, number: 9, nonce: 6)
        #expect(seal.quizSeed == seed)
        var stolen = header
        stolen.miner = try #require(Address([UInt8](repeating: 1, count: 20)))
        var retried = header
        retried.nonce = 7
        #expect(Seal(header: stolen, epochKey: key).quizSeed != seed)
        #expect(Seal(header: retried, epochKey: key).quizSeed != seed)
        #expect(Seal(header: header, epochKey: .zero).quizSeed != seed)
        // The results are not part of the question, but of ℓ̂.
        var claimed = header
        claimed.loss = 8
        #expect(Seal(header: claimed, epochKey: key).quizSeed == seed)
        #expect(Seal(header: claimed, epochKey: key).lhat != seal.lhat)
        claimed = header
        claimed.mixHash = .zero
        #expect(Seal(header: claimed, epochKey: key).quizSeed == seed)
        #expect(Seal(header: claimed, epochKey: key).lhat != seal.lhat)
    }
}
