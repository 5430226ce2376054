import PoAIPrimitives
import PoAIWork
import Testing

@Suite struct NonceSearchTests {
    private func search(from nonce: UInt64) -> NonceSearch {
        NonceSearch(
            epochKey: Keccak256.hash([1]), sealHash: Keccak256.hash([2]), number: 7, target: .max, firstNonce: nonce)
    }

    @Test func noncesCountUpWithTheSeedsOfTheirHeaders() {
        var nonces = search(from: 41)
        let tries = nonces.take(3) + nonces.take(2)
        #expect(tries.map(\.nonce) == [41, 42, 43, 44, 45])
        for attempt in tries {
            let seed = Seal.quizSeed(
                epochKey: Keccak256.hash([1]), sealHash: Keccak256.hash([2]), number: 7, nonce: attempt.nonce)
            #expect(attempt.quizSeed == seed)
        }
        #expect(Set(tries.map(\.quizSeed)).count == 5)
    }

    @Test func noncesWrapAround() {
        var nonces = search(from: .max)
        #expect(nonces.take(2).map(\.nonce) == [.max, 0])
        #expect(nonces.take(0).isEmpty)
        #expect(nonces.take(-1).isEmpty)
        #expect(nonces.nextNonce == 1)
    }
}
