import Glibc

/// A client that blocks, on a plain socket, so that it can send whatever a library would not.
final class TestClient {
    struct Failure: Error { let what: String }

    struct Response {
        let status: Int
        let fields: [String: String]
        let body: String
    }

    private let descriptor: CInt
    private var buffer: [UInt8] = []

    /// Connects to a port of this machine. A client waits a minute at most for whatever it reads.
    init(port: Int, receiveBuffer: CInt? = nil) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(what: "socket: \(errno)") }
        var timeout = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure(what: "connect: \(errno)")
        }
    }

    deinit { close(descriptor) }

    /// Sends all; false: the server has closed the connection or does not take more.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// Exactly `count` bytes.
    func receive(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receiveMore() else { throw Failure(what: "closed after \(buffer.count) of \(count) bytes") }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// What comes until the server closes.
    func receiveAll() throws -> [UInt8] {
        while try receiveMore() {}
        defer { buffer = [] }
        return buffer
    }

    private func receiveMore() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count < 0, errno == ECONNRESET { return false }
        guard count >= 0 else { throw Failure(what: "recv: \(errno)") }
        buffer += chunk.prefix(count)
        return count > 0
    }

    /// Whether something comes within a time.
    func isReadable(within milliseconds: CInt) -> Bool {
        if !buffer.isEmpty { return true }
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) > 0
    }

    // MARK: HTTP

    /// Sends a call as a program would.
    func post(_ body: String, fields: [String] = [], host: String = "localhost") {
        send(Self.request("POST", body, fields: fields + ["content-type: application/json"], host: host))
    }

    static func request(_ method: String, _ body: String, fields: [String] = [], host: String = "localhost") -> String {
        let head = ["\(method) / HTTP/1.1", "host: \(host)", "content-length: \(body.utf8.count)"] + fields
        return head.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    /// The next response. Its fields are in lower case.
    func response(hasBody: Bool = true) throws -> Response {
        let lines = try head()
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        guard let status else { throw Failure(what: "no status: \(lines)") }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Failure(what: "no field: \(line)") }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = hasBody ? fields["content-length"].flatMap { Int($0) } ?? 0 : 0
        return Response(status: status, fields: fields, body: String(decoding: try receive(length), as: UTF8.self))
    }

    private func head() throws -> [String] {
        var head: [UInt8] = []
        while !head.suffix(4).elementsEqual([13, 10, 13, 10]) { head += try receive(1) }
        return String(decoding: head.dropLast(4), as: UTF8.self).split(separator: "\r\n").map(String.init)
    }

    // MARK: WebSocket

    struct Frame {
        let isLast: Bool
        let opcode: UInt8
        let data: [UInt8]
        var text: String { String(decoding: data, as: UTF8.self) }
        /// The code of a close frame.
        var code: Int { data.count < 2 ? 0 : Int(data[0]) << 8 | Int(data[1]) }
    }

    /// Asks to go on as a WebSocket, with the key of RFC 6455.
    @discardableResult
    func upgrade(fields: [String] = [], host: String = "localhost") throws -> Response {
        let head = [
            "GET / HTTP/1.1", "host: \(host)", "upgrade: websocket", "connection: Upgrade",
            "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version: 13",
        ]
        send((head + fields).joined(separator: "\r\n") + "\r\n\r\n")
        return try response()
    }

    static func frame(_ opcode: UInt8, _ data: [UInt8], isLast: Bool = true, isMasked: Bool = true) -> [UInt8] {
        let mask: [UInt8] = [0x11, 0xa2, 0x33, 0xc4]
        var bytes = [opcode | (isLast ? 0x80 : 0)]
        let flag: UInt8 = isMasked ? 0x80 : 0
        switch data.count {
        case 0..<126: bytes.append(flag | UInt8(data.count))
        case 126..<65_536: bytes += [flag | 126, UInt8(data.count >> 8), UInt8(data.count & 255)]
        default: bytes += [flag | 127] + (0..<8).map { UInt8(data.count >> (56 - 8 * $0) & 255) }
        }
        guard isMasked else { return bytes + data }
        return bytes + mask + data.enumerated().map { $1 ^ mask[$0 & 3] }
    }

    /// Sends a message in one frame.
    func message(_ text: String) { send(Self.frame(1, Array(text.utf8))) }

    /// The next frame that is no ping.
    func frame() throws -> Frame {
        while true {
            let head = try receive(2)
            var length = Int(head[1])
            if length > 125 { length = try receive(length == 126 ? 2 : 8).reduce(0) { $0 << 8 | Int($1) } }
            let frame = Frame(isLast: head[0] & 0x80 != 0, opcode: head[0] & 15, data: try receive(length))
            if frame.opcode != 9 { return frame }
        }
    }
}
