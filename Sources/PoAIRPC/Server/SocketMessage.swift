import NIOCore
import NIOWebSocket

/// Puts the messages of a client together from frames, by RFC 6455.
struct SocketMessage {
    /// What a frame completes.
    enum Event {
        case none
        case request([UInt8])
        /// To be sent back.
        case ping(ByteBuffer)
        /// To be confirmed with these data.
        case close(ByteBuffer)
        case fault(WebSocketErrorCode, String)
    }

    private var content = ByteBuffer()
    private var isText = false
    /// When the first frame of a message came that is not complete.
    private(set) var since: NIODeadline?

    /// Bytes of the message that is not complete.
    var bytes: Int { content.readableBytes }

    /// Takes the next frame; no message may get longer than `limit` bytes.
    mutating func take(_ frame: WebSocketFrame, limit: Int) -> Event {
        guard frame.maskKey != nil else { return .fault(.protocolError, "a client must mask its frames") }
        guard frame.reservedBits.isEmpty else { return .fault(.protocolError, "no extension was agreed") }
        let data = frame.unmaskedData
        switch frame.opcode {
        case .text, .binary:
            guard since == nil else { return .fault(.protocolError, "a message is not complete") }
            isText = frame.opcode == .text
            content = ByteBuffer()
            return append(data, isLast: frame.fin, limit: limit)
        case .continuation:
            guard since != nil else { return .fault(.protocolError, "no message to go on with") }
            return append(data, isLast: frame.fin, limit: limit)
        case .ping, .pong, .connectionClose:
            guard frame.fin, data.readableBytes <= 125 else { return .fault(.protocolError, "a long control frame") }
            if frame.opcode == .connectionClose { return Self.close(data) }
            return frame.opcode == .ping ? .ping(data) : .none
        default: return .fault(.protocolError, "an unknown kind of frame")
        }
    }

    private mutating func append(_ data: ByteBuffer, isLast: Bool, limit: Int) -> Event {
        guard content.readableBytes + data.readableBytes <= limit else {
            return .fault(.messageTooLarge, "a message has at most \(limit) bytes")
        }
        content.writeImmutableBuffer(data)
        since = isLast ? nil : since ?? .now()
        guard isLast else { return .none }
        let request = Array(content.readableBytesView)
        content = ByteBuffer()
        if isText, String(validating: request, as: UTF8.self) == nil {
            return .fault(.dataInconsistentWithMessage, "text must be UTF-8")
        }
        return .request(request)
    }

    private static func close(_ data: ByteBuffer) -> Event {
        if data.readableBytes == 0 { return .close(data) }
        guard let code = data.getInteger(at: data.readerIndex, as: UInt16.self),
            [1000...1003, 1007...1014, 3000...4999].contains(where: { $0.contains(code) }),
            String(validating: data.readableBytesView.dropFirst(2), as: UTF8.self) != nil
        else { return .fault(.protocolError, "a wrong close code") }
        return .close(ByteBuffer(integer: code))
    }
}
