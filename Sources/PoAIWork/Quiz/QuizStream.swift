import PoAIPrimitives

/// The random words of one draw. docs/spec/quiz.md, section 2.
package struct QuizStream {
    /// The 11 bytes that every hashed block begins with.
    private static let label: StaticString = "poai/quiz/1"
    private static let counterOffset = 11 + 32 + 4

    /// label ‖ seed ‖ be32(sub-seed) ‖ be64(counter): the next block's preimage.
    private var preimage: [UInt8]
    private var counter: UInt64 = 0
    private var block = Hash32.zero
    /// Words of `block` used up, 0...4.
    private var used = 4

    /// The stream of the sub-seed `subSeed` of `seed`.
    package init(seed: Hash32, subSeed: UInt32) {
        preimage = Self.label.withUTF8Buffer { Array($0) }
        preimage.reserveCapacity(Self.counterOffset + 8)
        seed.withUnsafeBytes { preimage.append(contentsOf: $0) }
        withUnsafeBytes(of: subSeed.bigEndian) { preimage.append(contentsOf: $0) }
        preimage.append(contentsOf: repeatElement(0, count: 8))
    }

    /// The next 64-bit word.
    package mutating func word() -> UInt64 {
        if used == 4 {
            writeCounter()
            block = Keccak256.hash(preimage)
            counter &+= 1
            used = 0
        }
        let offset = 8 &* used
        used &+= 1
        return block.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }

    /// A uniform number below `n`. `n` must not be zero: every caller passes a constant or the size of a table or list
    /// that is known not to be empty.
    package mutating func below(_ n: UInt64) -> UInt64 {
        // 2^64 mod n, without 2^64.
        let excess = (0 &- n) % n
        while true {
            let word = word()
            if word <= UInt64.max &- excess { return word % n }
        }
    }

    /// A uniform number in `range`.
    package mutating func between(_ range: ClosedRange<UInt64>) -> UInt64 {
        range.lowerBound &+ below(range.upperBound &- range.lowerBound &+ 1)
    }

    /// A uniform index of a list of `count` elements; `count` must not be zero.
    package mutating func index(_ count: Int) -> Int {
        Int(below(UInt64(count)))
    }

    /// `k` distinct numbers below `n`, in the order drawn; k <= n.
    package mutating func choose(_ k: Int, of n: Int) -> [Int] {
        var drawn: [Int] = []
        var ascending: [Int] = []
        for j in 0..<k {
            // The rank among the numbers not drawn yet becomes the number itself by stepping over those drawn.
            var number = index(n - j)
            var place = 0
            while place < ascending.count, ascending[place] <= number {
                number += 1
                place += 1
            }
            ascending.insert(number, at: place)
            drawn.append(number)
        }
        return drawn
    }

    private mutating func writeCounter() {
        var rest = counter
        for offset in (0..<8).reversed() {
            preimage[Self.counterOffset + offset] = UInt8(truncatingIfNeeded: rest)
            rest >>= 8
        }
    }
}
