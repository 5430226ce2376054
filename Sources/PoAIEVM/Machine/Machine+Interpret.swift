import PoAIPrimitives

extension Machine {
    /// Runs the frame until it ends or makes another one.
    ///
    /// The registers are a local value, so that the processor keeps them; instructions that need more than the stack work
    /// on the copy in the frame.
    mutating func interpret<T: EVMTracer>(_ frame: UnsafeMutablePointer<Frame>, _ tracer: inout T) -> Status {
        var r = frame.pointee.registers
        var status = Status.running
        repeat {
            let opcode = r.ip.pointee
            let gasBefore = r.gas
            if T.isActive {
                frame.pointee.registers = r
                traceStep(frame, &tracer)
            }
            r.ip += 1
            switch Opcode(opcode) {
            case .stop: status = .stopped
            case .add: status = r.binary(3, Word.add)
            case .mul: status = r.binary(5, Word.multiply)
            case .sub: status = r.binary(3, Word.subtract)
            case .div: status = r.binary(5, Word.divide)
            case .sdiv: status = r.binary(5, Word.divideSigned)
            case .mod: status = r.binary(5, Word.remainder)
            case .smod: status = r.binary(5, Word.remainderSigned)
            case .addmod: status = r.ternary(8, Word.addModulo)
            case .mulmod: status = r.ternary(8, Word.multiplyModulo)
            case .exp: status = Self.onFrame(frame, &r) { exponentiate($0) }
            case .signextend: status = r.binary(5, Word.extendSign)

            case .lt: status = r.binary(3, Word.isLess)
            case .gt: status = r.binary(3, Word.isGreater)
            case .slt: status = r.binary(3, Word.isLessSigned)
            case .sgt: status = r.binary(3, Word.isGreaterSigned)
            case .eq: status = r.binary(3, Word.isEqual)
            case .iszero: status = r.unary(3, Word.isZero)
            case .and: status = r.binary(3, Word.and)
            case .or: status = r.binary(3, Word.or)
            case .xor: status = r.binary(3, Word.xor)
            case .not: status = r.unary(3, Word.not)
            case .byte: status = r.binary(3, Word.byte)
            case .shl: status = r.binary(3, Word.shiftLeft)
            case .shr: status = r.binary(3, Word.shiftRight)
            case .sar: status = r.binary(3, Word.shiftRightSigned)
            case .keccak256: status = Self.onFrame(frame, &r) { keccak($0) }

            case .address: status = r.push(2, frame.pointee.address)
            case .balance: status = Self.onFrame(frame, &r) { balance($0) }
            case .origin: status = r.push(2, origin)
            case .caller: status = r.push(2, frame.pointee.caller)
            case .callvalue: status = r.push(2, frame.pointee.value)
            case .calldataload: status = r.unary(3) { callData(frame, at: $0) }
            case .calldatasize: status = r.push(2, number: frame.pointee.inputSize)
            case .calldatacopy: status = Self.onFrame(frame, &r) { copyCallData($0) }
            case .codesize: status = r.push(2, number: r.codeSize)
            case .codecopy: status = Self.onFrame(frame, &r) { copyCode($0) }
            case .gasprice: status = r.push(2, gasPrice)
            case .extcodesize: status = Self.onFrame(frame, &r) { externalCodeSize($0) }
            case .extcodecopy: status = Self.onFrame(frame, &r) { copyExternalCode($0) }
            case .returndatasize: status = r.push(2, number: outputSize)
            case .returndatacopy: status = Self.onFrame(frame, &r) { copyReturnData($0) }
            case .extcodehash: status = Self.onFrame(frame, &r) { externalCodeHash($0) }

            case .blockhash: status = r.unary(20) { blockHash($0) }
            case .coinbase: status = r.push(2, UInt256(environment.miner))
            case .timestamp: status = r.push(2, UInt256(environment.timestamp))
            case .number: status = r.push(2, UInt256(environment.number))
            case .prevrandao: status = r.push(2, UInt256(bigEndian: environment.prevRandao))
            case .gaslimit: status = r.push(2, UInt256(environment.gasLimit))
            case .chainid: status = r.push(2, UInt256(environment.chainID))
            case .selfbalance: status = r.push(5, journal.accounts[frame.pointee.account].balance)
            case .basefee: status = r.push(2, baseFee)
            // There are no blobs: no transaction has a hash of one, and the price stays at its minimum.
            case .blobhash: status = r.unary(3) { _ in .zero }
            case .blobbasefee: status = r.push(2, .one)

            case .pop: status = r.pop()
            case .mload: status = loadWord(frame, &r)
            case .mstore: status = storeWord(frame, &r)
            case .mstore8: status = storeByte(frame, &r)
            case .sload: status = Self.onFrame(frame, &r) { loadStorage($0) }
            case .sstore: status = Self.onFrame(frame, &r) { store($0) }
            case .jump: status = r.jump()
            case .jumpi: status = r.jumpIf()
            case .pc: status = r.push(2, number: r.ip - r.code - 1)
            case .msize: status = r.push(2, number: r.memorySize)
            case .gas: status = r.pushGas()
            case .jumpdest: status = r.charge(1) ? .running : .outOfGas
            case .tload: status = r.unary(100) { journal.transient($0, of: frame.pointee.account) }
            case .tstore: status = Self.onFrame(frame, &r) { storeTransient($0) }
            case .mcopy: status = Self.onFrame(frame, &r) { copyMemory($0) }
            case .push0: status = r.push(2, .zero)

            case .push1: status = r.pushData(1)
            case .push2: status = r.pushData(2)
            case .push3: status = r.pushData(3)
            case .push4: status = r.pushData(4)
            case .push5: status = r.pushData(5)
            case .push6: status = r.pushData(6)
            case .push7: status = r.pushData(7)
            case .push8: status = r.pushData(8)
            case .push9: status = r.pushData(9)
            case .push10: status = r.pushData(10)
            case .push11: status = r.pushData(11)
            case .push12: status = r.pushData(12)
            case .push13: status = r.pushData(13)
            case .push14: status = r.pushData(14)
            case .push15: status = r.pushData(15)
            case .push16: status = r.pushData(16)
            case .push17: status = r.pushData(17)
            case .push18: status = r.pushData(18)
            case .push19: status = r.pushData(19)
            case .push20: status = r.pushData(20)
            case .push21: status = r.pushData(21)
            case .push22: status = r.pushData(22)
            case .push23: status = r.pushData(23)
            case .push24: status = r.pushData(24)
            case .push25: status = r.pushData(25)
            case .push26: status = r.pushData(26)
            case .push27: status = r.pushData(27)
            case .push28: status = r.pushData(28)
            case .push29: status = r.pushData(29)
            case .push30: status = r.pushData(30)
            case .push31: status = r.pushData(31)
            case .push32: status = r.pushData(32)

            case .dup1: status = r.duplicate(1)
            case .dup2: status = r.duplicate(2)
            case .dup3: status = r.duplicate(3)
            case .dup4: status = r.duplicate(4)
            case .dup5: status = r.duplicate(5)
            case .dup6: status = r.duplicate(6)
            case .dup7: status = r.duplicate(7)
            case .dup8: status = r.duplicate(8)
            case .dup9: status = r.duplicate(9)
            case .dup10: status = r.duplicate(10)
            case .dup11: status = r.duplicate(11)
            case .dup12: status = r.duplicate(12)
            case .dup13: status = r.duplicate(13)
            case .dup14: status = r.duplicate(14)
            case .dup15: status = r.duplicate(15)
            case .dup16: status = r.duplicate(16)

            case .swap1: status = r.swap(1)
            case .swap2: status = r.swap(2)
            case .swap3: status = r.swap(3)
            case .swap4: status = r.swap(4)
            case .swap5: status = r.swap(5)
            case .swap6: status = r.swap(6)
            case .swap7: status = r.swap(7)
            case .swap8: status = r.swap(8)
            case .swap9: status = r.swap(9)
            case .swap10: status = r.swap(10)
            case .swap11: status = r.swap(11)
            case .swap12: status = r.swap(12)
            case .swap13: status = r.swap(13)
            case .swap14: status = r.swap(14)
            case .swap15: status = r.swap(15)
            case .swap16: status = r.swap(16)

            case .log0: status = Self.onFrame(frame, &r) { log($0, topics: 0) }
            case .log1: status = Self.onFrame(frame, &r) { log($0, topics: 1) }
            case .log2: status = Self.onFrame(frame, &r) { log($0, topics: 2) }
            case .log3: status = Self.onFrame(frame, &r) { log($0, topics: 3) }
            case .log4: status = Self.onFrame(frame, &r) { log($0, topics: 4) }

            case .create: status = Self.onFrame(frame, &r) { create(.create, $0, &tracer) }
            case .call: status = Self.onFrame(frame, &r) { call(.call, $0, &tracer) }
            case .callcode: status = Self.onFrame(frame, &r) { call(.callCode, $0, &tracer) }
            case .`return`: status = Self.onFrame(frame, &r) { end(.returned, $0) }
            case .delegatecall: status = Self.onFrame(frame, &r) { call(.delegateCall, $0, &tracer) }
            case .create2: status = Self.onFrame(frame, &r) { create(.create2, $0, &tracer) }
            case .staticcall: status = Self.onFrame(frame, &r) { call(.staticCall, $0, &tracer) }
            case .revert: status = Self.onFrame(frame, &r) { end(.reverted, $0) }
            case .selfdestruct: status = Self.onFrame(frame, &r) { selfDestruct($0) }
            default: status = .invalidOpcode
            }
            if T.isActive, !Self.tracesItself(opcode), status.rawValue <= Status.reverted.rawValue {
                tracer.cost(gasBefore &- r.gas)
            }
        } while status.isRunning
        frame.pointee.registers = r
        return status
    }

