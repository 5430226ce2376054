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
            switch opcode {
            case 0x00: status = .stopped
            case 0x01: status = r.binary(3) { $0 &+ $1 }
            case 0x02: status = r.binary(5) { $0 &* $1 }
            case 0x03: status = r.binary(3) { $0 &- $1 }
            case 0x04: status = r.binary(5) { $0.quotient($1) }
            case 0x05: status = r.binary(5) { $0.signedQuotient($1) }
            case 0x06: status = r.binary(5) { $0.remainder($1) }
            case 0x07: status = r.binary(5) { $0.signedRemainder($1) }
            case 0x08: status = r.ternary(8) { $0.adding($1, modulo: $2) ?? .zero }
            case 0x09: status = r.ternary(8) { $0.multiplied(by: $1, modulo: $2) ?? .zero }
            case 0x0a: status = Self.onFrame(frame, &r) { exponentiate($0) }
            case 0x0b: status = r.binary(5) { $1.signExtended(from: $0) }

            case 0x10: status = r.compare { $0 < $1 }
            case 0x11: status = r.compare { $1 < $0 }
            case 0x12: status = r.compare { $0.isBelow(signed: $1) }
            case 0x13: status = r.compare { $1.isBelow(signed: $0) }
            case 0x14: status = r.compare { $0 == $1 }
            case 0x15: status = r.unary(3) { UInt256($0.isZero ? 1 : 0) }
            case 0x16: status = r.binary(3) { $0 & $1 }
            case 0x17: status = r.binary(3) { $0 | $1 }
            case 0x18: status = r.binary(3) { $0 ^ $1 }
            case 0x19: status = r.unary(3) { ~$0 }
            case 0x1a: status = r.binary(3) { $1.byte($0) }
            case 0x1b: status = r.binary(3) { $1.shiftedLeft($0) }
            case 0x1c: status = r.binary(3) { $1.shiftedRight($0) }
            case 0x1d: status = r.binary(3) { $1.shiftedRightSigned($0) }
            case 0x20: status = Self.onFrame(frame, &r) { keccak($0) }

            case 0x30: status = r.push(2, frame.pointee.address)
            case 0x31: status = Self.onFrame(frame, &r) { balance($0) }
            case 0x32: status = r.push(2, origin)
            case 0x33: status = r.push(2, frame.pointee.caller)
            case 0x34: status = r.push(2, frame.pointee.value)
            case 0x35: status = r.unary(3) { callData(frame, at: $0) }
            case 0x36: status = r.push(2, number: frame.pointee.inputSize)
            case 0x37: status = Self.onFrame(frame, &r) { copyCallData($0) }
            case 0x38: status = r.push(2, number: r.codeSize)
            case 0x39: status = Self.onFrame(frame, &r) { copyCode($0) }
            case 0x3a: status = r.push(2, gasPrice)
            case 0x3b: status = Self.onFrame(frame, &r) { externalCodeSize($0) }
            case 0x3c: status = Self.onFrame(frame, &r) { copyExternalCode($0) }
            case 0x3d: status = r.push(2, number: outputSize)
            case 0x3e: status = Self.onFrame(frame, &r) { copyReturnData($0) }
            case 0x3f: status = Self.onFrame(frame, &r) { externalCodeHash($0) }

            case 0x40: status = r.unary(20) { blockHash($0) }
            case 0x41: status = r.push(2, UInt256(environment.miner))
            case 0x42: status = r.push(2, UInt256(environment.timestamp))
            case 0x43: status = r.push(2, UInt256(environment.number))
            case 0x44: status = r.push(2, UInt256(bigEndian: environment.prevRandao))
            case 0x45: status = r.push(2, UInt256(environment.gasLimit))
            case 0x46: status = r.push(2, UInt256(environment.chainID))
            case 0x47: status = r.push(5, journal.accounts[frame.pointee.account].balance)
            case 0x48: status = r.push(2, baseFee)
            // There are no blobs: no transaction has a hash of one, and the price stays at its minimum.
            case 0x49: status = r.unary(3) { _ in .zero }
            case 0x4a: status = r.push(2, .one)

            case 0x50: status = r.pop()
            case 0x51: status = loadWord(frame, &r)
            case 0x52: status = storeWord(frame, &r)
            case 0x53: status = storeByte(frame, &r)
            case 0x54: status = Self.onFrame(frame, &r) { loadStorage($0) }
            case 0x55: status = Self.onFrame(frame, &r) { store($0) }
            case 0x56: status = r.jump()
            case 0x57: status = r.jumpIf()
            case 0x58: status = r.push(2, number: r.ip - r.code - 1)
            case 0x59: status = r.push(2, number: r.memorySize)
            case 0x5a: status = r.pushGas()
            case 0x5b: status = r.charge(1) ? .running : .outOfGas
            case 0x5c: status = r.unary(100) { journal.transient($0, of: frame.pointee.account) }
            case 0x5d: status = Self.onFrame(frame, &r) { storeTransient($0) }
            case 0x5e: status = Self.onFrame(frame, &r) { copyMemory($0) }
            case 0x5f: status = r.push(2, .zero)

            case 0x60: status = r.pushData(1)
            case 0x61: status = r.pushData(2)
            case 0x62: status = r.pushData(3)
            case 0x63: status = r.pushData(4)
            case 0x64: status = r.pushData(5)
            case 0x65: status = r.pushData(6)
            case 0x66: status = r.pushData(7)
            case 0x67: status = r.pushData(8)
            case 0x68: status = r.pushData(9)
            case 0x69: status = r.pushData(10)
            case 0x6a: status = r.pushData(11)
            case 0x6b: status = r.pushData(12)
            case 0x6c: status = r.pushData(13)
            case 0x6d: status = r.pushData(14)
            case 0x6e: status = r.pushData(15)
            case 0x6f: status = r.pushData(16)
            case 0x70: status = r.pushData(17)
            case 0x71: status = r.pushData(18)
            case 0x72: status = r.pushData(19)
            case 0x73: status = r.pushData(20)
            case 0x74: status = r.pushData(21)
            case 0x75: status = r.pushData(22)
            case 0x76: status = r.pushData(23)
            case 0x77: status = r.pushData(24)
            case 0x78: status = r.pushData(25)
            case 0x79: status = r.pushData(26)
            case 0x7a: status = r.pushData(27)
            case 0x7b: status = r.pushData(28)
            case 0x7c: status = r.pushData(29)
            case 0x7d: status = r.pushData(30)
            case 0x7e: status = r.pushData(31)
            case 0x7f: status = r.pushData(32)

            case 0x80: status = r.duplicate(1)
            case 0x81: status = r.duplicate(2)
            case 0x82: status = r.duplicate(3)
            case 0x83: status = r.duplicate(4)
            case 0x84: status = r.duplicate(5)
            case 0x85: status = r.duplicate(6)
            case 0x86: status = r.duplicate(7)
            case 0x87: status = r.duplicate(8)
            case 0x88: status = r.duplicate(9)
            case 0x89: status = r.duplicate(10)
            case 0x8a: status = r.duplicate(11)
            case 0x8b: status = r.duplicate(12)
            case 0x8c: status = r.duplicate(13)
            case 0x8d: status = r.duplicate(14)
            case 0x8e: status = r.duplicate(15)
            case 0x8f: status = r.duplicate(16)

            case 0x90: status = r.swap(1)
            case 0x91: status = r.swap(2)
            case 0x92: status = r.swap(3)
            case 0x93: status = r.swap(4)
            case 0x94: status = r.swap(5)
            case 0x95: status = r.swap(6)
            case 0x96: status = r.swap(7)
            case 0x97: status = r.swap(8)
            case 0x98: status = r.swap(9)
            case 0x99: status = r.swap(10)
            case 0x9a: status = r.swap(11)
            case 0x9b: status = r.swap(12)
            case 0x9c: status = r.swap(13)
            case 0x9d: status = r.swap(14)
            case 0x9e: status = r.swap(15)
            case 0x9f: status = r.swap(16)

            case 0xa0...0xa4: status = Self.onFrame(frame, &r) { log($0, topics: Int(opcode &- 0xa0)) }

            case 0xf0: status = Self.onFrame(frame, &r) { create(.create, $0, &tracer) }
            case 0xf1: status = Self.onFrame(frame, &r) { call(.call, $0, &tracer) }
            case 0xf2: status = Self.onFrame(frame, &r) { call(.callCode, $0, &tracer) }
            case 0xf3: status = Self.onFrame(frame, &r) { end(.returned, $0) }
            case 0xf4: status = Self.onFrame(frame, &r) { call(.delegateCall, $0, &tracer) }
            case 0xf5: status = Self.onFrame(frame, &r) { create(.create2, $0, &tracer) }
            case 0xfa: status = Self.onFrame(frame, &r) { call(.staticCall, $0, &tracer) }
            case 0xfd: status = Self.onFrame(frame, &r) { end(.reverted, $0) }
            case 0xff: status = Self.onFrame(frame, &r) { selfDestruct($0) }
            default: status = .invalidOpcode
            }
            if T.isActive, !Self.tracesItself(opcode), status.rawValue <= Status.reverted.rawValue {
                tracer.cost(gasBefore &- r.gas)
            }
        } while status.isRunning
        frame.pointee.registers = r
        return status
    }

    /// Calls `body` with the registers in the frame, and takes them back.
    @inline(__always)
    private static func onFrame(
        _ frame: UnsafeMutablePointer<Frame>, _ r: inout Registers,
        _ body: (UnsafeMutablePointer<Frame>) -> Status
    ) -> Status {
        frame.pointee.registers = r
        let status = body(frame)
        r = frame.pointee.registers
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
            frame.pointee.registers.memorySize = r.memorySize
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
