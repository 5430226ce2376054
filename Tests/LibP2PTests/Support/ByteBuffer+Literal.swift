import NIOCore

extension ByteBuffer: @retroactive ExpressibleByArrayLiteral {
    /// Lets tests write down the bytes of a frame.
    public init(arrayLiteral bytes: UInt8...) { self.init(bytes: bytes) }
}
