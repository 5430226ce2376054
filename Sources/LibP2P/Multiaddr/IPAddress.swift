import Foundation

/// An IPv4 address.
public struct IPv4: Hashable, Sendable, CustomStringConvertible {
    /// Four bytes in network order.
    public let bytes: [UInt8]

    /// Nil unless there are four bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 4 else { return nil }
        self.bytes = bytes
    }

    /// Reads dotted decimal of exactly four numbers without zeros in front.
    public init?(_ text: some StringProtocol) {
        guard let bytes = parseAddress(text, AF_INET, 4) else { return nil }
        self.bytes = bytes
    }

    /// Dotted decimal.
    public var description: String { bytes.map { "\($0)" }.joined(separator: ".") }
}

/// An IPv6 address.
public struct IPv6: Hashable, Sendable, CustomStringConvertible {
    /// Sixteen bytes in network order.
    public let bytes: [UInt8]

    /// Nil unless there are sixteen bytes.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    /// Reads the text forms of RFC 4291 without a zone.
    public init?(_ text: some StringProtocol) {
        guard let bytes = parseAddress(text, AF_INET6, 16) else { return nil }
        self.bytes = bytes
    }

    /// The form of RFC 5952: lower case, the first of the longest runs of two or more zero groups as `::`.
    public var description: String {
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        let texts = groups.map { String($0, radix: 16) }
        var longest = 0..<0
        var start = 0
        for (position, group) in groups.enumerated() {
            guard group == 0 else {
                start = position + 1
                continue
            }
            if position + 1 - start > longest.count { longest = start..<position + 1 }
        }
        guard longest.count > 1 else { return texts.joined(separator: ":") }
        let before = texts[..<longest.lowerBound].joined(separator: ":")
        return before + "::" + texts[longest.upperBound...].joined(separator: ":")
    }
}

/// The bytes of an address in the text forms of `inet_pton`, which is strict about both.
private func parseAddress(_ text: some StringProtocol, _ family: Int32, _ length: Int) -> [UInt8]? {
    // A zero byte would end the C string early.
    guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
    var bytes = [UInt8](repeating: 0, count: length)
    return inet_pton(family, String(text), &bytes) == 1 ? bytes : nil
}

/// A host name of a DNS component.
public struct DNSName: Hashable, Sendable {
    /// 1...253 ASCII characters: labels of 1...63 letters, digits, hyphens and underscores.
    public let text: String

    /// Nil when the text is no host name.
    public init?(_ text: some StringProtocol) {
        self.init(bytes: Array(text.utf8.prefix(254)))
    }

    /// Nil when the bytes are no host name.
    public init?(bytes: [UInt8]) {
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard bytes.count <= 253, labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(Self.isAllowed) })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
