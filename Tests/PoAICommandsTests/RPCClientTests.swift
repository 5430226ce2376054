import Foundation
import PoAIJSON
import PoAIPrimitives
import PoAIWallet
import Testing

/// Calls of a node over HTTP, and what may go wrong with them.
@Suite struct RPCClientTests {
    private func error(
        _ reply: FakeNode.Reply, timeout: Double = 20, limit: Int = 4096
    ) throws -> (error: RPCClientError, node: FakeNode) {
        let node = try FakeNode(reply)
        let client = try RPCClient(url: node.url, timeout: timeout, responseLimit: limit)
        let error = try #require(#expect(throws: RPCClientError.self) { try client.call("eth_chainId") })
        let line = "\(error)"
        #expect(line.hasPrefix(node.url) && line.hasSuffix(")") && !line.contains { $0.isNewline }, "\(line)")
        return (error, node)
    }

    @Test func resultsComeBack() throws {
        let node = try FakeNode(.result(["a": [1, "b"]]))
        let client = try RPCClient(url: "\(node.url)/path?x=1")
        #expect(try client.call("m", ["x", 2]) == ["a": [1, "b"]])
        #expect(node.calls == [FakeNode.Call(method: "m", params: ["x", 2])])
        let head = try #require(node.heads.first)
        #expect(head.hasPrefix("POST /path?x=1 HTTP/1.1\r\n"))
        #expect(head.lowercased().contains("content-type: application/json"))
        #expect(!head.lowercased().contains("authorization"))
        #expect(try client.call("n") == ["a": [1, "b"]])
    }

    @Test func namesAndPasswordsAreSentButNotShown() throws {
        let node = try FakeNode(.hangUp)
        let client = try RPCClient(url: "http://user:secret@127.0.0.1:\(node.port)")
        let error = #expect(throws: RPCClientError.self) { try client.call("m") }
        #expect(error?.description.contains("secret") == false)
        #expect(node.heads.first?.contains("Authorization: Basic dXNlcjpzZWNyZXQ=") == true)
        let bad = #expect(throws: RPCClientError.self) { try RPCClient(url: "ftp://user:secret@host") }
        #expect(bad == .badURL("host"))
    }

    @Test(arguments: [
        "", "8545", "localhost:8545", "ftp://127.0.0.1", "http://", "http://:8545", "http://127.0.0.1:0",
        "http://127.0.0.1:70000", "http:///path", "http://a b", "\u{1b}[31m",
    ]) func whatIsNoAddressIsRefused(url: String) {
        let error = #expect(throws: RPCClientError.self) { try RPCClient(url: url) }
        #expect(error?.description.contains("http://127.0.0.1:8545") == true)
        #expect(error?.description.contains("\u{1b}") == false)
    }

    @Test func nothingListens() throws {
        let url = "http://127.0.0.1:\(try FakeNode.freePort())"
        #expect(throws: RPCClientError.refused(url: url)) { try RPCClient(url: url).call("m") }
        let host = "http://no-such-host.invalid:1"
        #expect(throws: RPCClientError.unknownHost(url: host)) { try RPCClient(url: host).call("m") }
    }

    @Test(arguments: [404, 500, 301, 307, 204]) func otherStatus(code: Int) throws {
        let (error, node) = try error(.body(Array("<html>".utf8), status: code))
        #expect(error == .status(url: node.url, code: code))
        #expect(node.calls.count == 1, "redirections are not followed")
    }

