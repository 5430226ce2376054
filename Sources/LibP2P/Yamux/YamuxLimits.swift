/// What a session spends at most on its peer. All sizes are in bytes.
public struct YamuxLimits: Hashable, Sendable {
    /// The window every stream starts with, by the specification.
    public static let initialWindow = 256 * 1024

    /// Streams the peer may have open at once; more are reset.
    public var inboundStreams = 1024
    /// Streams this side may have open at once.
    public var outboundStreams = 1024
    /// Streams of one side that the other has not acknowledged yet; the specification says 256.
    public var acknowledgementBacklog = 256
    /// A receive window is never raised above this; at least `initialWindow`.
    public var maximumWindow = 4 * 1024 * 1024
    /// Sum of the receive windows beyond which none is raised.
    public var windowBudget = 64 * 1024 * 1024
    /// Received bytes that were not reported as consumed, over all streams; a stream that goes beyond is reset.
    public var unconsumedBytes = 32 * 1024 * 1024
    /// Bytes that wait to be sent, for one stream.
    public var streamSendBuffer = 1024 * 1024
    /// Bytes that wait to be sent, over all streams.
    public var sessionSendBuffer = 32 * 1024 * 1024
    /// Most data in a frame that is received. A peer may fill a window with one frame, so at least `maximumWindow`.
    public var receivedFrame = 4 * 1024 * 1024
    /// Most data in a frame that is sent: the frame fills one Noise message. Streams alternate with each frame.
    public var sentFrame = NoiseFrame.maximumPlaintext - YamuxFrame.headerSize
    /// Answers (to pings and refused streams) that wait to be sent; a peer that asks for more without reading is cut off.
    public var pendingAnswers = 512
    /// Frames that achieve nothing (pings, refused streams, streams reset at once, empty frames) within `nuisancePeriod`.
    public var nuisances = 8192
    /// See `nuisances`.
    public var nuisancePeriod = Duration.seconds(30)
    /// Numbers that the peer skipped when it opened streams, and may still use.
    public var skippedStreams = 512
    /// Time between pings.
    public var keepAlive = Duration.seconds(30)
    /// Without any byte for so long after a ping, the peer is gone.
    public var pingTimeout = Duration.seconds(10)

    /// The values that a node starts with.
    public init() {}
}
