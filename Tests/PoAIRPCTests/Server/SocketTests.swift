import PoAIJSON
import PoAIRPC
import Testing

@Suite("Server over WebSocket")
struct SocketTests {
    private static let subscribe = #"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["ticks"]}"#

    /// Runs a test with a WebSocket to a server of its own.
    private static func withSocket(
        _ change: (inout RPCServer.Configuration) -> Void = { _ in },
        _ body: (TestClient, TestMethods, RPCServer) throws -> Void
    ) throws {
        let methods = TestMethods()
        let server = try startServer(methods, change)
        defer { server.stop() }
        let client = try TestClient(port: server.port)
        #expect(try client.upgrade().status == 101)
        try body(client, methods, server)
    }

    /// The id of a new subscription.
    private static func begin(_ client: TestClient, _ request: String = subscribe) throws -> String {
        client.message(request)
        guard case .text(let id)? = try JSONReader.read(try client.frame().data)["result"] else {
            throw TestClient.Failure(what: "no id")
        }
        #expect(id.hasPrefix("0x") && id.utf8.count == 34)
        return id
    }

    @Test("The handshake is that of RFC 6455")
    func handshake() throws {
        let server = try startServer(TestMethods()) { $0.corsOrigins = ["https://a.example"] }
        defer { server.stop() }
        let response = try TestClient(port: server.port).upgrade(fields: ["origin: https://a.example"])
        #expect(response.status == 101)
        #expect(response.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(try TestClient(port: server.port).upgrade(fields: ["origin: https://b.example"]).status == 403)
        #expect(try TestClient(port: server.port).upgrade(host: "evil.example").status == 403)
        let plain = try TestClient(port: server.port)
        plain.send("GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\n\r\n")
        #expect(try plain.response().status == 400)
    }

