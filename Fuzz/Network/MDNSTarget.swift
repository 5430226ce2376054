import LibP2P

/// Messages of multicast DNS, whose names may point backwards.
enum MDNSTarget {
    @Sendable static func run(_ input: [UInt8]) {
        // A name has up to 127 labels, and two bytes may point to one.
        guard let message = try? bounded(input, factor: 4096, { try DNSMessage(encoded: input) }) else { return }
        let records = message.answers + message.additional
        require(message.questions.count + records.count <= DNSMessage.maximumEntries, "few entries")
        for name in records.map(\.name) + message.questions.map(\.name) {
            require(name.bytes.count <= DNSLabels.maximumLength, "a short name")
        }
        guard let encoded = message.encoded else { return }
        require((try? DNSMessage(encoded: encoded)) == canonical(message), "what is written is read back")
    }

    /// A text without strings is written with one that is empty.
    private static func canonical(_ message: DNSMessage) -> DNSMessage {
        func filled(_ record: DNSMessage.Record) -> DNSMessage.Record {
            var record = record
            if record.content == .text([]) { record.content = .text([[]]) }
            return record
        }
        var message = message
        message.answers = message.answers.map(filled)
        message.additional = message.additional.map(filled)
        return message
    }
}
