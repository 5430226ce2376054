import PoAIEVM
import PoAIPrimitives
import PoAITypes
import Testing

/// Notes what it is told.
struct Recorder: EVMTracer {
    static var isActive: Bool { true }

    var lines: [String] = []
    /// Sum of the costs of instructions at depth 0, without what callees used.
    var cost: Int64 = 0
    var steps = 0

    mutating func step(_ step: EVMStep) {
        steps += 1
        let name = Opcode.named(step.opcode)?.name ?? "?"
        lines.append(
            "\(step.depth):\(step.programCounter) \(name) \(step.stack.count) \(step.memory.count) \(step.returnData.count)"
        )
    }

    mutating func cost(_ gas: Int64) { cost += gas }

    mutating func enter(_ call: EVMCall) {
        lines.append("enter \(call.depth) \(call.kind) \(call.input.count) bytes, \(call.value) wei")
    }

    mutating func exit(_ exit: EVMExit) {
        lines.append("exit \(exit.depth) \(exit.status) \(exit.gasUsed) gas, \(exit.output.count) bytes")
    }
}

@Suite("Tracing")
struct TracerTests {
    private func trace(_ code: String, callee: String = "", gas: UInt64 = 200_000) throws -> (
        Recorder, TransactionResult
    ) {
        var state = EVM.state(EVM.code(code), balance: 50)
        state.put(Address(truncating: 0x99), nonce: 1, code: EVM.code(callee))
        var executor = BlockExecutor(view: state, environment: EVM.environment)
        var recorder = Recorder()
        let result = try executor.execute(EVM.transaction(EVM.fields(gas: gas)), tracer: &recorder)
        return (recorder, result)
    }

    @Test func everyStepIsTold() throws {
        let (recorder, result) = try trace("push1 05 push0 mstore push1 20 push0 return")
        #expect(
            recorder.lines == [
                "enter 0 call 0 bytes, 0 wei", "0:0 PUSH1 0 0 0", "0:2 PUSH0 1 0 0", "0:3 MSTORE 2 0 0",
                "0:4 PUSH1 0 32 0", "0:6 PUSH0 1 32 0", "0:7 RETURN 2 32 0", "exit 0 succeeded 16 gas, 32 bytes",
            ])
        #expect(recorder.cost == 16 && result.gasUsed == 21_016)
    }

    @Test func callsAreTold() throws {
        let (recorder, _) = try trace(
            "push0 push0 push1 04 push0 push1 07 push1 99 push2 1000 call stop",
            callee: "push1 02 push1 01 revert")
        #expect(
            recorder.lines.suffix(8) == [
                "0:12 CALL 7 0 0", "enter 1 call 4 bytes, 7 wei", "1:0 PUSH1 0 0 0", "1:2 PUSH1 1 0 0",
                "1:4 REVERT 2 0 0", "exit 1 reverted 9 gas, 2 bytes", "0:13 STOP 1 32 2",
                // Of the 2300 gas that come with the wei, 9 are used.
                "exit 0 succeeded 9330 gas, 0 bytes",
            ])
        // With the gas handed over, as the instruction's cost is.
        #expect(recorder.cost == 9330 + 4096 + 2300)
    }

    @Test func callsWithoutCodeAreTold() throws {
        let (recorder, _) = try trace("push0 push0 push1 04 push0 push1 04 gas staticcall stop")
        #expect(recorder.lines.contains("enter 1 staticCall 4 bytes, 0 wei"))
        #expect(recorder.lines.contains("exit 1 succeeded 18 gas, 4 bytes"))
    }

    @Test func creationsAreTold() throws {
        // The initcode is one zero byte of memory: STOP.
        let (recorder, _) = try trace("push1 01 push0 push1 03 create stop")
        #expect(recorder.lines.contains("enter 1 create 1 bytes, 3 wei"))
        #expect(recorder.lines.contains("1:0 STOP 0 0 0"))
        #expect(recorder.lines.contains("exit 1 succeeded 0 gas, 0 bytes"))
    }

    @Test func haltsAreTold() throws {
        let (recorder, result) = try trace("push0 jump")
        #expect(recorder.lines.last == "exit 0 halted(invalid jump destination) 179000 gas, 0 bytes")
        #expect(result.gasUsed == 200_000)
    }

    @Test func anInvalidTransactionIsNotTold() throws {
        var executor = BlockExecutor(view: EVM.state([]), environment: EVM.environment)
        var recorder = Recorder()
        #expect(throws: ExecutionFault<MemoryState.Failed>.self) {
            try executor.execute(EVM.transaction(EVM.fields(nonce: 7)), tracer: &recorder)
        }
        #expect(recorder.lines.isEmpty)
    }
}
