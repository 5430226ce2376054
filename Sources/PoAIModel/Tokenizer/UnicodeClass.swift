/// What the pre-tokenizer needs to know of a code point. The classes are those of llama.cpp's tables, which follow the newest
/// Unicode at the time they were generated; Swift's own tables may be of another version and are not asked.
package enum UnicodeClass: UInt8, Sendable {
    /// Everything else: punctuation, symbols, marks, controls, unassigned.
    case other = 0
    /// General category L.
    case letter = 1
    /// General category N.
    case number = 2
    /// White_Space.
    case whitespace = 3
    /// No code point: before the start or behind the end of a piece.
    case none = 4

    /// The class of any 21-bit number; those above U+10FFFF are `other`.
    package init(of scalar: UInt32) {
        let changes = Self.changes
        // The last change at or before the scalar: its code point part is at most `scalar`.
        let key = scalar << 2 | 3
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= key { low = middle + 1 } else { high = middle }
        }
        self = low == 0 ? .other : UnicodeClass(rawValue: UInt8(changes[low - 1] & 3)) ?? .other
    }

    /// The class of each ASCII code point.
    static let ascii: [UnicodeClass] = (0..<128).map { UnicodeClass(of: $0) }
}
