import PoAIPrimitives

extension Machine {
    @inline(never)
    func traceStep<T: EVMTracer>(_ frame: UnsafeMutablePointer<Frame>, _ tracer: inout T) {
        let r = frame.pointee.registers
        tracer.step(
            EVMStep(
                programCounter: r.ip - r.code, opcode: r.ip.pointee, gas: r.gas, depth: frames.count - 1,
                address: Address(truncating: frame.pointee.address),
                stack: UnsafeBufferPointer(start: r.bottom, count: r.count),
                memory: UnsafeRawBufferPointer(start: r.memory, count: r.memorySize),
                returnData: UnsafeRawBufferPointer(start: output.start, count: outputSize), refund: journal.refund))
    }

    func traceEnter<T: EVMTracer>(_ message: Message, depth: Int, _ tracer: inout T) {
        let input = UnsafeBufferPointer(start: memory.start + message.inputOffset, count: message.inputSize)
        // A delegate call keeps the caller, but it is the running contract that calls.
        let from = message.kind == .delegateCall ? message.target : message.caller
        tracer.enter(
            EVMCall(
                kind: message.kind, depth: depth, from: Address(truncating: from),
                to: Address(truncating: message.codeAddress), value: message.value, gas: message.gas,
                input: Array(input)))
    }

    /// Call it when the ended frame is gone.
    func traceExit<T: EVMTracer>(_ status: Status, used: Int64, _ tracer: inout T) {
        let output = UnsafeBufferPointer(start: output.start, count: outputSize)
        tracer.exit(
            EVMExit(status: ExecutionStatus(status), depth: frames.count, gasUsed: used, output: Array(output)))
    }

    /// Whether the instruction tells its cost itself: calls and creations, which also hand over gas.
    static func tracesItself(_ opcode: UInt8) -> Bool {
        switch opcode {
        case 0xf0, 0xf1, 0xf2, 0xf4, 0xf5, 0xfa: true
        default: false
        }
    }
}

extension ExecutionStatus {
    init(_ status: Status) {
        switch status {
        case .reverted: self = .reverted
        default: self = HaltReason(status).map { .halted($0) } ?? .succeeded
        }
    }
}
