/// Why bytes are not an unsigned varint of the multiformats.
public enum UVarintError: Error, Hashable, Sendable, CustomStringConvertible {
    /// More than nine bytes, so more than 63 bits.
    case tooLong
    /// A shorter form of the same number exists.
    case notMinimal
    /// The bytes end within the number.
    case truncated

    /// One line for a person.
    public var description: String {
        switch self {
        case .tooLong: "a varint has at most 9 bytes"
        case .notMinimal: "a varint has to be as short as its number allows"
        case .truncated: "the bytes end within a varint"
        }
    }
}

/// Unsigned varints as https://github.com/multiformats/unsigned-varint defines them: groups of seven bits, least
/// significant first, minimal form, at most 63 bits.
public enum UVarint {
    /// The most bytes of one number.
    public static let maximumLength = 9
    /// The largest number.
    public static let maximum = UInt64.max >> 1

    /// The form of `value`, 1...9 bytes. `value` is at most `maximum`.
    public static func encode(_ value: UInt64) -> [UInt8] {
        precondition(value <= maximum, "a varint has at most 63 bits")
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
        return bytes
    }

    /// The number at the start of `bytes` and how many bytes it has (1...9); nil when more bytes have to come first.
    /// - Throws: `tooLong` or `notMinimal`, whatever bytes follow.
    public static func parse(_ bytes: ArraySlice<UInt8>) throws(UVarintError) -> (value: UInt64, length: Int)? {
        var value: UInt64 = 0
        for (position, byte) in bytes.prefix(maximumLength).enumerated() {
            value |= UInt64(byte & 0x7F) << (7 * UInt64(position))
            guard byte < 0x80 else { continue }
            guard byte != 0 || position == 0 else { throw .notMinimal }
            return (value, position + 1)
        }
        guard bytes.count < maximumLength else { throw .tooLong }
        return nil
    }

    /// `bytes` with their number in front, the frame of many libp2p protocols.
    public static func prefixed(_ bytes: some Collection<UInt8>) -> [UInt8] {
        encode(UInt64(bytes.count)) + bytes
    }
}

/// Takes numbers and runs of bytes from the front of foreign bytes; never traps.
struct ByteReader {
    /// What is not taken yet.
    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isEmpty: Bool { rest.isEmpty }

    /// The next varint.
    mutating func varint() throws(UVarintError) -> UInt64 {
        guard let parsed = try UVarint.parse(rest) else { throw .truncated }
        rest = rest.dropFirst(parsed.length)
        return parsed.value
    }

    /// The next `count` bytes, nil (and nothing taken) when there are fewer.
    mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        let taken = rest.prefix(Int(count))
        rest = rest.dropFirst(Int(count))
        return taken
    }
}
