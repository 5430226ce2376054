import Foundation

/// scrypt (RFC 7914): a key that costs whoever guesses passwords both time and memory.
package enum Scrypt {
    /// 128·r bytes as a list of Salsa20 blocks, each of four vectors.
    private typealias Row = SIMD4<UInt32>

    /// A key of `count` bytes.
    ///
    /// - Parameters:
    ///   - n: rounds of mixing, a power of two above 1; r: size of a block in units of 128 bytes; p: blocks. The caller
    ///     bounds them: it takes 128·r·(n + p) bytes.
    /// - Returns: nil if the operating system has not so much memory.
    package static func key(password: [UInt8], salt: [UInt8], n: Int, r: Int, p: Int, count: Int) -> [UInt8]? {
        let blockBytes = 128 * r
        var blocks = PBKDF2.key(password: password, salt: salt, iterations: 1, count: blockBytes * p)
        guard let memory = calloc(n + 2, blockBytes) else { return nil }
        defer { free(memory) }
        let rows = memory.bindMemory(to: Row.self, capacity: (n + 2) * 8 * r)
        for index in 0..<p {
            blocks.withUnsafeMutableBytes { mix($0[(index * blockBytes)...].prefix(blockBytes), rows, n: n, r: r) }
        }
        return PBKDF2.key(password: password, salt: blocks, iterations: 1, count: count)
    }

    /// scryptROMix of one block in place. `memory` has room for n + 2 blocks.
    private static func mix(
        _ block: Slice<UnsafeMutableRawBufferPointer>, _ memory: UnsafeMutablePointer<Row>, n: Int, r: Int
    ) {
        let size = 8 * r
        var current = memory + n * size
        var other = current + size
        load(block, into: current)
        for step in 0..<n {
            (memory + step * size).update(from: current, count: size)
            mixBlock(current, into: other, r: r)
            swap(&current, &other)
        }
        for _ in 0..<n {
            // Integerify: the first word of the last 64 bytes; n is a power of two below 2^32.
            let chosen = memory + (Int(current[size - 4].x) & (n - 1)) * size
            for index in 0..<size { current[index] ^= chosen[index] }
            mixBlock(current, into: other, r: r)
            swap(&current, &other)
        }
        store(current, into: block)
    }

    /// scryptBlockMix: even results into the first half, odd ones into the second.
    @inline(__always)
    private static func mixBlock(_ input: UnsafeMutablePointer<Row>, into output: UnsafeMutablePointer<Row>, r: Int) {
        let last = input + (2 * r - 1) * 4
        var (a, b, c, d) = (last[0], last[1], last[2], last[3])
        for index in 0..<2 * r {
            let block = input + 4 * index
            (a, b, c, d) = (a ^ block[0], b ^ block[1], c ^ block[2], d ^ block[3])
            let (a0, b0, c0, d0) = (a, b, c, d)
            for _ in 0..<4 {
                doubleRound(&a, &b, &c, &d)
            }
            (a, b, c, d) = (a &+ a0, b &+ b0, c &+ c0, d &+ d0)
            let place = output + (index / 2 + index % 2 * r) * 4
            (place[0], place[1], place[2], place[3]) = (a, b, c, d)
        }
    }

    /// Two rounds of Salsa20. The vectors are the diagonals of its matrix, so that lanes of one quarter round each lie in
    /// one place of all four; between columns and rows the lanes turn.
    @inline(__always)
    private static func doubleRound(_ a: inout Row, _ b: inout Row, _ c: inout Row, _ d: inout Row) {
        quarterRounds(&a, &b, &c, &d)
        (b, c, d) = (Row(b.w, b.x, b.y, b.z), Row(c.z, c.w, c.x, c.y), Row(d.y, d.z, d.w, d.x))
        quarterRounds(&a, &d, &c, &b)
        (b, c, d) = (Row(b.y, b.z, b.w, b.x), Row(c.z, c.w, c.x, c.y), Row(d.w, d.x, d.y, d.z))
    }

    @inline(__always)
    private static func quarterRounds(_ a: inout Row, _ b: inout Row, _ c: inout Row, _ d: inout Row) {
        b ^= rotated(a &+ d, 7)
        c ^= rotated(b &+ a, 9)
        d ^= rotated(c &+ b, 13)
        a ^= rotated(d &+ c, 18)
    }

    @inline(__always)
    private static func rotated(_ row: Row, _ count: UInt32) -> Row {
        row &<< Row(repeating: count) | row &>> Row(repeating: 32 - count)
    }

    /// Where the word in lane l of vector v stands in a block of 16 words: diagonals of the 4×4 matrix, so that vector 0 is
    /// words 0, 5, 10, 15, and vectors 1, 2, 3 begin one, two and three rows below.
    private static func word(_ vector: Int, _ lane: Int) -> Int { (4 * vector + 5 * lane) % 16 }

    private static func load(_ block: Slice<UnsafeMutableRawBufferPointer>, into rows: UnsafeMutablePointer<Row>) {
        let bytes = UnsafeRawBufferPointer(rebasing: block)
        for row in 0..<block.count / 16 {
            for lane in 0..<4 {
                let place = row / 4 * 64 + 4 * word(row % 4, lane)
                rows[row][lane] = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
            }
        }
    }

    private static func store(_ rows: UnsafeMutablePointer<Row>, into block: Slice<UnsafeMutableRawBufferPointer>) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: block)
        for row in 0..<block.count / 16 {
            for lane in 0..<4 {
                let place = row / 4 * 64 + 4 * word(row % 4, lane)
                bytes.storeBytes(of: rows[row][lane].littleEndian, toByteOffset: place, as: UInt32.self)
            }
        }
    }
}
