import PoAIPrimitives
import PoAIWork
import Testing

/// docs/spec/quiz.md, section 2; the expected numbers are those of quiz_reference.py.
@Suite struct QuizStreamTests {
    let ascending = Hash32(0..<32 as Range<UInt8>)

    @Test func wordsAreThoseOfTheReference() throws {
        var stream = QuizStream(seed: .zero, subSeed: 0)
        let words = (0..<6).map { _ in stream.word() }
        #expect(
            words == [
                0x2102_2e2c_372f_982f, 0x1acf_766f_5a23_c0ca, 0x491a_b9a8_fb69_57c2, 0x2400_158d_594a_fbed,
                0x2703_0e1c_67c6_a237, 0x4084_a253_e0ce_2f9c,
            ])
        var other = QuizStream(seed: try #require(ascending), subSeed: 7)
        #expect(
            (0..<3).map { _ in other.word() } == [0x5769_875d_62be_2561, 0xeda3_3254_f4e4_079d, 0xde98_a794_b607_70c8])
    }

    @Test func seedSubSeedAndCounterAllMatter() {
        var flipped = QuizStream(seed: Hash32(Array(repeating: 0, count: 31) + [1]) ?? .zero, subSeed: 0)
        var next = QuizStream(seed: .zero, subSeed: 1)
        var first = QuizStream(seed: .zero, subSeed: 0)
        let words = (0..<4096).map { _ in first.word() }
        #expect(Set(words).count == words.count)
        #expect(flipped.word() != words[0])
        #expect(next.word() != words[0])
    }

    /// Of 2^64 words, those from 2^63 + 1 on must be refused for n = 2^63 + 1; the second and third word of this
    /// stream are among them.
    @Test func wordsBeyondTheLastFullMultipleAreRefused() throws {
        var stream = QuizStream(seed: try #require(ascending), subSeed: 7)
        var words = QuizStream(seed: try #require(ascending), subSeed: 7)
        let n = (1 as UInt64) << 63 + 1
        let accepted = (0..<64).map { _ in words.word() }.filter { $0 < n }
        #expect(accepted.count < 64)
        #expect(accepted.map { _ in stream.below(n) } == accepted)
    }

    @Test func belowOneUsesAWord() {
        var stream = QuizStream(seed: .zero, subSeed: 0)
        #expect(stream.below(1) == 0)
        #expect(stream.word() == 0x1acf_766f_5a23_c0ca)
    }

    @Test func betweenReachesBothEnds() {
        var stream = QuizStream(seed: .zero, subSeed: 0)
        let drawn = Set((0..<500).map { _ in stream.between(7...12) })
        #expect(drawn == [7, 8, 9, 10, 11, 12])
    }

    @Test func chooseIsThatOfTheReference() {
        var stream = QuizStream(seed: .zero, subSeed: 3)
        #expect(stream.choose(10, of: 10) == [7, 6, 9, 0, 5, 3, 2, 1, 4, 8])
        #expect(stream.choose(3, of: 1000) == [757, 930, 344])
        #expect(stream.choose(4, of: 5) == [0, 1, 4, 2])
    }
}
