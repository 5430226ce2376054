/// RIPEMD-160 (Dobbertin, Bosselaers, Preneel 1996).
enum RIPEMD160 {
    /// The 20-byte digest of `message`.
    static func hash(_ message: UnsafeRawBufferPointer) -> [UInt8] {
        var state = State(0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0)
        let whole = message.count & ~63
        absorb(UnsafeRawBufferPointer(rebasing: message[..<whole]), into: &state)
        padded(message[whole...], messageCount: message.count).withUnsafeBytes { absorb($0, into: &state) }
        return [state.0, state.1, state.2, state.3, state.4].flatMap { word in
            (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
    }

    private typealias State = (UInt32, UInt32, UInt32, UInt32, UInt32)

    /// The last one or two blocks: what is left of the message, 0x80, zeros, and the message's length in bits.
    private static func padded(_ rest: Slice<UnsafeRawBufferPointer>, messageCount: Int) -> [UInt8] {
        var block = Array(rest)
        block.append(0x80)
        let zeros = (block.count <= 56 ? 56 : 120) - block.count
        block.append(contentsOf: repeatElement(0, count: zeros))
        let bits = UInt64(messageCount) &* 8
        block.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
        return block
    }

    /// Absorbs blocks of 64 bytes.
    private static func absorb(_ blocks: UnsafeRawBufferPointer, into state: inout State) {
        for start in stride(from: 0, to: blocks.count, by: 64) {
            let block = UnsafeRawBufferPointer(rebasing: blocks[start..<start + 64])
            let left = line(block, state, leftWords, leftShifts, leftConstants, isRight: false)
            let right = line(block, state, rightWords, rightShifts, rightConstants, isRight: true)
            state = (
                state.1 &+ left.2 &+ right.3, state.2 &+ left.3 &+ right.4, state.3 &+ left.4 &+ right.0,
                state.4 &+ left.0 &+ right.1, state.0 &+ left.1 &+ right.2
            )
        }
    }

    /// One of the two lines of 80 steps.
    private static func line(
        _ block: UnsafeRawBufferPointer, _ start: State, _ words: [UInt8], _ shifts: [UInt8], _ constants: [UInt32],
        isRight: Bool
    ) -> State {
        var (a, b, c, d, e) = start
        for step in 0..<80 {
            let round = step / 16
            let word = block.loadUnaligned(fromByteOffset: 4 * Int(words[step]), as: UInt32.self).littleEndian
            let mixed = a &+ mix(isRight ? 4 - round : round, b, c, d) &+ word &+ constants[round]
            let next = rotate(mixed, UInt32(shifts[step])) &+ e
            (a, e, d, c, b) = (e, d, rotate(c, 10), b, next)
        }
        return (a, b, c, d, e)
    }

    @inline(__always)
    private static func mix(_ function: Int, _ x: UInt32, _ y: UInt32, _ z: UInt32) -> UInt32 {
        switch function {
        case 0: x ^ y ^ z
        case 1: (x & y) | (~x & z)
        case 2: (x | ~y) ^ z
        case 3: (x & z) | (y & ~z)
        default: x ^ (y | ~z)
        }
    }

    @inline(__always)
    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value &<< count | value &>> (32 &- count)
    }
}

extension RIPEMD160 {
    private static let leftConstants: [UInt32] = [0, 0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xA953_FD4E]
    private static let rightConstants: [UInt32] = [0x50A2_8BE6, 0x5C4D_D124, 0x6D70_3EF3, 0x7A6D_76E9, 0]

    private static let leftWords: [UInt8] = [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        7, 4, 13, 1, 10, 6, 15, 3, 12, 0, 9, 5, 2, 14, 11, 8,
        3, 10, 14, 4, 9, 15, 8, 1, 2, 7, 0, 6, 13, 11, 5, 12,
        1, 9, 11, 10, 0, 8, 12, 4, 13, 3, 7, 15, 14, 5, 6, 2,
        4, 0, 5, 9, 7, 12, 2, 10, 14, 1, 3, 8, 11, 6, 15, 13,
    ]
    private static let rightWords: [UInt8] = [
        5, 14, 7, 0, 9, 2, 11, 4, 13, 6, 15, 8, 1, 10, 3, 12,
        6, 11, 3, 7, 0, 13, 5, 10, 14, 15, 8, 12, 4, 9, 1, 2,
        15, 5, 1, 3, 7, 14, 6, 9, 11, 8, 12, 2, 10, 0, 4, 13,
        8, 6, 4, 1, 3, 11, 15, 0, 5, 12, 2, 13, 9, 7, 10, 14,
        12, 15, 10, 4, 1, 5, 8, 7, 6, 2, 13, 14, 0, 3, 9, 11,
    ]
    private static let leftShifts: [UInt8] = [
        11, 14, 15, 12, 5, 8, 7, 9, 11, 13, 14, 15, 6, 7, 9, 8,
        7, 6, 8, 13, 11, 9, 7, 15, 7, 12, 15, 9, 11, 7, 13, 12,
        11, 13, 6, 7, 14, 9, 13, 15, 14, 8, 13, 6, 5, 12, 7, 5,
        11, 12, 14, 15, 14, 15, 9, 8, 9, 14, 5, 6, 8, 6, 5, 12,
        9, 15, 5, 11, 6, 8, 13, 12, 5, 12, 13, 14, 11, 8, 5, 6,
    ]
    private static let rightShifts: [UInt8] = [
        8, 9, 9, 11, 13, 15, 15, 5, 7, 7, 8, 11, 14, 14, 12, 6,
        9, 13, 15, 7, 12, 8, 9, 11, 7, 7, 12, 7, 6, 15, 13, 11,
        9, 7, 15, 11, 8, 6, 6, 14, 12, 13, 5, 14, 13, 13, 7, 5,
        15, 5, 8, 11, 14, 14, 6, 14, 6, 9, 12, 9, 12, 5, 15, 8,
        8, 5, 12, 9, 12, 5, 14, 6, 8, 13, 6, 5, 15, 13, 11, 11,
    ]
}
