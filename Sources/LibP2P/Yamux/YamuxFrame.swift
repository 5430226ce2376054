import NIOCore

/// The number of a stream within a connection: not zero, odd for streams that the dialer opened, even for the listener's.
public struct YamuxStreamID: Hashable, Comparable, Sendable {
    /// 1 to 2³² − 1.
    public let value: UInt32

    /// Nil for zero, which stands for the whole session.
    public init?(_ value: UInt32) {
        guard value != 0 else { return nil }
        self.value = value
    }

    /// Orders by number.
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}

/// What a frame says about the life of its stream, beside what it carries.
public struct YamuxFlags: OptionSet, Hashable, Sendable {
    /// Bits of the header's 16-bit field.
    public let rawValue: UInt16

    /// Takes the bits as they are.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Opens the stream.
    public static let syn = Self(rawValue: 1)
    /// Accepts the stream.
    public static let ack = Self(rawValue: 2)
    /// The sender has no more data for the stream.
    public static let fin = Self(rawValue: 4)
    /// The stream is gone at once, both ways.
    public static let rst = Self(rawValue: 8)
}

/// Why a side ends the session.
public enum YamuxGoAwayCode: Hashable, Sendable {
    /// 0: it opens no more streams and wants none.
    case normal
    /// 1: the other side broke the protocol.
    case protocolError
    /// 2: something of its own failed.
    case internalError
    /// Codes that came later.
    case other(UInt32)

    /// The code of a number.
    public init(_ value: UInt32) {
        switch value {
        case 0: self = .normal
        case 1: self = .protocolError
        case 2: self = .internalError
        default: self = .other(value)
        }
    }

    /// The number of the code.
    public var value: UInt32 {
        switch self {
        case .normal: 0
        case .protocolError: 1
        case .internalError: 2
        case .other(let value): value
        }
    }
}

/// One frame of yamux version 0, as libp2p/specs `yamux/README.md` defines it.
public enum YamuxFrame: Hashable, Sendable {
    /// Type 0: bytes of a stream, which count against its window.
    case data(YamuxStreamID, YamuxFlags, ByteBuffer)
    /// Type 1: the sender's receive window grew by so many bytes. With RST the number means nothing or an error code.
    case windowUpdate(YamuxStreamID, YamuxFlags, delta: UInt32)
    /// Type 2 with SYN: asks for the same value back.
    case ping(UInt32)
    /// Type 2 with ACK: the answer.
    case pong(UInt32)
    /// Type 3.
    case goAway(YamuxGoAwayCode)

    /// Size of a header in bytes.
    public static let headerSize = 12

    /// The frame as it is sent: 12 bytes, big-endian, and the data.
    public var encoded: [UInt8] {
        var buffer = ByteBuffer()
        encode(into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Appends the frame as it is sent.
    func encode(into buffer: inout ByteBuffer) {
        switch self {
        case .data(let stream, let flags, let bytes):
            Self.encodeHeader(ofData: bytes.readableBytes, stream, flags, into: &buffer)
            buffer.writeImmutableBuffer(bytes)
        case .windowUpdate(let stream, let flags, let delta): Self.encode(1, flags, stream.value, delta, &buffer)
        case .ping(let value): Self.encode(2, .syn, 0, value, &buffer)
        case .pong(let value): Self.encode(2, .ack, 0, value, &buffer)
        case .goAway(let code): Self.encode(3, [], 0, code.value, &buffer)
        }
    }

    /// Appends the header of a frame with so many bytes of data, which are to follow.
    static func encodeHeader(
        ofData count: Int, _ stream: YamuxStreamID, _ flags: YamuxFlags, into buffer: inout ByteBuffer
    ) {
        encode(0, flags, stream.value, UInt32(truncatingIfNeeded: count), &buffer)
    }

    private static func encode(
        _ type: UInt8, _ flags: YamuxFlags, _ stream: UInt32, _ length: UInt32, _ buffer: inout ByteBuffer
    ) {
        buffer.writeMultipleIntegers(UInt8(0), type, flags.rawValue, stream, length)
    }
}
