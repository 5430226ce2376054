import PoAIEVM
import PoAIStateTest
import Testing

@Suite("Speed loops")
struct SpeedLoopTests {
    /// Gas with the 21000 of a call; another machine (revm) counts the same.
    static let gas: [String: UInt64] = [
        "countdown": 104_021_006, "add/mul/xor": 78_021_006, "mload/mstore": 82_521_021, "Solidity LCG": 73_021_035,
        "warm SLOAD+SSTORE": 118_042_906, "keccak of 64 B": 31_221_012,
    ]

    @Test func thereIsALoopForEach() {
        #expect(Set(SpeedLoop.all.map(\.name)) == Set(Self.gas.keys))
    }

    @Test(arguments: SpeedLoop.all) func eachEndsWithItsGas(loop: SpeedLoop) throws {
        let measured = try SpeedMeasurement(loop, runs: 1)
        #expect(measured.status == .succeeded)
        #expect(measured.gasUsed == Self.gas[loop.name])
        #expect(measured.seconds > 0 && measured.megagasPerSecond > 0)
    }

    @Test func endlessCodeEndsWithItsGas() throws {
        let loop = SpeedLoop(name: "forever", code: [0x5b, 0x5f, 0x56], gas: 100_000)
        let measured = try SpeedMeasurement(loop, runs: 1)
        #expect(measured.status == .halted(.outOfGas))
        #expect(measured.gasUsed == 100_000)
    }

    @Test func tooLittleGasIsRefused() {
        let loop = SpeedLoop(name: "none", code: [0x00], gas: 20_999)
        #expect(throws: ExecutionFault<Never>.transaction(.intrinsicGas(got: 20_999, needed: 21_000))) {
            try SpeedMeasurement(loop, runs: 1)
        }
    }
}
