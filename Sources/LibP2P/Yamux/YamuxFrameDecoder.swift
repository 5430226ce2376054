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
    private var buffer = YamuxByteQueue()

    /// Expects the first header.
    ///
    /// - Parameter maximumLength: most bytes of data in a frame; a longer one is an error as soon as its header is there.
    public init(maximumLength: Int) { self.maximumLength = maximumLength }

    /// Bytes that wait for the rest of their frame.
    public var bufferedBytes: Int { buffer.count }

    /// Adds bytes as they came from the connection.
    public mutating func append(_ bytes: [UInt8]) { buffer.append(bytes) }

    /// Takes the next frame.
    ///
    /// - Returns: nil if more bytes are needed.
    /// - Throws: what is wrong with the frame; the same error from then on, as nothing after it can be understood.
    public mutating func next() throws(YamuxFrameError) -> YamuxFrame? {
        while true {
            switch state {
            case .failed(let error): throw error
            case .header:
                guard buffer.count >= YamuxFrame.headerSize else { return nil }
                switch try takeHeader() {
                case .bare(let frame): return frame
                case .data(let stream, let flags, let length): state = .payload(stream, flags, length: length)
                }
            case .payload(let stream, let flags, let length):
                guard buffer.count >= length else { return nil }
                state = .header
                return .data(stream, flags, buffer.take(length))
            }
        }
    }

    private mutating func takeHeader() throws(YamuxFrameError) -> YamuxHeader {
        do {
            return try YamuxHeader(buffer.take(YamuxFrame.headerSize)[...], maximumLength: maximumLength)
        } catch {
            state = .failed(error)
            throw error
        }
    }
}