    @Test("Calls, batches and faults are answered by messages; notifications are not")
    func calls() throws {
        try Self.withSocket { client, _, server throws in
            client.message(#"{"jsonrpc":"2.0","method":"echo"}"#)
            client.message(#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#)
            #expect(try client.frame().text == #"{"jsonrpc":"2.0","id":1,"result":[]}"#)
            client.send(TestClient.frame(2, Array(#"[{"jsonrpc":"2.0","id":2,"method":"echo"}]"#.utf8)))
            #expect(try client.frame().text == #"[{"jsonrpc":"2.0","id":2,"result":[]}]"#)
            client.message("{")
            #expect(try client.frame().text.contains("-32700"))
            #expect(TestMethods.eventually { server.bufferedBytes == 0 })
        }
    }

    @Test("Fragments make a message; a ping between them is answered")
    func fragments() throws {
        try Self.withSocket { client, _, _ throws in
            let request = Array(#"{"jsonrpc":"2.0","id":"é","method":"echo"}"#.utf8)
            client.send(TestClient.frame(1, [request[0]], isLast: false))
            for byte in request.dropFirst() { client.send(TestClient.frame(0, [byte], isLast: false)) }
            client.send(TestClient.frame(9, [1, 2, 3]))
            client.send(TestClient.frame(0, []))
            let pong = try client.frame()
            #expect(pong.opcode == 10 && pong.data == [1, 2, 3])
            #expect(try client.frame().text == #"{"jsonrpc":"2.0","id":"é","result":[]}"#)
        }
    }

    @Test("Many messages at once are all answered")
    func manyMessages() throws {
        try Self.withSocket { client, _, server throws in
            let messages = (0..<3000).flatMap {
                TestClient.frame(1, Array(#"{"jsonrpc":"2.0","id":\#($0),"method":"echo"}"#.utf8))
            }
            client.send(messages)
            var ids: Set<JSONValue> = []
            for _ in 0..<3000 {
                if let id = try JSONReader.read(try client.frame().data)["id"] { ids.insert(id) }
            }
            #expect(ids.count == 3000)
            #expect(TestMethods.eventually { server.bufferedBytes == 0 })
        }
    }

    /// Frames against the rules, and the code with which the server closes; 0: none.
    private static let faults: [(bytes: [UInt8], code: Int)] = [
        (TestClient.frame(1, [0x7b], isMasked: false), 1002),
        (TestClient.frame(0, [0x7b]), 1002),
        (TestClient.frame(3, []), 1002),
        (TestClient.frame(0x41, [0x7b]), 1002),
        (TestClient.frame(9, [1], isLast: false), 1002),
        (TestClient.frame(1, [], isLast: false) + TestClient.frame(1, []), 1002),
        (TestClient.frame(1, [0xff, 0xfe]), 1007),
        (TestClient.frame(8, [3]), 1002),
        (TestClient.frame(8, [3, 0xed]), 1002),
        (TestClient.frame(8, [3, 0xe8]), 1000),
        (TestClient.frame(8, []), 0),
        (TestClient.frame(1, spaces(10_001)), 1009),
        (TestClient.frame(1, spaces(6000), isLast: false) + TestClient.frame(0, spaces(6000)), 1009),
        ([0x81, 0xff] + spaces(8).map { _ in 0xff }, 1009),
    ]

    private static func spaces(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x20, count: count) }

    @Test("A client that breaks the rules is told by the code", arguments: faults)
    func rules(bytes: [UInt8], code: Int) throws {
        try Self.withSocket({ $0.limits.requestBytes = 10_000 }) { client, _, server throws in
            client.send(bytes)
            let frame = try client.frame()
            #expect(frame.opcode == 8 && frame.code == code)
            client.send(TestClient.frame(8, [3, 0xe8]))
            #expect(try client.receiveAll() == [])
            #expect(TestMethods.eventually { server.connections == 0 && server.bufferedBytes == 0 })
        }
    }

    @Test("Events of a subscription come after its id, until it ends")
    func subscription() throws {
        try Self.withSocket { client, methods, _ throws in
            let request = #"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["ticks","early"]}"#
            let id = try Self.begin(client, request)
            methods.publish(["a": 1])
            for result in [#""early""#, #"{"a":1}"#] {
                let params = #"{"subscription":"\#(id)","result":\#(result)}"#
                let event = #"{"jsonrpc":"2.0","method":"eth_subscription","params":\#(params)}"#
                #expect(try client.frame().text == event)
            }
            let end = #"{"jsonrpc":"2.0","id":2,"method":"eth_unsubscribe","params":["\#(id)"]}"#
            client.message(end)
            #expect(try client.frame().text == #"{"jsonrpc":"2.0","id":2,"result":true}"#)
            #expect(methods.cancelled == 1)
            methods.publish(2)
            client.message(end)
            #expect(try client.frame().text.contains("subscription not found"))
        }
    }

    @Test(
        "What cannot be subscribed to is an error",
        arguments: [
            (#"[]"#, "-32602"), (#"[1]"#, "-32602"), (#"["none"]"#, "-32601"), (#"["ticks","bad"]"#, "-32602"),
        ])
    func refusedSubscription(params: String, code: String) throws {
        try Self.withSocket { client, methods, _ throws in
            client.message(#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":\#(params)}"#)
            #expect(try client.frame().text.contains(code))
            #expect(methods.began == 0)
        }
    }

    @Test("A connection has a largest number of subscriptions; all end with it")
    func manySubscriptions() throws {
        let methods = TestMethods()
        let server = try startServer(methods) { $0.limits.subscriptionsPerSocket = 5 }
        defer { server.stop() }
        do {
            let client = try TestClient(port: server.port)
            try client.upgrade()
            for _ in 0..<5 { _ = try Self.begin(client) }
            client.message(Self.subscribe)
            #expect(try client.frame().text.contains("-32005"))
            #expect(methods.began == 5 && methods.cancelled == 0)
        }
        #expect(TestMethods.eventually { methods.cancelled == 5 && server.connections == 0 })
    }

    @Test("A client that does not take its events is cut off; others get theirs")
    func slowSubscriber() throws {
        let methods = TestMethods()
        let server = try startServer(methods) { $0.limits.eventBytesPerSocket = 1 << 20 }
        defer { server.stop() }
        let slow = try TestClient(port: server.port, receiveBuffer: 4096)
        let quick = try TestClient(port: server.port)
        for client in [slow, quick] {
            try client.upgrade()
            _ = try Self.begin(client)
        }
        let event = JSONValue.text(String(repeating: "a", count: 100_000))
        let isCutOff = TestMethods.eventually {
            methods.publish(event)
            return (try? quick.frame().data.count > 100_000) == true && server.connections == 1
        }
        #expect(isCutOff)
        #expect(TestMethods.eventually { methods.cancelled == 1 })
    }

    @Test("A client that does not read its answers is not read from any more, and cut off")
    func slowReader() throws {
        try Self.withSocket({ $0.limits.writeTime = .milliseconds(500) }) { client, _, server throws in
            for _ in 0..<50 { client.message(#"{"jsonrpc":"2.0","id":1,"method":"big","params":[4000000]}"#) }
            #expect(TestMethods.eventually { server.connections == 0 })
            #expect(TestMethods.eventually { server.bufferedBytes == 0 })
        }
    }

    @Test("A call that takes too long gets an error, and the connection goes on")
    func callTime() throws {
        try Self.withSocket({ $0.limits.callTime = .milliseconds(200) }) { client, methods, _ throws in
            client.message(#"{"jsonrpc":"2.0","id":9,"method":"block"}"#)
            #expect(try client.frame().text.contains(#""id":9,"error":{"code":-32002"#))
            methods.open()
            client.message(#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#)
            #expect(try client.frame().text == #"{"jsonrpc":"2.0","id":1,"result":[]}"#)
        }
    }

    @Test("A message that does not get complete, or nothing at all, ends the connection")
    func slowClient() throws {
        try Self.withSocket({ $0.limits.bodyTime = .milliseconds(200) }) { client, _, _ throws in
            client.send(TestClient.frame(1, [0x7b], isLast: false))
            #expect(try client.frame().code == 1008)
        }
        try Self.withSocket({ $0.limits.idleTime = .milliseconds(300) }) { client, _, server throws in
            client.send([0x81])
            #expect(TestMethods.eventually { server.connections == 0 })
        }
    }
}
