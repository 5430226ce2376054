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
        var working = WorkingWords(state, words(input, at: 196, count: 2), isFinal: input[212] == 1)
        message.withUnsafeBufferPointer { message in
            schedule.withUnsafeBufferPointer { schedule in
                working.run(rounds, message, schedule)
            }
        }
        return zip(state, working.difference).flatMap { old, change in
            withUnsafeBytes(of: (old ^ change).littleEndian) { Array($0) }
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

/// The 16 working words. Plain words, as vectors of four are slower without the wide instructions of newer processors.
private struct WorkingWords {
    private var a0, a1, a2, a3, b0, b1, b2, b3: UInt64
    private var c0: UInt64 = 0x6A09_E667_F3BC_C908
    private var c1: UInt64 = 0xBB67_AE85_84CA_A73B
    private var c2: UInt64 = 0x3C6E_F372_FE94_F82B
    private var c3: UInt64 = 0xA54F_F53A_5F1D_36F1
    private var d0: UInt64 = 0x510E_527F_ADE6_82D1
    private var d1: UInt64 = 0x9B05_688C_2B3E_6C1F
    private var d2: UInt64 = 0x1F83_D9AB_FB41_BD6B
    private var d3: UInt64 = 0x5BE0_CD19_137E_2179

    /// - Parameter state: 8 words, `counters`: 2.
    init(_ state: [UInt64], _ counters: [UInt64], isFinal: Bool) {
        (a0, a1, a2, a3) = (state[0], state[1], state[2], state[3])
        (b0, b1, b2, b3) = (state[4], state[5], state[6], state[7])
        d0 ^= counters[0]
        d1 ^= counters[1]
        if isFinal { d2 = ~d2 }
    }

    /// What the new state differs by from the old.
    var difference: [UInt64] { [a0 ^ c0, a1 ^ c1, a2 ^ c2, a3 ^ c3, b0 ^ d0, b1 ^ d1, b2 ^ d2, b3 ^ d3] }

    /// - Parameter message: 16 words, `schedule`: 160 indices below 16.
    mutating func run(
        _ rounds: UInt32, _ message: UnsafeBufferPointer<UInt64>, _ schedule: UnsafeBufferPointer<UInt8>
    ) {
        guard let words = message.baseAddress, let start = schedule.baseAddress else { return }
        var position = 0
        for _ in 0..<rounds {
            round(words, start + position)
            position = position == 144 ? 0 : position &+ 16
        }
    }

    /// Columns, then diagonals.
    @inline(__always)
    private mutating func round(_ words: UnsafePointer<UInt64>, _ order: UnsafePointer<UInt8>) {
        func word(_ at: Int) -> UInt64 { words[Int(order[at])] }
        Self.mix(&a0, &b0, &c0, &d0, word(0), word(4))
        Self.mix(&a1, &b1, &c1, &d1, word(1), word(5))
        Self.mix(&a2, &b2, &c2, &d2, word(2), word(6))
        Self.mix(&a3, &b3, &c3, &d3, word(3), word(7))
        Self.mix(&a0, &b1, &c2, &d3, word(8), word(12))
        Self.mix(&a1, &b2, &c3, &d0, word(9), word(13))
        Self.mix(&a2, &b3, &c0, &d1, word(10), word(14))
        Self.mix(&a3, &b0, &c1, &d2, word(11), word(15))
    }

    /// G.
    @inline(__always)
    private static func mix(
        _ a: inout UInt64, _ b: inout UInt64, _ c: inout UInt64, _ d: inout UInt64, _ first: UInt64, _ second: UInt64
    ) {
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
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &>> count | value &<< (64 &- count)
    }
}