    @Test func errorsWithAnotherStatusAreRead() throws {
        let body = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32005,"message":"too many"}}"#
        let (error, node) = try error(.body(Array(body.utf8), status: 429))
        #expect(error == .remote(url: node.url, method: "eth_chainId", code: "-32005", message: "too many"))
    }

    @Test func silenceAndSlownessEnd() throws {
        let (silent, node) = try error(.silence, timeout: 0.4)
        #expect(silent == .timedOut(url: node.url, seconds: 0.4))
        let (slow, drip) = try error(.drip, timeout: 0.6)
        #expect(slow == .timedOut(url: drip.url, seconds: 0.6))
    }

    @Test func connectionsThatBreak() throws {
        for reply in [FakeNode.Reply.hangUp, .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".utf8))] {
            let (error, _) = try error(reply)
            guard case .disconnected = error else {
                Issue.record("\(error)")
                continue
            }
        }
        for text in ["SSH-2.0-OpenSSH\r\n", "\0\0\0", "HTTP/9 what\r\n\r\n"] {
            _ = try error(.raw(Array(text.utf8)))
        }
    }

    @Test func answersAreBounded() throws {
        let (exact, node) = try error(.body([UInt8](repeating: 0x20, count: 4097)))
        #expect(exact == .tooLong(url: node.url, limit: 4096))
        let (long, other) = try error(.body([UInt8](repeating: 0x20, count: 3_000_000)))
        #expect(long == .tooLong(url: other.url, limit: 4096))
        let good = try FakeNode(.result(.text(String(repeating: "a", count: 4000))))
        #expect(throws: Never.self) { try RPCClient(url: good.url, responseLimit: 4096).call("m") }
    }

    @Test(arguments: [
        "", "<html>", "{", "[]", "7", "{}", #"{"id":1}"#, #"{"id":2,"result":1}"#, #"{"result":1}"#,
        #"{"id":1,"error":5}"#, #"{"id":1,"error":{"code":1}}"#, #"{"id":1,"error":{"message":"a"}}"#,
        #"{"id":1,"result":1,"result":2}"#, "{\"id\":1,\"result\":\"\u{1}\"}",
        String(repeating: "[", count: 4000),
    ]) func whatIsNoJSONRPC(text: String) throws {
        let (error, node) = try error(.body(Array(text.utf8)))
        guard case .notRPC(url: node.url, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func invalidUTF8IsNoJSON() throws {
        let (error, _) = try error(.body(Array(#"{"id":1,"result":""#.utf8) + [0xff, 0xfe] + Array(#""}"#.utf8)))
        guard case .notRPC = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test func errorsOfTheNodeAreShownButCannotUpsetATerminal() throws {
        let evil = "no\u{1b}]0;x\u{7}\n\r\u{202e}\u{9b}31m" + String(repeating: "z", count: 3000)
        let (error, _) = try error(.error(-32000, evil), limit: 100_000)
        let line = "\(error)"
        #expect(line.contains("error -32000: no") && line.count < 500)
        #expect(line.unicodeScalars.allSatisfy { ![0x1b, 0x7, 0x0a, 0x0d, 0x202e, 0x9b].contains($0.value) })
    }

    @Test(arguments: [
        ("insufficient funds for gas", "send less"), ("nonce too low", "try again"),
        ("replacement transaction underpriced", "wait"), ("something", "its log"),
    ]) func errorsHaveAWayOut(message: String, way: String) throws {
        let (error, _) = try error(.error(-32000, message))
        #expect("\(error)".contains("error -32000: \(message)") && "\(error)".contains(way))
    }

    @Test(arguments: [
        JSONValue.null, 5, "5", "0x", "0xg", "-0x1", ["0x1"], ["a": "0x1"],
        .text("0x1" + String(repeating: "0", count: 16)), .text("0x" + String(repeating: "f", count: 65)),
    ]) func quantitiesAreChecked(value: JSONValue) throws {
        let node = try FakeNode(.result(value))
        let error = #expect(throws: RPCClientError.self) { try Node(RPCClient(url: node.url)).chainID() }
        guard case .malformed(node.url, "eth_chainId", _, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aWrongHashIsNoticed() throws {
        let node = try FakeNode(.result(.text(Hash32.zero.hex)))
        let error = #expect(throws: RPCClientError.self) { try Node(RPCClient(url: node.url)).send([1, 2, 3]) }
        #expect(error?.description.contains(Keccak256.hash([1, 2, 3]).hex) == true)
    }
}
