import Synchronization

/// What a command printed, kept in memory.
package final class CapturedOutput: Sendable {
    private let streams = Mutex<(output: [UInt8], error: [UInt8])>(([], []))

    package init() {}

    /// Standard output so far.
    package var output: String { streams.withLock { String(decoding: $0.output, as: UTF8.self) } }
    /// Standard error so far.
    package var error: String { streams.withLock { String(decoding: $0.error, as: UTF8.self) } }

    func append(_ bytes: [UInt8], toError: Bool) {
        streams.withLock { streams in
            if toError { streams.error += bytes } else { streams.output += bytes }
        }
    }
}

extension Program {
    /// Runs one command and keeps what it prints, but for a node's log and what other programs print.
    package static func run(_ arguments: [String], into capture: CapturedOutput) -> Int32 {
        Output.$capture.withValue(capture) { run(arguments) }
    }
}
