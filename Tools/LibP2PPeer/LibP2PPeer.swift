import Foundation
import LibP2P
import Synchronization

/// A host that does what JSON lines on standard input say and answers in JSON lines on standard output; it ends at the end
/// of its input. Made for tests against other implementations of libp2p; no part of the node.
@main struct LibP2PPeer {
    static func main() async throws {
        let output = Output()
        let peer = try await Peer(Options(Array(CommandLine.arguments.dropFirst())), output)
        output.write(peer.description)
        for await line in lines() {
            do {
                let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
                Task { output.write(await peer.answer(request)) }
            } catch { output.write(Answer(error: "\(error)")) }
        }
        await peer.stop()
    }

    /// Lines of standard input, read by a thread of their own.
    private static func lines() -> AsyncStream<String> {
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        Thread.detachNewThread {
            while let line = readLine() { continuation.yield(line) }
            continuation.finish()
        }
        return lines
    }
}

/// Standard output, a whole line at a time.
final class Output: Sendable {
    private let lock = Mutex(())

    func write(_ answer: Answer) {
        guard let line = try? JSONEncoder().encode(answer) else { return }
        lock.withLock { _ in try? FileHandle.standardOutput.write(contentsOf: line + Data("\n".utf8)) }
    }
}
