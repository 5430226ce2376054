/// Why a negotiation ends without a protocol.
public enum MultistreamError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A line of more than `MultistreamLine.maximumLength` bytes, or a length that is no varint.
    case badLength
    /// A line that is empty, does not end with a newline or has something else in it than visible ASCII.
    case badLine
    /// The other side does not speak multistream 1.0.0.
    case notMultistream
    /// An answer that is neither the proposal nor `na`.
    case unexpectedAnswer
    /// The other side takes none of the proposals.
    case nothingInCommon
    /// More proposals than a peer needs.
    case tooManyProposals
    /// The negotiation has ended already.
    case finished

    /// One line for a person.
    public var description: String {
        switch self {
        case .badLength: "a multistream line has a bad length"
        case .badLine: "a multistream line has a bad form"
        case .notMultistream: "the peer does not speak \(MultistreamLine.header)"
        case .unexpectedAnswer: "the peer answered a protocol that was not proposed"
        case .nothingInCommon: "the peer speaks none of the proposed protocols"
        case .tooManyProposals: "the peer proposed too many protocols"
        case .finished: "the negotiation has ended"
        }
    }
}

/// What a side of a negotiation has its caller do.
public enum MultistreamAction: Hashable, Sendable {
    /// Send these bytes.
    case send([UInt8])
    /// The protocol is agreed. `leftOver` are bytes of the peer that belong to it already; nothing may be given to the
    /// state machine from here on.
    case agreed(protocol: String, leftOver: [UInt8])
}

/// The lines of multistream-select (https://github.com/multiformats/multistream-select): varint length, text, newline.
public enum MultistreamLine {
    /// The longest line with its newline, in bytes.
    public static let maximumLength = 1024
    /// The first line of both sides.
    public static let header = "/multistream/1.0.0"
    /// The answer to a protocol that is not spoken.
    public static let notAvailable = "na"

    /// The bytes of a line; `text` is allowed as one.
    public static func encode(_ text: String) -> [UInt8] {
        precondition(isAllowed(text), "a protocol name is short and of visible ASCII")
        return UVarint.prefixed(Array(text.utf8) + [UInt8(ascii: "\n")])
    }

    /// Whether `text` can be a line: 1...1023 visible ASCII characters. The spec allows UTF-8, but no protocol has other
    /// characters, and two texts are then equal in Swift only if their bytes are.
    public static func isAllowed(_ text: String) -> Bool {
        (1..<maximumLength).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}

/// Collects bytes and takes whole lines from them. Holds at most one line that is not whole and what came with it.
struct MultistreamBuffer {
    private var held: ArraySlice<UInt8> = []

    mutating func append(_ bytes: [UInt8]) { held.append(contentsOf: bytes) }

    /// The next line without its newline, nil when it is not whole yet.
    mutating func line() throws(MultistreamError) -> String? {
        let parsed: (value: UInt64, length: Int)?
        do throws(UVarintError) { parsed = try UVarint.parse(held) } catch { throw .badLength }
        guard let parsed else { return nil }
        guard parsed.value <= UInt64(MultistreamLine.maximumLength) else { throw .badLength }
        let length = Int(parsed.value)
        guard held.count >= parsed.length + length else { return nil }
        let line = held.dropFirst(parsed.length).prefix(length)
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        guard line.last == UInt8(ascii: "\n"), MultistreamLine.isAllowed(text) else { throw .badLine }
        held = held.dropFirst(parsed.length + length)
        return text
    }

    /// What is left, which belongs to the agreed protocol.
    mutating func takeRest() -> [UInt8] {
        defer { held = [] }
        return Array(held)
    }
}
