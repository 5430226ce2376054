import Dispatch
import Synchronization

/// Waits on a thread of the caller for what runs in a task. Never to be called from a task.
enum Blocking {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let box = Box<Value>()
        Task.detached {
            do { box.end(.success(try await body())) } catch { box.end(.failure(error)) }
        }
        return try box.wait()
    }

    static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) -> Value {
        let box = Box<Value>()
        Task.detached { box.end(.success(await body())) }
        do { return try box.wait() } catch { preconditionFailure("a body that throws nothing failed") }
    }

    private final class Box<Value: Sendable>: Sendable {
        private let result = Mutex<Result<Value, any Error>?>(nil)
        private let done = DispatchSemaphore(value: 0)

        func end(_ value: Result<Value, any Error>) {
            result.withLock { $0 = value }
            done.signal()
        }

        func wait() throws -> Value {
            done.wait()
            guard let value = result.withLock({ $0 }) else { preconditionFailure("signalled without a result") }
            return try value.get()
        }
    }
}
