import PoAIPrimitives

// CALL and its kin, CREATE and CREATE2.
extension Machine {
    /// What a call with wei costs more, what it costs more where it makes an account, and the gas the callee gets for free.
    private static let valuePrice: Int64 = 9000
    private static let newAccountPrice: Int64 = 25_000
    private static let stipend: Int64 = 2300

    /// CALL, CALLCODE, DELEGATECALL and STATICCALL.
    mutating func call<T: EVMTracer>(
        _ kind: CallKind, _ frame: UnsafeMutablePointer<Frame>, _ tracer: inout T
    ) -> Status {
        let gasBefore = frame.pointee.registers.gas
        let hasValue = kind == .call || kind == .callCode
        guard let arguments = take(hasValue ? 7 : 6, frame) else { return .stackUnderflow }
        let value = hasValue ? arguments[4] : .zero
        if kind == .call, frame.pointee.isStatic, !value.isZero { return .staticViolation }
        guard let input = span(frame, arguments[3], arguments[2]), let result = span(frame, arguments[1], arguments[0])
        else { return .outOfGas }
        let callee = Self.address(arguments[hasValue ? 5 : 4])
        let account = journal.account(word: callee)
        var price: Int64 = warmOrCold(account)
        if !value.isZero {
            price &+= Self.valuePrice
            if kind == .call, journal.accounts[account].isEmpty { price &+= Self.newAccountPrice }
        }
        guard frame.pointee.registers.charge(price) else { return .outOfGas }
        let gas = handOver(frame, atMost: arguments[hasValue ? 6 : 5])
        if T.isActive { tracer.cost(gasBefore &- frame.pointee.registers.gas) }

        let message = message(
            kind, frame, callee: callee, value: value, gas: value.isZero ? gas : gas &+ Self.stipend, input, result)
        outputSize = 0
        let canPay = value.isZero || journal.accounts[frame.pointee.account].balance >= value
        guard canPay, frames.count <= Frame.depthLimit else {
            outcome = (.reverted, message.gas)
            resume(with: .zero)
            return .running
        }
        return begin(message, codeAccount: account, &tracer)
    }

    private mutating func warmOrCold(_ account: Int) -> Int64 {
        journal.warm(account: account) ? 2600 : 100
    }

    /// Takes gas from the frame for a callee: all but a 64th at most (EIP-150).
    private func handOver(_ frame: UnsafeMutablePointer<Frame>, atMost request: UInt256 = .max) -> Int64 {
        let left = frame.pointee.registers.gas
        let most = left &- left / 64
        let gas = Int64(truncatingIfNeeded: request.clamped(to: Int(truncatingIfNeeded: most)))
        frame.pointee.registers.gas &-= gas
        return gas
    }

    private func message(
        _ kind: CallKind, _ frame: UnsafeMutablePointer<Frame>, callee: UInt256, value: UInt256, gas: Int64,
        _ input: Span, _ result: Span
    ) -> Message {
        let isOwnStorage = kind == .callCode || kind == .delegateCall
        let own = frame.pointee.address
        return Message(
            kind: kind, caller: kind == .delegateCall ? frame.pointee.caller : own,
            target: isOwnStorage ? own : callee, codeAddress: callee,
            value: kind == .delegateCall ? frame.pointee.value : value, gas: gas,
            isStatic: frame.pointee.isStatic || kind == .staticCall,
            inputOffset: frame.pointee.memoryBase + input.offset, inputSize: input.size,
            outputOffset: result.offset, outputSize: result.size)
    }

    /// Begins a call: makes a frame, or has its outcome at once where there is no code to run.
    mutating func begin<T: EVMTracer>(_ message: Message, codeAccount: Int, _ tracer: inout T) -> Status {
        if T.isActive { traceEnter(message, depth: frames.count, &tracer) }
        let checkpoint = journal.checkpoint()
        let target = message.target == message.codeAddress ? codeAccount : journal.account(word: message.target)
        if message.kind == .call {
            let caller = journal.account(word: message.caller)
            _ = journal.subtract(message.value, from: caller)
            journal.add(message.value, to: target)
        } else {
            journal.touch(target)
        }
        let address = Address(truncating: message.codeAddress)
        if Precompiles.isPrecompile(address) {
            let (status, gas) = runPrecompile(address, message)
            return end(message, status, gas, checkpoint, &tracer)
        }
        let code = journal.code(of: codeAccount)
        if code.count == 0 { return end(message, .stopped, message.gas, checkpoint, &tracer) }
        push(message, code, account: target, checkpoint: checkpoint, isHeld: false)
        return .entered
    }

    private mutating func runPrecompile(_ address: Address, _ message: Message) -> (Status, Int64) {
        let input = UnsafeRawBufferPointer(start: memory.start + message.inputOffset, count: message.inputSize)
        switch Precompiles.run(address, input: input, gasLimit: message.gas) {
        case .success(let gasUsed, let result):
            outputSize = result.count
            output.reserve(outputSize, keeping: 0)
            result.withUnsafeBufferPointer { bytes in
                if let start = bytes.baseAddress { output.start.update(from: start, count: bytes.count) }
            }
            return (.returned, message.gas - gasUsed)
        case .failure:
            return (.precompileFailed, 0)
        }
    }

