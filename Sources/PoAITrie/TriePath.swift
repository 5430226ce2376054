/// Where a node sits in a trie: the nibbles of the keys below it that lead to it from the root. The root's is empty.
///
/// Ordered lexicographically, a node before those below it.
public struct TriePath: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Values 0...15 in the order of the key, the upper half of each byte first.
    public let nibbles: [UInt8]

    /// The path of these nibbles, each 0...15.
    public init(_ nibbles: [UInt8]) { self.nibbles = nibbles }

    /// Both halves of every byte of a key.
    public init(key: some Collection<UInt8>) {
        var nibbles: [UInt8] = []
        nibbles.reserveCapacity(2 * key.count)
        for byte in key {
            nibbles.append(byte >> 4)
            nibbles.append(byte & 15)
        }
        self.nibbles = nibbles
    }

    /// The root.
    public static let root = TriePath([])

    /// The path one nibble further down.
    func appending(_ nibble: Int) -> TriePath { TriePath(nibbles + [UInt8(truncatingIfNeeded: nibble)]) }

    /// The path some nibbles further down.
    func appending(_ more: [UInt8]) -> TriePath { TriePath(nibbles + more) }

    /// Lexicographic order.
    public static func < (left: TriePath, right: TriePath) -> Bool {
        left.nibbles.lexicographicallyPrecedes(right.nibbles)
    }

    /// One hex digit per nibble, `root` for the root.
    public var description: String {
        nibbles.isEmpty ? "root" : nibbles.map { String($0, radix: 16) }.joined()
    }
}
