/// Address 9: the compression function F of BLAKE2b (RFC 7693, EIP-152). Input, 213 bytes: rounds (big-endian, 4 bytes),
/// state (64), message (128), offset counters (16), final flag (0 or 1), all little-endian; output: the new state. A gas a
/// round.
enum BLAKE2F {
    static func run(_ input: PrecompileInput, _ gasLimit: Int64) -> PrecompileResult {
        let bytes = input.bytes
        guard bytes.count == 213, bytes[212] <= 1 else { return .failure }
        let rounds = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
        return Precompiles.charge(Int64(rounds), gasLimit) { compress(bytes, rounds: rounds) }
    }

    private static func compress(_ input: UnsafeRawBufferPointer, rounds: UInt32) -> [UInt8] {
        let state = words(input, at: 4, count: 8)
        let message = words(input, at: 68, count: 16)
        var rows = Rows(state, words(input, at: 196, count: 2), isFinal: input[212] == 1)
        message.withUnsafeBufferPointer { message in
            schedule.withUnsafeBufferPointer { schedule in
                rows.run(rounds, message, schedule)
            }
        }
        let mixed = [rows.a ^ rows.c, rows.b ^ rows.d]
        return (0..<8).flatMap { index in
            let word = (state[index] ^ mixed[index / 4][index % 4]).littleEndian
            return withUnsafeBytes(of: word) { Array($0) }
        }
    }

    private static func words(_ input: UnsafeRawBufferPointer, at offset: Int, count: Int) -> [UInt64] {
        (0..<count).map { index in
            UInt64(littleEndian: input.loadUnaligned(fromByteOffset: offset + 8 * index, as: UInt64.self))
        }
    }

    /// Which message words each of ten rounds takes, by four: first and second of the columns, then of the diagonals.
    private static let schedule: [UInt8] = [
        0, 2, 4, 6, 1, 3, 5, 7, 8, 10, 12, 14, 9, 11, 13, 15,
        14, 4, 9, 13, 10, 8, 15, 6, 1, 0, 11, 5, 12, 2, 7, 3,
        11, 12, 5, 15, 8, 0, 2, 13, 10, 3, 7, 9, 14, 6, 1, 4,
        7, 3, 13, 11, 9, 1, 12, 14, 2, 5, 4, 15, 6, 10, 0, 8,
        9, 5, 2, 10, 0, 7, 4, 15, 14, 11, 6, 3, 1, 12, 8, 13,
        2, 6, 0, 8, 12, 10, 11, 3, 4, 7, 15, 1, 13, 5, 14, 9,
        12, 1, 14, 4, 5, 15, 13, 10, 0, 6, 9, 8, 7, 3, 2, 11,
        13, 7, 12, 3, 11, 14, 1, 9, 5, 15, 8, 2, 0, 4, 6, 10,
        6, 14, 11, 0, 15, 9, 3, 8, 12, 13, 1, 10, 2, 7, 4, 5,
        10, 8, 7, 1, 2, 4, 6, 5, 15, 9, 3, 13, 11, 14, 12, 0,
    ]
}

/// The 16 working words, as four rows of four.
private struct Rows {
    var a: SIMD4<UInt64>
    var b: SIMD4<UInt64>
    var c = SIMD4<UInt64>(
        0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B, 0xA54F_F53A_5F1D_36F1)
    var d = SIMD4<UInt64>(
        0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F, 0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179)

    /// - Parameter state: 8 words, `counters`: 2.
    init(_ state: [UInt64], _ counters: [UInt64], isFinal: Bool) {
        a = SIMD4(state[..<4])
        b = SIMD4(state[4...])
        d ^= SIMD4(counters[0], counters[1], isFinal ? .max : 0, 0)
    }

    mutating func run(
        _ rounds: UInt32, _ message: UnsafeBufferPointer<UInt64>, _ schedule: UnsafeBufferPointer<UInt8>
    ) {
        var position = 0
        for _ in 0..<rounds {
            mix(gather(message, schedule, position), gather(message, schedule, position &+ 4))
            turn(1)
            mix(gather(message, schedule, position &+ 8), gather(message, schedule, position &+ 12))
            turn(3)
            position = position == 144 ? 0 : position &+ 16
        }
    }

    @inline(__always)
    private func gather(
        _ message: UnsafeBufferPointer<UInt64>, _ schedule: UnsafeBufferPointer<UInt8>, _ at: Int
    ) -> SIMD4<UInt64> {
        SIMD4(
            message[Int(schedule[at])], message[Int(schedule[at &+ 1])], message[Int(schedule[at &+ 2])],
            message[Int(schedule[at &+ 3])])
    }

    /// G on the four columns at once.
    @inline(__always)
    private mutating func mix(_ first: SIMD4<UInt64>, _ second: SIMD4<UInt64>) {
        a = a &+ b &+ first
        d = rotate(d ^ a, 32)
        c = c &+ d
        b = rotate(b ^ c, 24)
        a = a &+ b &+ second
        d = rotate(d ^ a, 16)
        c = c &+ d
        b = rotate(b ^ c, 63)
    }

    @inline(__always)
    private func rotate(_ value: SIMD4<UInt64>, _ count: UInt64) -> SIMD4<UInt64> {
        value &>> SIMD4(repeating: count) | value &<< SIMD4(repeating: 64 &- count)
    }

    /// Turns row b by `count` to the left, c by 2 and d by 4 - `count`: 1 makes columns of the diagonals, 3 undoes it.
    @inline(__always)
    private mutating func turn(_ count: Int) {
        let (left, right) = (b, d)
        if count == 1 {
            b = SIMD4(left.y, left.z, left.w, left.x)
            d = SIMD4(right.w, right.x, right.y, right.z)
        } else {
            b = SIMD4(left.w, left.x, left.y, left.z)
            d = SIMD4(right.y, right.z, right.w, right.x)
        }
        c = SIMD4(c.z, c.w, c.x, c.y)
    }
}
