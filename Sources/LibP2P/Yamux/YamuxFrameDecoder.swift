import NIOCore

/// Cuts a stream of bytes into frames. It holds at most one unfinished frame and what arrived with its last bytes.
public struct YamuxFrameDecoder: Sendable {
    private enum State: Hashable {
        case header
        case payload(YamuxStreamID, YamuxFlags, length: Int)
        case failed(YamuxFrameError)
    }

    /// Most bytes of data in a frame.
    public let maximumLength: Int
    private var state = State.header
    /// The first bytes of a header or of data that is not whole.
    private var partial = ByteBuffer()
    /// What follows and was not looked at.
    private var input = ByteBuffer()

    /// Expects the first header.
    ///
    /// - Parameter maximumLength: most bytes of data in a frame; a longer one is an error as soon as its header is there.
    public init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// Bytes that wait for the rest of their frame.
    public var bufferedBytes: Int { partial.readableBytes + input.readableBytes }

    /// Adds bytes as they came from the connection.
    public mutating func append(_ bytes: ByteBuffer) {
        if input.readableBytes == 0 { input = bytes } else { input.writeImmutableBuffer(bytes) }
    }

    /// Adds bytes as they came from the connection.
    public mutating func append(_ bytes: [UInt8]) { append(ByteBuffer(bytes: bytes)) }

    /// Takes the next frame.
    ///
    /// - Returns: nil if more bytes are needed.
    /// - Throws: what is wrong with the frame; the same error from then on, as nothing after it can be understood.
    public mutating func next() throws(YamuxFrameError) -> YamuxFrame? {
        while true {
            switch state {
            case .failed(let error): throw error
            case .header:
                guard let bytes = take(YamuxFrame.headerSize) else { return nil }
                switch try header(bytes) {
                case .bare(let frame): return frame
                case .data(let stream, let flags, let length): state = .payload(stream, flags, length: length)
                }
            case .payload(let stream, let flags, let length):
                guard let bytes = take(length) else { return nil }
                state = .header
                return .data(stream, flags, bytes)
            }
        }
    }

    /// The next `count` bytes, nil when they are not all there; only bytes whose rest is missing are moved.
    private mutating func take(_ count: Int) -> ByteBuffer? {
        if partial.readableBytes == 0, let bytes = input.readSlice(length: count) { return bytes }
        let missing = min(count - partial.readableBytes, input.readableBytes)
        if var more = input.readSlice(length: missing) { partial.writeBuffer(&more) }
        guard partial.readableBytes == count else {
            input = ByteBuffer()
            return nil
        }
        defer { partial = ByteBuffer() }
        return partial
    }

    private mutating func header(_ bytes: ByteBuffer) throws(YamuxFrameError) -> YamuxHeader {
        do {
            return try YamuxHeader(Array(bytes.readableBytesView)[...], maximumLength: maximumLength)
        } catch {
            state = .failed(error)
            throw error
        }
    }
}
