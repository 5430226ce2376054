import PoAIPrimitives

/// A stretch of a frame's memory; at 0 where it is empty.
struct Span: BitwiseCopyable {
    let offset: Int
    let size: Int

    /// Words that it fills, the last maybe in part.
    var words: Int64 { Int64(truncatingIfNeeded: (size &+ 31) &>> 5) }
}

extension Machine {
    /// Makes sure that the frame has that stretch of memory.
    /// - Returns: nil if there is too little gas.
    mutating func span(_ frame: UnsafeMutablePointer<Frame>, _ offset: UInt256, _ size: UInt256) -> Span? {
        if size.isZero { return Span(offset: 0, size: 0) }
        let start = offset.clamped(to: Self.memoryLimit)
        let count = size.clamped(to: Self.memoryLimit)
        guard start < Self.memoryLimit, count < Self.memoryLimit else { return nil }
        if start + count > frame.pointee.registers.memorySize {
            guard grow(frame, to: start + count) else { return nil }
        }
        return Span(offset: start, size: count)
    }

    /// Takes `count` words off the stack.
    /// - Returns: the lowest of them; nil if the stack has too few.
    @inline(__always)
    func take(_ count: Int, _ frame: UnsafeMutablePointer<Frame>) -> UnsafeMutablePointer<UInt256>? {
        guard frame.pointee.registers.has(count) else { return nil }
        frame.pointee.registers.sp -= count
        return frame.pointee.registers.sp
    }

    /// The instructions that copy into memory: target offset, source offset and size from the top of the stack. What the
    /// source lacks is zeros.
    mutating func copy(
        _ frame: UnsafeMutablePointer<Frame>, _ arguments: UnsafeMutablePointer<UInt256>,
        from source: UnsafeRawBufferPointer
    ) -> Status {
        guard let span = span(frame, arguments[2], arguments[0]) else { return .outOfGas }
        guard frame.pointee.registers.charge(3 &* span.words) else { return .outOfGas }
        let start = arguments[1].clamped(to: source.count)
        let known = min(span.size, source.count - start)
        let target = UnsafeMutableRawPointer(frame.pointee.registers.memory + span.offset)
        if known > 0, let bytes = source.baseAddress {
            target.copyMemory(from: bytes + start, byteCount: known)
        }
        (target + known).initializeMemory(as: UInt8.self, repeating: 0, count: span.size - known)
        return .running
    }

    /// The last 20 bytes of a word, as addresses are on the stack.
    @inline(__always)
    static func address(_ word: UInt256) -> UInt256 {
        let (l0, l1, l2, _) = word.limbs
        return UInt256(limbs: (l0, l1, l2 & 0xffff_ffff, 0))
    }

    /// Names the account on top of the stack, and charges for the access (EIP-2929).
    /// - Returns: nil if there is too little gas.
    mutating func accessedAccount(_ word: UInt256, _ frame: UnsafeMutablePointer<Frame>) -> Int? {
        let index = journal.account(word: Self.address(word))
        let price: Int64 = journal.warm(account: index) ? 2600 : 100
        return frame.pointee.registers.charge(price) ? index : nil
    }
}
