import Foundation
import PoAIJSON
import Synchronization

/// An HTTP server on a port of its own that plays a node: each call gets what `answer` says. It keeps what it was asked,
/// and lives as long as the process.
final class FakeNode: Sendable {
    /// What a call gets.
    enum Reply: Sendable {
        /// A result of JSON-RPC.
        case result(JSONValue)
        /// An error of JSON-RPC.
        case error(Int, String)
        /// These bytes as the body, with a status.
        case body([UInt8], status: Int = 200)
        /// These bytes instead of HTTP.
        case raw([UInt8])
        /// The connection is closed.
        case hangUp
        /// Nothing.
        case silence
        /// A header, and then a byte of the body every 50 ms.
        case drip
    }

    /// A call that came.
    struct Call: Equatable, Sendable {
        var method: String
        var params: JSONValue
    }

    private struct State {
        var calls: [Call] = []
        var heads: [String] = []
    }

    private let listener: Int32
    private let answer: @Sendable (Call) -> Reply
    private let state = Mutex(State())
    /// The port on the loopback interface.
    let port: UInt16

    var url: String { "http://127.0.0.1:\(port)" }
    /// Calls so far.
    var calls: [Call] { state.withLock { $0.calls } }
    /// Heads of the HTTP requests so far.
    var heads: [String] { state.withLock { $0.heads } }

    init(_ answer: @escaping @Sendable (Call) -> Reply) throws {
        self.answer = answer
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    /// What this one would answer.
    func reply(to call: Call) -> Reply { answer(call) }

    /// Always the same reply.
    convenience init(_ reply: Reply) throws { try self.init { _ in reply } }

    /// A port of the loopback interface where nothing listens.
    static func freePort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let done = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(descriptor, plain, size) == 0 && Foundation.listen(descriptor, 16) == 0
                    && getsockname(descriptor, plain, &size) == 0
            }
        }
        guard descriptor >= 0, done else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func serve(_ connection: Int32) {
        guard let (head, body) = Self.request(connection) else { return shutDown(connection) }
        let json = try? JSONReader.read(body)
        guard case .text(let method)? = json?["method"] else { return shutDown(connection) }
        let call = Call(method: method, params: json?["params"] ?? .null)
        state.withLock { state in
            state.calls.append(call)
            state.heads.append(head)
        }
        send(answer(call), id: json?["id"] ?? .null, to: connection)
    }

    private func send(_ reply: Reply, id: JSONValue, to connection: Int32) {
        switch reply {
        case .result(let value):
            send(.body(JSONWriter.bytes(["id": id, "jsonrpc": "2.0", "result": value])), id: id, to: connection)
        case .error(let code, let message):
            let error: JSONValue = ["code": .number("\(code)"), "message": .text(message)]
            send(.body(JSONWriter.bytes(["error": error, "id": id, "jsonrpc": "2.0"])), id: id, to: connection)
        case .body(let body, let status):
            let head =
                "HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
                + "Location: http://127.0.0.1:\(port)/other\r\nConnection: close\r\n\r\n"
            write(Array(head.utf8) + body, to: connection)
            shutDown(connection)
        case .raw(let bytes):
            write(bytes, to: connection)
            shutDown(connection)
        case .hangUp: shutDown(connection)
        case .silence: break
        case .drip:
            write(Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8), to: connection)
            for _ in 0..<200 {
                guard write([0x20], to: connection) else { return }
                usleep(50_000)
            }
        }
    }

    private func shutDown(_ connection: Int32) { shutdown(connection, Int32(SHUT_RDWR)) }

    @discardableResult private func write(_ bytes: [UInt8], to connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// One request: head, and a body of the length that the head tells.
    private static func request(_ connection: Int32) -> (head: String, body: [UInt8])? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < 1 << 20 {
            let text = String(decoding: bytes, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = String(text[..<end.lowerBound])
                let length =
                    head.lowercased().split(separator: "\r\n").compactMap { line in
                        line.hasPrefix("content-length:")
                            ? Int(line.dropFirst(15).trimmingCharacters(in: .whitespaces)) : nil
                    }.first ?? 0
                let body = bytes.dropFirst(head.utf8.count + 4)
                if body.count >= length { return (head, Array(body)) }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }
}
