import Dispatch
import Glibc
import LibP2P

/// A connected Unix socket whose calls block.
struct UnixSocket: Sendable {
    /// Bytes that are read or written at once, as many as Go's `io.Copy` takes, with which p2pd does the same.
    static let piece = 32 * 1024

    private let descriptor: Int32

    /// - Throws: `RequestError.system`.
    init(path: String) throws(RequestError) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isTaken = withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            guard path.utf8.count < bytes.count else { return false }
            bytes.copyBytes(from: path.utf8)
            return true
        }
        guard isTaken else { throw .malformed("path") }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let connected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            close()
            throw .system("connect to \(path)", errno)
        }
    }

    /// What comes next; nothing at the end or when the socket fails.
    func read() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.piece) { bytes, count in
            count = max(0, Glibc.read(descriptor, bytes.baseAddress, bytes.count))
        }
    }

    /// Writes all of it. False: the socket fails.
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let rest = UnsafeRawBufferPointer(rebasing: bytes[sent...].prefix(Self.piece))
                let count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }

    /// Nothing more is written.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Has all calls return.
    func end() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func close() { _ = Glibc.close(descriptor) }
}

/// A thread of its own for tasks whose calls block.
final class BlockingExecutor: TaskExecutor {
    private let queue = DispatchQueue(label: "blocking")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

extension UnixSocket {
    /// Joins the socket and a stream, both ways, until both directions have ended; then both are gone.
    func join(_ stream: any PeerStream) async {
        let outgoing = Task(executorPreference: BlockingExecutor()) { await carry(to: stream) }
        let incoming = Task(executorPreference: BlockingExecutor()) { await carry(from: stream) }
        await outgoing.value
        await incoming.value
        close()
    }

    private func carry(to stream: any PeerStream) async {
        do throws(StreamError) {
            while true {
                let bytes = read()
                guard !bytes.isEmpty else { return try await stream.finish() }
                try await stream.write(bytes)
            }
        } catch { fail(stream) }
    }

    private func carry(from stream: any PeerStream) async {
        do throws(StreamError) {
            while let bytes = try await stream.read() {
                guard write(bytes) else { return fail(stream) }
            }
            finish()
        } catch { fail(stream) }
    }

    private func fail(_ stream: any PeerStream) {
        stream.reset()
        end()
    }
}
