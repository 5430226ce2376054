import PoAIPrimitives

// Hashing, copying and questions about accounts and blocks.
extension Machine {
    func callData(_ frame: UnsafeMutablePointer<Frame>, at offset: UInt256) -> UInt256 {
        let size = frame.pointee.inputSize
        let start = offset.clamped(to: size)
        let place = UnsafeRawPointer(memory.start + frame.pointee.inputOffset + start)
        if size - start >= 32 { return UInt256(bigEndianAt: place) }
        var word = UInt256.zero
        for index in 0..<(size - start) {
            word = word << 8 | UInt256(UInt64(place.load(fromByteOffset: index, as: UInt8.self)))
        }
        return word << (8 * (32 - (size - start)))
    }

    mutating func copyCallData(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard frame.pointee.registers.charge(3) else { return .outOfGas }
        guard let arguments = take(3, frame) else { return .stackUnderflow }
        // Growing may move the call data, which lies below this frame's memory.
        guard span(frame, arguments[2], arguments[0]) != nil else { return .outOfGas }
        let input = memory.start + frame.pointee.inputOffset
        return copy(frame, arguments, from: UnsafeRawBufferPointer(start: input, count: frame.pointee.inputSize))
    }

    mutating func copyCode(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard frame.pointee.registers.charge(3) else { return .outOfGas }
        guard let arguments = take(3, frame) else { return .stackUnderflow }
        let registers = frame.pointee.registers
        return copy(
            frame, arguments, from: UnsafeRawBufferPointer(start: registers.code, count: registers.codeSize))
    }

    mutating func copyExternalCode(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(4, frame) else { return .stackUnderflow }
        guard let account = accessedAccount(arguments[3], frame) else { return .outOfGas }
        guard let span = span(frame, arguments[2], arguments[0]) else { return .outOfGas }
        // The price is checked before the code is loaded.
        guard frame.pointee.registers.gas >= 3 &* span.words else { return .outOfGas }
        let code = journal.code(of: account)
        return withExtendedLifetime(code) {
            copy(frame, arguments, from: UnsafeRawBufferPointer(start: code.bytes, count: code.count))
        }
    }

    mutating func copyReturnData(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard frame.pointee.registers.charge(3) else { return .outOfGas }
        guard let arguments = take(3, frame) else { return .stackUnderflow }
        let (end, overflow) = arguments[1].addingReportingOverflow(arguments[0])
        guard !overflow, end <= UInt256(UInt64(outputSize)) else { return .returnDataOutOfBounds }
        return copy(frame, arguments, from: UnsafeRawBufferPointer(start: output.start, count: outputSize))
    }

    /// MCOPY (EIP-5656).
    mutating func copyMemory(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard frame.pointee.registers.charge(3) else { return .outOfGas }
        guard let arguments = take(3, frame) else { return .stackUnderflow }
        let further = max(arguments[2], arguments[1])
        guard let span = span(frame, further, arguments[0]) else { return .outOfGas }
        guard frame.pointee.registers.charge(3 &* span.words) else { return .outOfGas }
        if span.size == 0 { return .running }
        let memory = frame.pointee.registers.memory
        // Both are within memory, as the further one is.
        let target = arguments[2].clamped(to: span.offset)
        let source = arguments[1].clamped(to: span.offset)
        UnsafeMutableRawPointer(memory + target).copyMemory(from: memory + source, byteCount: span.size)
        return .running
    }

    mutating func keccak(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard frame.pointee.registers.charge(30) else { return .outOfGas }
        guard let arguments = take(2, frame) else { return .stackUnderflow }
        guard let span = span(frame, arguments[1], arguments[0]) else { return .outOfGas }
        guard frame.pointee.registers.charge(6 &* span.words) else { return .outOfGas }
        let bytes = UnsafeRawBufferPointer(start: frame.pointee.registers.memory + span.offset, count: span.size)
        arguments[0] = UInt256(bigEndian: Keccak256.hash(bytes))
        frame.pointee.registers.sp += 1
        return .running
    }

    mutating func exponentiate(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(2, frame) else { return .stackUnderflow }
        let bytes = (arguments[0].significantBits + 7) / 8
        guard frame.pointee.registers.charge(10 &+ 50 &* Int64(truncatingIfNeeded: bytes)) else { return .outOfGas }
        arguments[0] = arguments[1].power(arguments[0])
        frame.pointee.registers.sp += 1
        return .running
    }

    mutating func blockHash(_ number: UInt256) -> UInt256 {
        guard let number = number.asUInt64, number < environment.number, environment.number - number <= 256 else {
            return .zero
        }
        let distance = Int(truncatingIfNeeded: environment.number - number)
        let hash = blockHashes[distance] ?? journal.reader.blockHash(number) ?? .zero
        blockHashes[distance] = hash
        return UInt256(bigEndian: hash)
    }

    // MARK: Accounts

    mutating func balance(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(1, frame) else { return .stackUnderflow }
        guard let account = accessedAccount(arguments[0], frame) else { return .outOfGas }
        arguments[0] = journal.accounts[account].balance
        frame.pointee.registers.sp += 1
        return .running
    }

    mutating func externalCodeSize(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(1, frame) else { return .stackUnderflow }
        guard let account = accessedAccount(arguments[0], frame) else { return .outOfGas }
        arguments[0] = UInt256(UInt64(journal.code(of: account).count))
        frame.pointee.registers.sp += 1
        return .running
    }

    /// EXTCODEHASH: 0 for an account that does not exist (EIP-1052, EIP-161).
    mutating func externalCodeHash(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(1, frame) else { return .stackUnderflow }
        guard let account = accessedAccount(arguments[0], frame) else { return .outOfGas }
        let isEmpty = journal.accounts[account].isEmpty
        arguments[0] = isEmpty ? .zero : UInt256(bigEndian: journal.accounts[account].codeHash)
        frame.pointee.registers.sp += 1
        return .running
    }
}
