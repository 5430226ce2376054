import PoAIRPC
import Testing

@Suite("Start and stop of the server")
struct ServerLifeTests {
    @Test("A port in use is named, with the way out")
    func portInUse() throws {
        let server = try startServer(TestMethods())
        defer { server.stop() }
        #expect(throws: RPCServerError.portInUse(host: "127.0.0.1", port: server.port)) {
            try startServer(TestMethods()) { $0.port = server.port }
        }
        let text = "\(RPCServerError.portInUse(host: "127.0.0.1", port: 8545))"
        #expect(
            text == "RPC port 8545 on 127.0.0.1 is in use, perhaps by another node; stop it or choose another RPC port")
    }

    @Test("An address that is none of this machine is an error")
    func foreignAddress() {
        for host in ["192.0.2.1", "no.such.name.invalid"] {
            do throws(RPCServerError) {
                try startServer(TestMethods()) { $0.host = host }.stop()
                Issue.record("listens on \(host)")
            } catch {
                guard case .cannotListen(host, _, _) = error else {
                    Issue.record("\(error)")
                    continue
                }
            }
        }
    }

    @Test("A setting out of range is named")
    func badConfiguration() {
        let changes: [(String, (inout RPCServer.Configuration) -> Void)] = [
            ("port", { $0.port = 65_536 }), ("port", { $0.port = -1 }),
            ("requestBytes", { $0.limits.requestBytes = 0 }),
            ("depth", { $0.limits.depth = 257 }), ("workers", { $0.limits.workers = -1 }),
            ("callTime", { $0.limits.callTime = .zero }),
            ("idleTime", { $0.limits.idleTime = .seconds(1_000_000_000) }),
            ("rate.burst", { $0.limits.rate = RPCRate(perSecond: 1, burst: 0) }),
        ]
        for (name, change) in changes {
            #expect(throws: RPCServerError.badConfiguration(name: name)) { try startServer(TestMethods(), change) }
        }
    }

    @Test("Stopping closes quiet connections, tells WebSockets and ends subscriptions")
    func stop() throws {
        let methods = TestMethods()
        let server = try startServer(methods)
        let quiet = try TestClient(port: server.port)
        quiet.send(TestClient.request("GET", ""))
        #expect(try quiet.response().status == 200)
        let socket = try TestClient(port: server.port)
        try socket.upgrade()
        socket.message(#"{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["ticks"]}"#)
        #expect(try socket.frame().text.contains("0x"))
        server.stop()
        server.stop()
        #expect(try socket.frame().code == 1001)
        #expect(try quiet.receiveAll() == [])
        #expect(TestMethods.eventually { methods.cancelled == 1 && server.connections == 0 })
        #expect(server.bufferedBytes == 0)
        #expect(throws: TestClient.Failure.self) { try TestClient(port: server.port) }
    }

    @Test("A call under way is answered before the server stops; one that does not end does not hold it up")
    func stopDuringCall() async throws {
        for isOpened in [true, false] {
            let methods = TestMethods()
            let server = try startServer(methods) { $0.limits.stopTime = isOpened ? .seconds(50) : .milliseconds(100) }
            let client = try TestClient(port: server.port)
            client.post(#"{"jsonrpc":"2.0","id":1,"method":"block"}"#)
            #expect(methods.waitUntilEntered())
            async let stopped: Void = server.stop()
            if isOpened {
                methods.open()
                #expect(try client.response().body == #"{"jsonrpc":"2.0","id":1,"result":"through"}"#)
            }
            await stopped
            #expect(try client.receiveAll() == [])
            methods.open()
        }
    }
}
