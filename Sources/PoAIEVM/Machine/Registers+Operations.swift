import PoAIPrimitives

// Shapes of instructions: how many words they take and leave, at a fixed price.
extension Registers {
    /// Words on the stack.
    @inline(__always) var count: Int {
        Int(bitPattern: (UInt(bitPattern: sp) &- UInt(bitPattern: bottom)) &>> 5)
    }

    /// Whether the stack holds at least `words` words.
    @inline(__always)
    func has(_ words: Int) -> Bool {
        UInt(bitPattern: sp) &- UInt(bitPattern: bottom) >= UInt(bitPattern: words &* 32)
    }

    /// Whether another word fits.
    @inline(__always) var hasRoom: Bool {
        UInt(bitPattern: sp) &- UInt(bitPattern: bottom) < UInt(bitPattern: WordStack.limit &* 32)
    }

    @inline(__always)
    mutating func charge(_ price: Int64) -> Bool {
        gas &-= price
        return gas >= 0
    }

    /// Leaves a word.
    @inline(__always)
    mutating func push(_ price: Int64, _ word: UInt256) -> Status {
        guard charge(price) else { return .outOfGas }
        guard hasRoom else { return .stackOverflow }
        sp.initialize(to: word)
        sp += 1
        return .running
    }

    /// Leaves a small number.
    @inline(__always)
    mutating func push(_ price: Int64, number: Int) -> Status {
        push(price, UInt256(UInt64(truncatingIfNeeded: number)))
    }

    /// GAS: what is left after paying for it.
    @inline(__always)
    mutating func pushGas() -> Status {
        push(2, UInt256(UInt64(truncatingIfNeeded: gas &- 2)))
    }

    /// Takes a word and leaves one.
    @inline(__always)
    mutating func unary(_ price: Int64, _ operation: (UInt256) -> UInt256) -> Status {
        guard charge(price) else { return .outOfGas }
        guard has(1) else { return .stackUnderflow }
        sp[-1] = operation(sp[-1])
        return .running
    }

    /// Takes two words and leaves one. The top word comes first.
    @inline(__always)
    mutating func binary(_ price: Int64, _ operation: (UInt256, UInt256) -> UInt256) -> Status {
        guard charge(price) else { return .outOfGas }
        guard has(2) else { return .stackUnderflow }
        sp -= 1
        sp[-1] = operation(sp[0], sp[-1])
        return .running
    }

    /// Takes three words and leaves one. The top word comes first.
    @inline(__always)
    mutating func ternary(_ price: Int64, _ operation: (UInt256, UInt256, UInt256) -> UInt256) -> Status {
        guard charge(price) else { return .outOfGas }
        guard has(3) else { return .stackUnderflow }
        sp -= 2
        sp[-1] = operation(sp[1], sp[0], sp[-1])
        return .running
    }

    @inline(__always)
    mutating func pop() -> Status {
        guard charge(2) else { return .outOfGas }
        guard has(1) else { return .stackUnderflow }
        sp -= 1
        return .running
    }

    @inline(__always)
    mutating func duplicate(_ depth: Int) -> Status {
        guard charge(3) else { return .outOfGas }
        guard has(depth) else { return .stackUnderflow }
        guard hasRoom else { return .stackOverflow }
        sp.initialize(to: sp[-depth])
        sp += 1
        return .running
    }

    @inline(__always)
    mutating func swap(_ depth: Int) -> Status {
        guard charge(3) else { return .outOfGas }
        guard has(depth &+ 1) else { return .stackUnderflow }
        let top = sp[-1]
        sp[-1] = sp[-1 &- depth]
        sp[-1 &- depth] = top
        return .running
    }

    /// PUSH1 to PUSH32. `size` is a constant wherever this is inlined.
    @inline(__always)
    mutating func pushData(_ size: Int) -> Status {
        guard charge(3) else { return .outOfGas }
        guard hasRoom else { return .stackOverflow }
        let data = UnsafeRawPointer(ip)
        sp.initialize(
            to: UInt256(
                limbs: (
                    Self.limb(data, size, 0), Self.limb(data, size, 8), Self.limb(data, size, 16),
                    Self.limb(data, size, 24)
                )))
        sp += 1
        ip += size
        return .running
    }

    /// The eight bytes from `above` bytes before the end of `size` big-endian bytes; fewer where the begin is near.
    @inline(__always)
    private static func limb(_ data: UnsafeRawPointer, _ size: Int, _ above: Int) -> UInt64 {
        if size <= above { return 0 }
        if size >= above &+ 8 {
            return data.loadUnaligned(fromByteOffset: size &- above &- 8, as: UInt64.self).bigEndian
        }
        let bytes = size &- above
        if bytes == 1 { return UInt64(data.load(as: UInt8.self)) }
        return data.loadUnaligned(as: UInt64.self).bigEndian &>> UInt64(truncatingIfNeeded: 64 &- 8 &* bytes)
    }

    // MARK: Jumps

    @inline(__always)
    mutating func jump() -> Status {
        guard charge(8) else { return .outOfGas }
        guard has(1) else { return .stackUnderflow }
        sp -= 1
        return land(sp[0])
    }

    @inline(__always)
    mutating func jumpIf() -> Status {
        guard charge(10) else { return .outOfGas }
        guard has(2) else { return .stackUnderflow }
        sp -= 2
        return sp[0].isZero ? .running : land(sp[1])
    }

    @inline(__always)
    private mutating func land(_ destination: UInt256) -> Status {
        let (place, high1, high2, high3) = destination.limbs
        guard high1 | high2 | high3 == 0, place < UInt64(UInt(bitPattern: codeSize)) else { return .invalidJump }
        let index = Int(truncatingIfNeeded: place)
        guard destinations[index &>> 3] &>> UInt8(truncatingIfNeeded: index & 7) & 1 != 0 else { return .invalidJump }
        ip = code + index
        return .running
    }
}
