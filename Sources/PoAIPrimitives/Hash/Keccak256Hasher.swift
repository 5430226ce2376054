/// Keccak-256 over data that arrives in pieces. A value: copying it forks the computation.
public struct Keccak256Hasher: Sendable {
    /// Bytes absorbed per permutation: (1600 - 2 * 256) / 8.
    static let rate = 136

    private typealias Five = (UInt64, UInt64, UInt64, UInt64, UInt64)

    /// 25 lanes as numbers: byte i of the state is bits 8 * (i % 8) and up of lane i / 8.
    private var lanes: (Five, Five, Five, Five, Five) = (
        (0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0), (0, 0, 0, 0, 0)
    )
    /// Bytes absorbed since the last permutation, 0..<rate.
    private var position = 0

    /// The state before any data.
    public init() {}

    /// Absorbs `bytes` after everything absorbed so far.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Absorbs `bytes` after everything absorbed so far.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Absorbs the 32 bytes of `hash`.
    public mutating func update(_ hash: Hash32) {
        hash.withUnsafeBytes { update($0) }
    }

    /// Absorbs the bytes of the buffer after everything absorbed so far.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let start = position
        position = withLanes { lanes, scratch in
            var position = start
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Self.rate - position)
                Self.absorb(UnsafeRawBufferPointer(rebasing: piece), into: lanes, at: position)
                rest = rest.dropFirst(piece.count)
                position += piece.count
                guard position == Self.rate else { break }
                KeccakPermutation.permute(lanes, scratch: scratch)
                position = 0
            }
            return position
        }
    }

    /// The digest of everything absorbed. The hasher is then as new.
    public mutating func finalize() -> Hash32 {
        let end = position
        let digest = withLanes { lanes, scratch in
            // Keccak's own padding, bits 1 0...0 1; SHA-3 would put 0x06 in the place of 0x01.
            lanes[end / 8] ^= 0x01 << UInt64(8 * (end % 8))
            lanes[Self.rate / 8 - 1] ^= 0x80 << 56
            KeccakPermutation.permute(lanes, scratch: scratch)
            return Hash32(
                memoryWords: lanes[0].littleEndian, lanes[1].littleEndian, lanes[2].littleEndian, lanes[3].littleEndian)
        }
        self = Keccak256Hasher()
        return digest
    }

    /// XORs `bytes` into the state from byte `position` on; they must fit into the rate.
    @inline(__always)
    private static func absorb(
        _ bytes: UnsafeRawBufferPointer, into lanes: UnsafeMutablePointer<UInt64>, at position: Int
    ) {
        var offset = 0
        if position.isMultiple(of: 8) {
            var lane = position / 8
            while offset &+ 8 <= bytes.count {
                lanes[lane] ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                lane &+= 1
                offset &+= 8
            }
        }
        while offset < bytes.count {
            let at = position &+ offset
            lanes[at / 8] ^= UInt64(bytes[offset]) << UInt64(8 &* (at % 8))
            offset &+= 1
        }
    }

    /// Lends the state and room for 25 more lanes.
    @inline(__always)
    private mutating func withLanes<R>(
        _ body: (_ lanes: UnsafeMutablePointer<UInt64>, _ scratch: UnsafeMutablePointer<UInt64>) -> R
    ) -> R {
        var scratch = Self().lanes
        return Swift.withUnsafeMutableBytes(of: &lanes) { lanes in
            Swift.withUnsafeMutableBytes(of: &scratch) { scratch in
                // A homogeneous tuple is laid out and bound as its elements.
                guard let lanes = lanes.assumingMemoryBound(to: UInt64.self).baseAddress,
                    let scratch = scratch.assumingMemoryBound(to: UInt64.self).baseAddress
                else { preconditionFailure("25 lanes have an address") }
                return body(lanes, scratch)
            }
        }
    }
}
