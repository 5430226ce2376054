/// Messages with their length in front, as most protocols of libp2p send them.
public struct StreamMessages: Sendable {
    private let stream: any PeerStream
    private var rest: [UInt8] = []

    /// Messages from `stream`, of which nothing was read yet.
    public init(_ stream: any PeerStream) { self.stream = stream }

    /// The next message; nil when the peer finished after a whole one.
    /// - Throws: `StreamError`; `tooLong` above `limit` bytes, before they are read.
    public mutating func next(limit: Int) async throws(StreamError) -> [UInt8]? {
        while true {
            if let message = try take(limit: limit) { return message }
            guard let bytes = try await stream.read() else {
                guard rest.isEmpty else { throw .malformed }
                return nil
            }
            rest += bytes
        }
    }

    private mutating func take(limit: Int) throws(StreamError) -> [UInt8]? {
        let prefix: (value: UInt64, length: Int)?
        do throws(UVarintError) { prefix = try UVarint.parse(rest[...]) } catch { throw .malformed }
        guard let prefix else { return nil }
        guard prefix.value <= UInt64(limit) else { throw .tooLong(limit: limit) }
        let end = prefix.length + Int(prefix.value)
        guard rest.count >= end else { return nil }
        defer { rest.removeFirst(end) }
        return Array(rest[prefix.length..<end])
    }
}

extension PeerStream {
    /// Sends a message with its length in front.
    /// - Throws: `StreamError`.
    public func write(message: [UInt8]) async throws(StreamError) { try await write(UVarint.prefixed(message)) }
}
