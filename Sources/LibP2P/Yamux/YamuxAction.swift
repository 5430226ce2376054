import NIOCore

/// Which end of the connection a session is.
public enum YamuxRole: Hashable, Sendable {
    /// It dialled; its streams have odd numbers.
    case dialer
    /// It accepted the connection; its streams have even numbers.
    case listener
}

/// Why a stream ended before both sides finished it.
public enum YamuxResetReason: Hashable, Sendable {
    /// The peer said so.
    case peer
    /// More data of the session waits to be consumed than is allowed; the peer was told.
    case unconsumedBytes
}

/// How the peer broke the protocol.
public enum YamuxViolation: Error, Hashable, Sendable {
    /// Bytes that are no frame.
    case frame(YamuxFrameError)
    /// It opened a stream with a number of this side.
    case parity(YamuxStreamID)
    /// It opened a stream a second time.
    case reopened(YamuxStreamID)
    /// It skipped too many numbers.
    case skippedStreams
    /// A frame for a stream that nobody opened.
    case neverOpened(YamuxStreamID)
    /// It acknowledged a stream that it opened itself.
    case acknowledgedOwn(YamuxStreamID)
    /// More data than the window allows.
    case windowOverrun(YamuxStreamID)
    /// A window of more than 2³² − 1 bytes.
    case windowOverflow(YamuxStreamID)
    /// Data after the end of the data.
    case dataAfterFinish(YamuxStreamID)
    /// It asks for answers and does not read them.
    case pendingAnswers
    /// Too many frames that achieve nothing.
    case nuisances
}

/// Why a session is over.
public enum YamuxEnd: Hashable, Sendable {
    /// The peer broke the protocol; a go-away with code 1 is the last frame to send.
    case violation(YamuxViolation)
    /// The peer ended it with a code other than 0.
    case peer(YamuxGoAwayCode)
    /// The peer did not answer a ping in time.
    case keepAlive
    /// This side ended it; a go-away with that code is the last frame to send.
    case local(YamuxGoAwayCode)
    /// The connection is gone.
    case disconnected
}

/// What the owner of a session is told.
public enum YamuxAction: Hashable, Sendable {
    /// The peer opened a stream; to be accepted, used or reset.
    case opened(YamuxStreamID)
    /// The peer accepted a stream of this side.
    case accepted(YamuxStreamID)
    /// Data of a stream, not empty; to be reported by `consume` once it is dealt with.
    case received(YamuxStreamID, ByteBuffer)
    /// There is no more data from the peer.
    case finished(YamuxStreamID)
    /// The stream is gone; its number means nothing any more.
    case reset(YamuxStreamID, YamuxResetReason)
    /// Both sides finished and everything was consumed; the number means nothing any more.
    case closed(YamuxStreamID)
    /// At least half of the stream's send buffer is free again.
    case writable(YamuxStreamID)
    /// The peer wants no new streams; those that are open go on.
    case goingAway
    /// The peer answered a ping after this time.
    case roundTrip(Duration)
    /// The session is over and all its streams with it. Nothing follows.
    case ended(YamuxEnd)
}

/// What the owner of a session asked for and cannot have.
public enum YamuxError: Error, Hashable, Sendable {
    /// The session is over.
    case ended
    /// One side said it goes away: no new streams.
    case goingAway
    /// As many streams are open as may be.
    case streams
    /// The peer has yet to accept the streams that are open.
    case acknowledgementBacklog
    /// All 2³¹ numbers were used.
    case exhausted
    /// There is no such stream now.
    case unknownStream
    /// This side already finished the stream.
    case finished
    /// More bytes than the send buffers have room for.
    case sendBuffer
    /// More than was received.
    case consumed
}