    /// A call that needed no frame has ended.
    private mutating func end<T: EVMTracer>(
        _ message: Message, _ status: Status, _ gas: Int64, _ checkpoint: Checkpoint, _ tracer: inout T
    ) -> Status {
        settle(status, gas, checkpoint: checkpoint)
        if T.isActive { traceExit(status, used: message.gas - outcome.gas, &tracer) }
        if frames.count > 0 {
            let hasSucceeded = status == .stopped || status == .returned
            resume(with: hasSucceeded ? .one : .zero, outputAt: message.outputOffset, atMost: message.outputSize)
        }
        return .running
    }

    /// Puts a frame on top of the current one.
    private mutating func push(
        _ message: Message, _ code: Code, account: Int, checkpoint: Checkpoint, isHeld: Bool
    ) {
        var bottom = words.bottom
        var memoryBase = message.inputOffset + message.inputSize
        if frames.count > 0 {
            let registers = frames.top.pointee.registers
            bottom = registers.sp
            memoryBase = frames.top.pointee.memoryBase + registers.memorySize
        }
        let registers = Registers(
            ip: UnsafePointer(code.bytes), sp: bottom, gas: message.gas, bottom: bottom,
            memory: memory.start + memoryBase, memorySize: 0, code: UnsafePointer(code.bytes), codeSize: code.count,
            destinations: code.analyze())
        frames.push(
            Frame(
                registers: registers, memoryBase: memoryBase, inputOffset: message.inputOffset,
                inputSize: message.kind.isCreation ? 0 : message.inputSize, account: account, address: message.target,
                caller: message.caller, value: message.value, isStatic: message.isStatic,
                isCreate: message.kind.isCreation, kind: message.kind, gasLimit: message.gas, checkpoint: checkpoint,
                outputOffset: message.outputOffset, outputSize: message.outputSize,
                initcode: isHeld ? Unmanaged.passRetained(code) : nil))
        outputSize = 0
    }

    // MARK: Creation

    /// CREATE and CREATE2 (EIP-1014).
    mutating func create<T: EVMTracer>(
        _ kind: CallKind, _ frame: UnsafeMutablePointer<Frame>, _ tracer: inout T
    ) -> Status {
        if frame.pointee.isStatic { return .staticViolation }
        let gasBefore = frame.pointee.registers.gas
        let count = kind == .create2 ? 4 : 3
        guard let arguments = take(count, frame) else { return .stackUnderflow }
        let value = arguments[count - 1]
        guard arguments[count - 3] <= Self.initcodeLimit else { return .codeTooLarge }
        guard let initcode = span(frame, arguments[count - 2], arguments[count - 3]) else { return .outOfGas }
        let perWord: Int64 = kind == .create2 ? 2 + 6 : 2
        guard frame.pointee.registers.charge(32_000 &+ perWord &* initcode.words) else { return .outOfGas }
        let gas = handOver(frame)
        if T.isActive { tracer.cost(gasBefore &- frame.pointee.registers.gas) }

        outputSize = 0
        let creator = journal.accounts[frame.pointee.account]
        guard creator.balance >= value, creator.nonce < .max, frames.count <= Frame.depthLimit else {
            outcome = (.reverted, gas)
            resume(with: .zero)
            return .running
        }
        journal.setNonce(creator.nonce + 1, of: frame.pointee.account)
        let address =
            kind == .create2
            ? ContractAddress.create2(creator.address, salt: arguments[0], initcode: bytes(frame, initcode))
            : ContractAddress.create(creator.address, nonce: creator.nonce)
        let message = Message(
            kind: kind, caller: frame.pointee.address, target: UInt256(address), codeAddress: UInt256(address),
            value: value, gas: gas, isStatic: false, inputOffset: frame.pointee.memoryBase + initcode.offset,
            inputSize: initcode.size, outputOffset: 0, outputSize: 0)
        return beginCreation(message, creator: frame.pointee.account, &tracer)
    }

    /// Most bytes of initcode (EIP-3860).
    private static let initcodeLimit: UInt256 = 49_152

    private func bytes(_ frame: UnsafeMutablePointer<Frame>, _ span: Span) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: frame.pointee.registers.memory + span.offset, count: span.size)
    }

    /// Begins a creation, whose initcode is the message's input. The creator's nonce has grown already.
    mutating func beginCreation<T: EVMTracer>(_ message: Message, creator: Int, _ tracer: inout T) -> Status {
        if T.isActive { traceEnter(message, depth: frames.count, &tracer) }
        let account = journal.account(word: message.target)
        _ = journal.warm(account: account)
        let checkpoint = journal.checkpoint()
        if journal.isTaken(account) { return end(message, .addressTaken, 0, checkpoint, &tracer) }
        journal.markCreated(account)
        journal.setNonce(1, of: account)
        _ = journal.subtract(message.value, from: creator)
        journal.add(message.value, to: account)
        let initcode = UnsafeRawBufferPointer(start: memory.start + message.inputOffset, count: message.inputSize)
        push(message, Code(initcode), account: account, checkpoint: checkpoint, isHeld: true)
        return .entered
    }
}
