import PoAIJSON
import PoAIRPC
import Testing

@Suite("Server over HTTP")
struct HTTPTests {
    private static let echo = #"{"jsonrpc":"2.0","id":1,"method":"echo","params":["x"]}"#
    private static let echoed = #"{"jsonrpc":"2.0","id":1,"result":["x"]}"#

    /// Sends a request to a server of its own and gives the response.
    private static func exchange(
        _ request: String, hasBody: Bool = true, _ change: (inout RPCServer.Configuration) -> Void = { _ in }
    ) throws -> TestClient.Response {
        let server = try startServer(TestMethods(), change)
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.send(request)
        return try client.response(hasBody: hasBody)
    }

    private static func post(_ body: String, _ fields: String..., host: String = "localhost") -> String {
        TestClient.request("POST", body, fields: fields, host: host)
    }

    @Test(
        "A call is answered",
        arguments: ["application/json", "Application/JSON; charset=utf-8", "application/json-rpc"])
    func call(type: String) throws {
        let response = try Self.exchange(Self.post(Self.echo, "content-type: \(type)"))
        #expect(response.status == 200 && response.body == Self.echoed)
        #expect(response.fields["content-type"] == "application/json" && response.fields["vary"] == nil)
    }

    @Test("A notification gets an empty body")
    func notification() throws {
        let body = #"{"jsonrpc":"2.0","method":"echo"}"#
        let response = try Self.exchange(Self.post(body, "content-type: application/json"))
        #expect(response.status == 200 && response.fields["content-length"] == "0")
    }

    @Test("Errors and batches are no matter of HTTP", arguments: ["{", "[1]", ""])
    func faults(body: String) throws {
        let response = try Self.exchange(Self.post(body, "content-type: application/json"))
        #expect(response.status == 200 && response.body.contains("error"))
    }

    @Test(
        "A body of another type is refused",
        arguments: [["content-type: text/plain"], [], ["content-type: application/json", "content-type: text/plain"]])
    func types(fields: [String]) throws {
        #expect(try Self.exchange(TestClient.request("POST", Self.echo, fields: fields)).status == 415)
        let encoded = Self.post(Self.echo, "content-type: application/json", "content-encoding: gzip")
        #expect(try Self.exchange(encoded).status == 415)
    }

    @Test("A foreign host name is refused, for calls and for WebSockets")
    func hosts() throws {
        let request = Self.post(Self.echo, "content-type: application/json", host: "evil.example:8545")
        #expect(try Self.exchange(request).status == 403)
        #expect(try Self.exchange(request) { $0.allowedHosts = ["Evil.example"] }.status == 200)
        let bare = "POST / HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 0\r\n\r\n"
        #expect(try Self.exchange(bare).status == 400)
    }

    @Test("Methods and paths")
    func methods() throws {
        #expect(try Self.exchange(TestClient.request("GET", "")).body.hasPrefix("PoAI node"))
        let head = try Self.exchange(TestClient.request("HEAD", ""), hasBody: false)
        #expect(head.status == 200 && head.fields["content-length"] != "0")
        let put = try Self.exchange(TestClient.request("PUT", "x"))
        #expect(put.status == 405 && put.fields["allow"]?.contains("POST") == true)
        #expect(try Self.exchange("GET /x HTTP/1.1\r\nhost: localhost\r\n\r\n").status == 404)
        #expect(try Self.exchange("GET /?a=b HTTP/1.1\r\nhost: localhost\r\n\r\n").status == 200)
        #expect(try Self.exchange("\r\n\u{1}\u{2} nonsense\r\n\r\n").status == 400)
    }

    @Test("A page of an allowed origin may call; another does not see the answer")
    func origins() throws {
        let allow = { (configuration: inout RPCServer.Configuration) in
            configuration.corsOrigins = ["https://a.example"]
        }
        for (origin, isAllowed) in [("https://a.example", true), ("https://b.example", false)] {
            let fields = ["origin: \(origin)", "access-control-request-method: POST"]
            let preflight = try Self.exchange(TestClient.request("OPTIONS", "", fields: fields), allow)
            #expect(preflight.status == (isAllowed ? 204 : 403))
            #expect(preflight.fields["access-control-allow-origin"] == (isAllowed ? origin : nil))
            #expect((preflight.fields["access-control-allow-headers"] == "content-type") == isAllowed)
            let request = Self.post(Self.echo, "content-type: application/json", "origin: \(origin)")
            let response = try Self.exchange(request, allow)
            #expect(response.status == 200)
            #expect(response.fields["access-control-allow-origin"] == (isAllowed ? origin : nil))
            #expect(response.fields["vary"] == (isAllowed ? "origin" : nil))
        }
    }

    @Test("Requests of a connection are answered in order, also when they are sent at once")
    func pipelining() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        let requests = (0..<200).map { number in
            let body = #"{"jsonrpc":"2.0","id":\#(number),"method":"echo"}"#
            return number % 3 == 2 ? TestClient.request("GET", "") : Self.post(body, "content-type: application/json")
        }
        client.send(requests.joined())
        for number in 0..<200 {
            let response = try client.response()
            let expected = number % 3 == 2 ? "PoAI" : #"{"jsonrpc":"2.0","id":\#(number),"result":[]}"#
            #expect(response.status == 200 && response.body.hasPrefix(expected))
        }
        #expect(TestMethods.eventually { server.bufferedBytes == 0 })
    }

    @Test("A connection closes when the client asks for it")
    func close() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.post(Self.echo, fields: ["connection: close"])
        #expect(try client.response().fields["connection"] == "close")
        #expect(try client.receiveAll() == [])
        #expect(TestMethods.eventually { server.connections == 0 })
    }

    @Test("A client that asks whether it may go on is told so")
    func expectation() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        client.send(
            """
            POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nexpect: 100-continue\r
            content-length: \(Self.echo.utf8.count)\r\n\r\n
            """)
        #expect(try client.response().status == 100)
        client.send(Self.echo)
        #expect(try client.response().body == Self.echoed)
    }

    @Test("A body in chunks is put together")
    func chunks() throws {
        let head =
            "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        let chunks = Self.echo.utf8.map { "1\r\n\(Character(Unicode.Scalar($0)))\r\n" }.joined() + "0\r\n\r\n"
        #expect(try Self.exchange(head + chunks).body == Self.echoed)
    }
}
