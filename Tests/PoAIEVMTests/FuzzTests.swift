import Foundation
import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

/// Random bytes as code: the machine ends within its gas, whatever they are, and tracing changes nothing.
@Suite("Random code")
struct FuzzTests {
    static let rounds = ProcessInfo.processInfo.environment["POAI_FULL"] == "1" ? 40_000 : 4000

    /// Bytes that often do something: half of them from instructions that need few words.
    private func code(_ random: inout DeterministicRandom) -> [UInt8] {
        var code: [UInt8] = []
        for _ in 0..<(1 + random.below(120)) {
            switch random.below(8) {
            case 0, 1, 2: code += [0x60, UInt8(random.below(256))]
            case 3: code += [0x5f, 0x5f, 0x5f]
            case 4: code += [UInt8([0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa, 0x30, 0x5a][random.below(8)])]
            case 5: code += [0x61] + random.bytes(2)
            default: code.append(UInt8(random.below(256)))
            }
        }
        return code
    }

    @Test func anyCodeEnds() throws {
        var random = DeterministicRandom(seed: 7)
        for round in 0..<Self.rounds {
            var state = EVM.state(code(&random), balance: 100, storage: [0: 1])
            // Calls of small numbers find code too.
            for address in UInt64(0x20)..<0x28 {
                state.put(Address(truncating: UInt256(address)), nonce: 1, balance: 9, code: code(&random))
            }
            let fields = EVM.fields(
                gas: UInt64(22_000 + random.below(400_000)), value: UInt256(UInt64(random.below(3))),
                data: random.bytes(random.below(60)))
            try compare(state, fields, round)
        }
    }

    /// The same with the bytes as initcode.
    @Test func anyInitcodeEnds() throws {
        var random = DeterministicRandom(seed: 8)
        for round in 0..<(Self.rounds / 4) {
            let fields = EVM.fields(gas: UInt64(60_000 + random.below(200_000)), to: nil, data: code(&random))
            try compare(EVM.state([]), fields, round)
        }
    }

    private func compare(_ state: MemoryState, _ fields: TransactionFields, _ round: Int) throws {
        var plain = BlockExecutor(view: state, environment: EVM.environment)
        let result: TransactionResult
        do {
            result = try plain.execute(EVM.transaction(fields))
        } catch .transaction(.intrinsicGas) {
            return
        }
        #expect(result.gasUsed <= fields.gasLimit && result.gasUsed >= 21_000, "round \(round)")
        let diff = try plain.diff()
        #expect(total(state.applying(diff)) <= total(state), "wei from nothing in round \(round)")
        if case .halted = result.status { #expect(result.gasUsed == fields.gasLimit, "round \(round)") }

        var traced = BlockExecutor(view: state, environment: EVM.environment)
        var recorder = Recorder()
        #expect(try traced.execute(EVM.transaction(fields), tracer: &recorder) == result, "round \(round)")
        #expect(try traced.diff() == diff, "round \(round)")
    }

    private func total(_ state: MemoryState) -> UInt256 {
        state.accounts.values.reduce(.zero) { $0 &+ $1.balance }
    }

    /// Code that takes 128 KiB in each of hundreds of frames.
    @Test func memoryIsBoundedByGas() throws {
        let bomb = EVM.code(
            "push3 020000 mload pop push0 push0 push0 push0 push0 address gas call jumpdest push1 0e jump")
        var environment = EVM.environment
        environment.gasLimit = 100_000_000
        var executor = BlockExecutor(view: EVM.state(bomb), environment: environment)
        let before = residentBytes()
        let result = try executor.execute(EVM.transaction(EVM.fields(gas: 100_000_000)))
        #expect(result.status == .halted(.outOfGas))
        #expect(residentBytes() - before < 200 << 20)
    }

    /// Memory of this process, from the kernel; 0 where it does not tell.
    private func residentBytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}
