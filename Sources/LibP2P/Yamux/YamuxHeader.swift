/// What is wrong with the bytes of a frame.
public enum YamuxFrameError: Error, Hashable, Sendable {
    /// A version other than 0.
    case version(UInt8)
    /// A type above 3.
    case type(UInt8)
    /// Bits that no version defines, or that the type does not allow, or SYN together with ACK.
    case flags(UInt16)
    /// Data or a window update for stream 0.
    case sessionStream
    /// A ping or a go-away that names a stream.
    case stream(UInt32)
    /// More data than a frame may carry.
    case length(UInt32)
}

/// A header that was checked. Only frames with data need more bytes.
enum YamuxHeader: Hashable, Sendable {
    case data(YamuxStreamID, YamuxFlags, length: Int)
    case bare(YamuxFrame)

    /// Checks the 12 bytes of a header.
    ///
    /// - Parameter maximumLength: most bytes of data in a frame.
    init(_ bytes: ArraySlice<UInt8>, maximumLength: Int) throws(YamuxFrameError) {
        let version = bytes.first ?? 0
        guard version == 0 else { throw .version(version) }
        let type = bytes.dropFirst().first ?? 0
        let flags = YamuxFlags(rawValue: UInt16(truncatingIfNeeded: Self.number(bytes.dropFirst(2).prefix(2))))
        let stream = Self.number(bytes.dropFirst(4).prefix(4))
        let length = Self.number(bytes.dropFirst(8).prefix(4))
        switch type {
        case 0:
            let id = try Self.streamID(stream, flags)
            guard length <= maximumLength else { throw .length(length) }
            self = .data(id, flags, length: Int(length))
        case 1:
            self = .bare(.windowUpdate(try Self.streamID(stream, flags), flags, delta: length))
        case 2:
            guard stream == 0 else { throw .stream(stream) }
            guard flags == .syn || flags == .ack else { throw .flags(flags.rawValue) }
            self = .bare(flags == .syn ? .ping(length) : .pong(length))
        case 3:
            guard stream == 0 else { throw .stream(stream) }
            guard flags.isEmpty else { throw .flags(flags.rawValue) }
            self = .bare(.goAway(YamuxGoAwayCode(length)))
        default: throw .type(type)
        }
    }

    private static func streamID(_ stream: UInt32, _ flags: YamuxFlags) throws(YamuxFrameError) -> YamuxStreamID {
        guard flags.isSubset(of: [.syn, .ack, .fin, .rst]), !flags.isSuperset(of: [.syn, .ack]) else {
            throw .flags(flags.rawValue)
        }
        guard let id = YamuxStreamID(stream) else { throw .sessionStream }
        return id
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}
