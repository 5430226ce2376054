import PoAINode
import PoAIPrimitives
import Testing

@Suite struct HumanNumbersTests {
    @Test(arguments: [
        (0.0, "0.00"), (1.234, "1.23"), (12.34, "12.3"), (123.4, "123"), (1234.0, "1234"), (0.1234, "0.123"),
        (0.01234, "0.0123"), (1e-7, "0.000000100"), (.infinity, "∞"),
    ])
    func shortNumbersHaveThreeDigits(value: Double, text: String) {
        #expect(HumanNumbers.short(value) == text)
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (9.96, "10.0 s"), (10.0, "10 s"), (59.4, "59 s"), (61.0, "1 min 1 s"), (3700.0, "1 h 1 min"),
        (90_000.0, "1 d 1 h"), (.infinity, "∞"), (.nan, "∞"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(HumanNumbers.duration(seconds) == text)
    }

    @Test func fixedRoundsAndPads() {
        #expect(HumanNumbers.fixed(0.005, 2) == "0.01")
        #expect(HumanNumbers.fixed(-1.25, 1) == "-1.3")
        #expect(HumanNumbers.fixed(-0.001, 2) == "0.00")
        #expect(HumanNumbers.fixed(7, 0) == "7")
        #expect(HumanNumbers.nats(65536 + 32768) == "1.500")
    }

    @Test func fractionsOfTheHashSpace() {
        #expect(UInt256.max.fractionOfMax == 1)
        #expect((UInt256.one << 255).fractionOfMax == 0.5)
        #expect((UInt256.one << 192).fractionOfMax == 0x1p-64)
        #expect(UInt256.zero.fractionOfMax > 0)
    }

    @Test(
        arguments: [
            (0.0, "[░░░░]"), (0.24, "[░░░░]"), (0.25, "[█░░░]"), (0.999, "[███░]"), (1, "[████]"), (7, "[████]"),
            (-1, "[░░░░]"), (.nan, "[░░░░]"),
        ])
    func bars(share: Double, text: String) {
        #expect(HumanNumbers.bar(share, width: 4) == text)
    }
}
