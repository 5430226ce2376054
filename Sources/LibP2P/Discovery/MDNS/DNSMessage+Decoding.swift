/// Why bytes are not a DNS message that is read.
package enum DNSMessageError: Error, Hashable, Sendable {
    /// More bytes than `DNSMessage.maximumLength`.
    case tooLong
    /// More questions and records than `DNSMessage.maximumEntries`.
    case tooMany
    /// It ends too early.
    case truncated
    /// An operation or a failure; multicast DNS has only plain questions and answers.
    case notPlain
    /// A label of a reserved kind, a pointer that does not lead backwards, or a name of more than 255 bytes.
    case badName
    /// A value that is longer or shorter than its record says.
    case badValue
}

extension DNSMessage {
    /// Reads the wire form. What follows the last record is ignored.
    /// - Throws: `DNSMessageError`.
    package init(encoded bytes: [UInt8]) throws(DNSMessageError) {
        guard bytes.count <= Self.maximumLength else { throw .tooLong }
        var reader = DNSReader(bytes)
        _ = try reader.number()
        let flags = try reader.number()
        guard flags & 0x7800 == 0, flags & 0x000F == 0 else { throw .notPlain }
        self.init(isResponse: flags & 0x8000 != 0)
        let counts = [
            Int(try reader.number()), Int(try reader.number()), Int(try reader.number()), Int(try reader.number()),
        ]
        guard counts.reduce(0, +) <= Self.maximumEntries else { throw .tooMany }
        for _ in 0..<counts[0] {
            let name = try reader.name()
            questions.append(
                Question(name: name, type: try reader.number(), recordClass: try reader.number() & 0x7FFF))
        }
        for _ in 0..<counts[1] { answers.append(try reader.record()) }
        for _ in 0..<counts[2] { _ = try reader.record() }
        for _ in 0..<counts[3] { additional.append(try reader.record()) }
    }
}

/// Reads the parts of a DNS message one after the other.
private struct DNSReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func byte() throws(DNSMessageError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func take(_ count: Int) throws(DNSMessageError) -> [UInt8] {
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func number() throws(DNSMessageError) -> UInt16 { UInt16(try byte()) << 8 | UInt16(try byte()) }

    /// A name whose labels may go on at an earlier place (RFC 1035, section 4.1.4). Every pointer has to lead to before
    /// the place where the labels since the last pointer began, so there is no loop.
    mutating func name() throws(DNSMessageError) -> DNSLabels {
        var labels: [[UInt8]] = []
        var length = 1
        var begin = position
        var end: Int?
        defer { if let end { position = end } }
        while true {
            let first = try byte()
            switch first & 0xC0 {
            case 0x00:
                guard first > 0 else {
                    guard let name = DNSLabels(labels) else { throw .badName }
                    return name
                }
                length += 1 + Int(first)
                guard length <= DNSLabels.maximumLength else { throw .badName }
                labels.append(try take(Int(first)))
            case 0xC0:
                let target = Int(first & 0x3F) << 8 | Int(try byte())
                guard target < begin else { throw .badName }
                if end == nil { end = position }
                (begin, position) = (target, target)
            default: throw .badName
            }
        }
    }

    mutating func record() throws(DNSMessageError) -> DNSMessage.Record {
        let name = try name()
        let type = try number()
        let recordClass = try number() & 0x7FFF
        let seconds = UInt32(try number()) << 16 | UInt32(try number())
        let length = Int(try number())
        guard length <= bytes.count - position else { throw .truncated }
        let content = try content(type, end: position + length)
        return DNSMessage.Record(name: name, timeToLive: seconds, recordClass: recordClass, content: content)
    }

    /// A value up to `end`, which is within the message.
    private mutating func content(_ type: UInt16, end: Int) throws(DNSMessageError) -> DNSMessage.Content {
        switch DNSMessage.Kind(rawValue: type) {
        case .pointer:
            let name = try name()
            guard position == end else { throw .badValue }
            return .pointer(name)
        case .text:
            var strings: [[UInt8]] = []
            while position < end { strings.append(try take(Int(try byte()))) }
            guard position == end else { throw .badValue }
            return .text(strings)
        case .any, nil:
            position = end
            return .other(type: type)
        }
    }
}
