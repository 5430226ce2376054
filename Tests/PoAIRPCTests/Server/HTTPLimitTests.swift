import Dispatch
import PoAIJSON
import PoAIRPC
import Testing

@Suite("Server over HTTP, limits")
struct HTTPLimitTests {
    private static let echo = #"{"jsonrpc":"2.0","id":1,"method":"echo","params":["x"]}"#
    private static let block = #"{"jsonrpc":"2.0","id":9,"method":"block"}"#

    @Test("A body that says it is too long is refused before it comes")
    func announcedBody() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        for length in ["5242881", "99999999999999", "18446744073709551615"] {
            let client = try TestClient(port: server.port)
            client.send(
                """
                POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: \(length)\r\n\r\n
                """)
            let response = try client.response()
            #expect(response.status == 413 && response.fields["connection"] == "close")
        }
        #expect(TestMethods.eventually { server.bufferedBytes == 0 })
    }

    @Test("A body that gets too long is refused, and the client that goes on sending reads so")
    func growingBody() throws {
        let server = try startServer(TestMethods()) { $0.limits.requestBytes = 100_000 }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.send(
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        )
        let chunk = "2710\r\n" + String(repeating: " ", count: 10_000) + "\r\n"
        for _ in 0..<20 { client.send(chunk) }
        client.send("0\r\n\r\n")
        #expect(try client.response().status == 413)
        #expect(try client.receiveAll() == [])
    }

    @Test("A body of the largest length is taken; JSON a thousand deep gets an error")
    func largestBody() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.post(Self.echo + String(repeating: " ", count: (5 << 20) - Self.echo.utf8.count))
        #expect(try client.response().body == #"{"jsonrpc":"2.0","id":1,"result":["x"]}"#)
        client.post(String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000))
        #expect(try client.response().body.contains("-32700"))
        client.post(String(repeating: #"{"a":"#, count: 1 << 20))
        #expect(try client.response().body.contains("-32700"))
        #expect(TestMethods.eventually { server.bufferedBytes == 0 })
    }

    @Test("A head has a largest length")
    func largeHead() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nhost: localhost\r\n" + String(repeating: "a: b\r\n", count: 200) + "\r\n")
        #expect(try client.response().status == 400)
    }

    @Test(
        "A slow client is cut off wherever it stops",
        arguments: [
            "", "PO", "POST / HTTP/1.1\r\nhost: local",
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 10\r\n\r\n{",
            "GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\ncontent-length: 10\r\n\r\n{",
        ])
    func slowClient(start: String) throws {
        let server = try startServer(TestMethods()) {
            $0.limits.headTime = .milliseconds(200)
            $0.limits.bodyTime = .milliseconds(200)
        }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.send(start)
        _ = try client.receiveAll()
        #expect(TestMethods.eventually { server.connections == 0 && server.bufferedBytes == 0 })
    }

    @Test("A client that sends byte by byte does not get more time")
    func slowDrip() throws {
        let server = try startServer(TestMethods()) { $0.limits.headTime = .milliseconds(300) }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        let isCutOff = TestMethods.eventually { !client.send("A") }
        #expect(isCutOff)
    }

    @Test("A quiet connection closes after its time, not before a request")
    func idle() throws {
        let server = try startServer(TestMethods()) { $0.limits.idleTime = .milliseconds(300) }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.post(Self.echo)
        #expect(try client.response().status == 200)
        #expect(try client.receiveAll() == [])
    }

    @Test("A client that does not take its answers is cut off, and they do not pile up")
    func slowReader() throws {
        let server = try startServer(TestMethods()) { $0.limits.writeTime = .milliseconds(500) }
        defer { server.stop() }
        let client = try TestClient(port: server.port, receiveBuffer: 4096)
        for _ in 0..<20 { client.post(#"{"jsonrpc":"2.0","id":1,"method":"big","params":[8000000]}"#) }
        #expect(TestMethods.eventually { server.connections == 0 })
        #expect(TestMethods.eventually { server.bufferedBytes == 0 })
    }

    @Test("A call that takes too long gets an error; what it returns later is dropped")
    func callTime() throws {
        let methods = TestMethods()
        let server = try startServer(methods) { $0.limits.callTime = .milliseconds(200) }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.post("[\(Self.echo),\(Self.block),\(Self.echo)]")
        let timeout = #"{"code":-32002,"message":"request timed out"}"#
        #expect(
            try client.response().body
                == #"[{"jsonrpc":"2.0","id":1,"result":["x"]},{"jsonrpc":"2.0","id":9,"error":\#(timeout)},"#
                + #"{"jsonrpc":"2.0","id":1,"error":\#(timeout)}]"#)
        methods.open()
        client.post(Self.echo)
        #expect(try client.response().body == #"{"jsonrpc":"2.0","id":1,"result":["x"]}"#)
    }

    @Test("When too many calls wait, a call gets an error at once")
    func queue() throws {
        let methods = TestMethods()
        let server = try startServer(methods) {
            $0.limits.workers = 1
            $0.limits.queue = 1
        }
        defer { server.stop() }
        let clients = try (0..<3).map { _ in try TestClient(port: server.port) }
        clients[0].post(Self.block)
        #expect(methods.waitUntilEntered())
        clients[1].post(Self.block)
        // The second waits in the queue as soon as the server has read it, so one of the two below is refused.
        clients[2].post(Self.echo)
        var refused: String?
        if clients[2].isReadable(within: 1000) { refused = try clients[2].response().body }
        methods.open(2)
        if refused == nil {
            refused = try clients[1].response().body
        } else {
            #expect(try clients[1].response().body == #"{"jsonrpc":"2.0","id":9,"result":"through"}"#)
        }
        #expect(refused?.contains("-32005") == true)
        #expect(try clients[0].response().body == #"{"jsonrpc":"2.0","id":9,"result":"through"}"#)
    }

    @Test("Beyond the rate a client gets 429, and the calls of a batch an error each")
    func rate() throws {
        let server = try startServer(TestMethods()) { $0.limits.rate = RPCRate(perSecond: 1, burst: 3) }
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.post("[" + Array(repeating: Self.echo, count: 50).joined(separator: ",") + "]")
        guard case .list(let answers) = try JSONReader.read(Array(try client.response().body.utf8)) else {
            Issue.record("no list")
            return
        }
        #expect(answers.count == 50 && answers.prefix(3).allSatisfy { $0["result"] != nil })
        #expect(answers.last?["error"]?["code"] == .number("-32005"))
        var statuses: [Int] = []
        for _ in 0..<50 {
            client.post(Self.echo)
            statuses.append(try client.response().status)
        }
        #expect(statuses.contains(429))
    }

    @Test("Requests and answers of all clients have a room in memory")
    func memory() throws {
        let server = try startServer(TestMethods()) { $0.limits.bufferedBytes = 1 << 20 }
        defer { server.stop() }
        let clients = try (0..<4).map { _ in try TestClient(port: server.port) }
        let head =
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 700000\r\n\r\n"
        for client in clients { client.send(head + String(repeating: " ", count: 600_000)) }
        // There is room for one of them; none stays if the last two ask for the rest at the same moment.
        #expect(TestMethods.eventually { clients.filter { $0.isReadable(within: 0) }.count >= 3 })
        #expect(TestMethods.eventually { server.connections <= 1 })
        #expect(server.bufferedBytes <= 1 << 20)
        let big = try TestClient(port: server.port)
        big.post(#"{"jsonrpc":"2.0","id":1,"method":"big","params":[2000000]}"#)
        #expect(try big.response().body.contains("-32005"))
    }

    @Test("Of a thousand connections no more than allowed stay, and the server serves on")
    func connections() throws {
        let server = try startServer(TestMethods()) { $0.limits.connections = 100 }
        defer { server.stop() }
        var clients = [try TestClient(port: server.port)]
        clients[0].post(Self.echo)
        #expect(try clients[0].response().status == 200)
        for _ in 1..<1000 { clients.append(try TestClient(port: server.port)) }
        #expect(TestMethods.eventually { clients.filter { $0.isReadable(within: 0) }.count == 900 })
        #expect(server.connections == 100)
        for client in clients where client.isReadable(within: 0) { #expect(try client.response().status == 503) }
        clients[0].post(Self.echo)
        #expect(try clients[0].response().status == 200)
        clients = []
        #expect(TestMethods.eventually { server.connections == 0 })
        let client = try TestClient(port: server.port)
        client.post(Self.echo)
        #expect(try client.response().status == 200)
    }
}
