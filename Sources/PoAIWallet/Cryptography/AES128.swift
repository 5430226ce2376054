/// AES-128 (FIPS 197), the direction that encrypts one block, which is all that counter mode needs.
///
/// There is no table to look up and no branch on a secret: the S-box is computed. That is slow, but keystores hold two
/// blocks, and it takes the same time for every key.
package struct AES128 {
    /// Bytes of a key and of a block.
    package static let size = 16

    private var roundKeys: [UInt8]

    /// A key of 16 bytes; nil for another size.
    package init?(key: some Collection<UInt8>) {
        guard key.count == Self.size else { return nil }
        roundKeys = Array(key)
        var constant: UInt8 = 1
        while roundKeys.count < 11 * Self.size {
            var word = Array(roundKeys.suffix(4))
            if roundKeys.count.isMultiple(of: Self.size) {
                word = [word[1], word[2], word[3], word[0]].map(Self.substituted)
                word[0] ^= constant
                constant = Self.doubled(constant)
            }
            let before = roundKeys.suffix(Self.size).prefix(4)
            roundKeys += zip(before, word).map { $0 ^ $1 }
        }
    }

    /// One block, of which there must be 16 bytes, encrypted.
    package func encrypt(_ block: [UInt8]) -> [UInt8] {
        var state = addingKey(of: 0, to: block)
        for round in 1...10 {
            state = Self.shifted(state.map(Self.substituted))
            if round < 10 { state = Self.mixed(state) }
            state = addingKey(of: round, to: state)
        }
        return state
    }

    /// Counter mode (NIST SP 800-38A) with a counter of 128 bits that wraps around; it encrypts and decrypts alike.
    ///
    /// - Parameter counter: the first counter block, 16 bytes.
    /// - Returns: as many bytes as `bytes` has; nil for a counter of another size.
    package func counterMode(_ bytes: [UInt8], counter: [UInt8]) -> [UInt8]? {
        guard counter.count == Self.size else { return nil }
        var counter = counter
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for start in stride(from: 0, to: bytes.count, by: Self.size) {
            result += zip(bytes[start...].prefix(Self.size), encrypt(counter)).map { $0 ^ $1 }
            for index in counter.indices.reversed() {
                counter[index] &+= 1
                if counter[index] != 0 { break }
            }
        }
        return result
    }

    private func addingKey(of round: Int, to state: [UInt8]) -> [UInt8] {
        zip(state, roundKeys[(round * Self.size)...]).map { $0 ^ $1 }
    }

    /// ShiftRows: byte 4c + r of the state is row r of column c.
    private static func shifted(_ state: [UInt8]) -> [UInt8] {
        (0..<size).map { state[($0 + 4 * ($0 % 4)) % size] }
    }

    /// MixColumns.
    private static func mixed(_ state: [UInt8]) -> [UInt8] {
        (0..<size).map { index in
            let column = index - index % 4
            let (a, b) = (state[index], state[column + (index + 1) % 4])
            let (c, d) = (state[column + (index + 2) % 4], state[column + (index + 3) % 4])
            return doubled(a) ^ doubled(b) ^ b ^ c ^ d
        }
    }

    /// SubBytes of one byte: the inverse in GF(2^8), which is the power 254, and the affine map.
    private static func substituted(_ byte: UInt8) -> UInt8 {
        var power = byte
        for _ in 0..<6 { power = product(product(power, power), byte) }  // 3, 7, 15, 31, 63, 127
        let inverse = product(power, power)
        return inverse ^ rotated(inverse, 1) ^ rotated(inverse, 2) ^ rotated(inverse, 3) ^ rotated(inverse, 4) ^ 0x63
    }

    private static func rotated(_ byte: UInt8, _ count: UInt8) -> UInt8 { byte &<< count | byte &>> (8 - count) }

    /// Times x in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1.
    private static func doubled(_ byte: UInt8) -> UInt8 { byte &<< 1 ^ (0 &- (byte &>> 7)) & 0x1b }

    private static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        var (sum, term) = (UInt8(0), a)
        for bit in UInt8(0)..<8 {
            sum ^= (0 &- (b &>> bit & 1)) & term
            term = doubled(term)
        }
        return sum
    }
}
