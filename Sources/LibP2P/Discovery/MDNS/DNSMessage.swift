/// A DNS message (RFC 1035, section 4) as far as multicast DNS (RFC 6762) to find peers needs it.
package struct DNSMessage: Hashable, Sendable {
    /// The longest message that is read, in bytes (RFC 6762, section 17).
    package static let maximumLength = 9000
    /// The most questions and records of a message that is read.
    package static let maximumEntries = 128

    /// The type of a record.
    package enum Kind: UInt16, Sendable {
        /// A name that leads to another one.
        case pointer = 12
        /// Strings.
        case text = 16
        /// In questions: every type.
        case any = 255
    }

    /// What is asked.
    package struct Question: Hashable, Sendable {
        /// Of which name.
        package var name: DNSLabels
        /// The type of record.
        package var type: UInt16
        /// The class without the bit that asks for an answer to the asker only.
        package var recordClass: UInt16 = 1

        /// A question of the class for the Internet.
        package init(name: DNSLabels, kind: Kind) { (self.name, type) = (name, kind.rawValue) }

        init(name: DNSLabels, type: UInt16, recordClass: UInt16) {
            (self.name, self.type, self.recordClass) = (name, type, recordClass)
        }

        /// Whether records of a type of this name, in the class for the Internet, are an answer.
        package func asks(for kind: Kind, of name: DNSLabels) -> Bool {
            (type == kind.rawValue || type == Kind.any.rawValue) && (recordClass == 1 || recordClass == 255)
                && self.name == name
        }
    }

    /// What a record says.
    package enum Content: Hashable, Sendable {
        /// PTR.
        case pointer(DNSLabels)
        /// TXT: strings of at most 255 bytes.
        case text([[UInt8]])
        /// Another type, whose value is not read.
        case other(type: UInt16)
    }

    /// A record.
    package struct Record: Hashable, Sendable {
        /// Whose.
        package var name: DNSLabels
        /// Seconds it holds; 0 takes it back.
        package var timeToLive: UInt32
        /// The class without the bit that replaces older records.
        package var recordClass: UInt16 = 1
        /// The value.
        package var content: Content

        /// A record of the class for the Internet.
        package init(name: DNSLabels, timeToLive: UInt32, content: Content) {
            (self.name, self.timeToLive, self.content) = (name, timeToLive, content)
        }

        init(name: DNSLabels, timeToLive: UInt32, recordClass: UInt16, content: Content) {
            self.init(name: name, timeToLive: timeToLive, content: content)
            self.recordClass = recordClass
        }
    }

    /// Whether it answers.
    package var isResponse: Bool
    /// What is asked.
    package var questions: [Question] = []
    /// The answers.
    package var answers: [Record] = []
    /// Records that whoever reads the answers will want next.
    package var additional: [Record] = []

    /// A message.
    package init(
        isResponse: Bool, questions: [Question] = [], answers: [Record] = [], additional: [Record] = []
    ) {
        (self.isResponse, self.questions) = (isResponse, questions)
        (self.answers, self.additional) = (answers, additional)
    }

    /// The wire form without compressed names; nil when it is longer than `maximumLength`, a string is longer than 255
    /// bytes, or a record is of another type than PTR and TXT.
    package var encoded: [UInt8]? {
        guard max(questions.count, answers.count, additional.count) <= Self.maximumEntries else { return nil }
        var bytes: [UInt8] = [0, 0, isResponse ? 0x84 : 0, 0]
        for count in [questions.count, answers.count, 0, additional.count] { bytes += Self.bytes(UInt16(count)) }
        for question in questions {
            bytes += question.name.bytes + Self.bytes(question.type) + Self.bytes(question.recordClass)
        }
        for record in answers + additional {
            guard let encoded = Self.bytes(record) else { return nil }
            bytes += encoded
        }
        return bytes.count <= Self.maximumLength ? bytes : nil
    }

    private static func bytes(_ record: Record) -> [UInt8]? {
        let kind: Kind
        var value: [UInt8] = []
        switch record.content {
        case .pointer(let name): (kind, value) = (.pointer, name.bytes)
        case .text(let strings):
            kind = .text
            guard strings.allSatisfy({ $0.count <= 255 }) else { return nil }
            // A text record has one string at least.
            value = strings.isEmpty ? [0] : strings.flatMap { [UInt8($0.count)] + $0 }
        case .other: return nil
        }
        guard let length = UInt16(exactly: value.count) else { return nil }
        let seconds = record.timeToLive
        return record.name.bytes + bytes(kind.rawValue) + bytes(record.recordClass)
            + bytes(UInt16(seconds >> 16)) + bytes(UInt16(truncatingIfNeeded: seconds)) + bytes(length) + value
    }

    private static func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)] }
}
