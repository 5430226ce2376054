/// A domain name as a list of labels (RFC 1035, section 3.1). Two names are equal when they differ only in the case of
/// ASCII letters.
package struct DNSLabels: Sendable, CustomStringConvertible {
    /// The most bytes of a name on the wire, the lengths of labels and the last zero included.
    package static let maximumLength = 255

    /// 0...127 labels of 1...63 bytes, outermost last.
    package let labels: [[UInt8]]

    /// Nil when a label is empty or longer than 63 bytes, or all of them are too long for a name.
    package init?(_ labels: [[UInt8]]) {
        guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        guard labels.reduce(1, { $0 + 1 + $1.count }) <= Self.maximumLength else { return nil }
        self.labels = labels
    }

    /// Reads text such as `_p2p._udp.local`, with or without a dot at the end.
    package init?(_ text: String) {
        let whole = text.hasSuffix(".") ? text.dropLast() : text[...]
        self.init(whole.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) })
    }

    /// The name of something within this one; nil when it gets too long.
    package func child(_ label: String) -> DNSLabels? { DNSLabels([Array(label.utf8)] + labels) }

    /// The name without its first label; nil for the root.
    package var parent: DNSLabels? { labels.isEmpty ? nil : DNSLabels(Array(labels.dropFirst())) }

    /// The wire form, uncompressed.
    package var bytes: [UInt8] { labels.flatMap { [UInt8($0.count)] + $0 } + [0] }

    /// Labels with dots between, for a person.
    package var description: String { labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".") }

    private var folded: [[UInt8]] {
        labels.map { label in
            label.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        }
    }
}

extension DNSLabels: Hashable {
    /// Whether the names are the same one.
    package static func == (left: Self, right: Self) -> Bool { left.folded == right.folded }

    /// Adds what makes the name the same one.
    package func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}