    /// Calls `body` with the registers in the frame, and takes back what it may change. The frame's memory is never behind.
    @inline(__always)
    private static func onFrame(
        _ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers,
        _ body: (UnsafeMutablePointer<Frame>) -> Status
    ) -> Status {
        frame.pointee.registers.ip = r.ip
        frame.pointee.registers.sp = r.sp
        frame.pointee.registers.gas = r.gas
        let status = body(frame)
        r.sp = frame.pointee.registers.sp
        r.gas = frame.pointee.registers.gas
        r.memory = frame.pointee.registers.memory
        r.memorySize = frame.pointee.registers.memorySize
        return status
    }

    // MARK: Memory

    /// Makes sure that the frame has `size` bytes of memory from the word at `offset` on.
    /// - Returns: the offset; nil if there is too little gas.
    @inline(__always)
    private mutating func reach(
        _ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers, _ offset: UInt256, _ size: Int
    ) -> Int? {
        guard let small = offset.asUInt64, small < UInt64(Self.memoryLimit) else { return nil }
        let place = Int(truncatingIfNeeded: small)
        if place &+ size > r.memorySize {
            frame.pointee.registers.gas = r.gas
            let hasGas = grow(frame, to: place &+ size)
            r.gas = frame.pointee.registers.gas
            r.memory = frame.pointee.registers.memory
            r.memorySize = frame.pointee.registers.memorySize
            guard hasGas else { return nil }
        }
        return place
    }

    @inline(__always)
    private mutating func loadWord(_ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers) -> Status {
        guard r.charge(3) else { return .outOfGas }
        guard r.has(1) else { return .stackUnderflow }
        guard let place = reach(frame, &r, r.sp[-1], 32) else { return .outOfGas }
        r.sp[-1] = UInt256(bigEndianAt: r.memory + place)
        return .running
    }

    @inline(__always)
    private mutating func storeWord(_ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers) -> Status {
        guard r.charge(3) else { return .outOfGas }
        guard r.has(2) else { return .stackUnderflow }
        guard let place = reach(frame, &r, r.sp[-1], 32) else { return .outOfGas }
        r.sp -= 2
        r.sp[0].storeBigEndian(at: r.memory + place)
        return .running
    }

    @inline(__always)
    private mutating func storeByte(_ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers) -> Status {
        guard r.charge(3) else { return .outOfGas }
        guard r.has(2) else { return .stackUnderflow }
        guard let place = reach(frame, &r, r.sp[-1], 1) else { return .outOfGas }
        r.sp -= 2
        r.memory[place] = UInt8(truncatingIfNeeded: r.sp[0].limbs.0)
        return .running
    }
}
