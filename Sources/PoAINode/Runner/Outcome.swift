import Foundation
import Synchronization

/// Where the threads of a node leave the reason for its end, and where its main thread waits for it.
final class Outcome: Sendable {
    private let result = Mutex<Result<NodeExit, any Error>?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    /// Notes the reason; the first one counts.
    func end(_ reason: Result<NodeExit, any Error>) {
        result.withLock { result in
            if result == nil { result = reason }
        }
        arrived.signal()
    }

    /// Waits some time for a reason.
    func wait(seconds: Double) -> Result<NodeExit, any Error>? {
        _ = arrived.wait(timeout: .now() + seconds)
        return result.withLock { $0 }
    }
}
