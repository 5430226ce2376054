import Crypto
import LibP2P

/// One stream of a served protocol.
struct ServedStream {
    private let stream: any PeerStream
    private let mode: Request.ServeMode
    private var hash = SHA256()
    /// The bytes that came, without the number in front.
    private(set) var count = 0

    init(_ stream: any PeerStream, _ mode: Request.ServeMode) {
        self.stream = stream
        self.mode = mode
    }

    /// Serves to the end.
    mutating func run() async throws(StreamError) {
        var expected = mode == .digest || mode == .discard ? nil : Int.max
        var header: [UInt8] = []
        while var bytes = try await stream.read() {
            if expected == nil {
                header += bytes
                guard header.count >= 8 else { continue }
                expected = header.prefix(8).reduce(0) { $0 << 8 | Int($1) }
                bytes = Array(header.dropFirst(8))
            }
            try await take(bytes)
            if count == expected { try await stream.write(Array(hash.finalize())) }
        }
        if mode == .late { try await stream.write(Array(hash.finalize())) }
        try await stream.finish()
    }

    private mutating func take(_ bytes: [UInt8]) async throws(StreamError) {
        count += bytes.count
        if mode != .discard { hash.update(data: bytes) }
        if mode == .echo { try await stream.write(bytes) }
    }
}
