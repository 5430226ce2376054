import PoAIJSON
import PoAIRPC
import Synchronization
import Testing

@Suite("Dispatcher of JSON-RPC")
struct DispatcherTests {
    private static func answer(_ request: String, _ change: (inout RPCServerLimits) -> Void = { _ in }) -> String {
        var limits = RPCServerLimits()
        change(&limits)
        let dispatcher = RPCDispatcher(methods: TestMethods().table, limits: limits)
        return String(decoding: dispatcher.answer(Array(request.utf8)), as: UTF8.self)
    }

    private static func error(_ code: Int, _ message: String, id: String = "null") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":\#(code),"message":"\#(message)"}}"#
    }

    @Test(
        "An id comes back as it was written",
        arguments: ["1", "-1", "1.50", "1e3", "18446744073709551616", "null", #""a\"b""#, #""""#])
    func ids(id: String) {
        let answer = Self.answer(#"{"jsonrpc":"2.0","id":\#(id),"method":"echo","params":[1,"x"]}"#)
        #expect(answer == #"{"jsonrpc":"2.0","id":\#(id),"result":[1,"x"]}"#)
    }

    @Test("Arguments may be left out", arguments: ["", #","params":null"#, #","params":[]"#])
    func noArguments(params: String) {
        let answer = Self.answer(#"{"jsonrpc":"2.0","id":1,"method":"echo"\#(params)}"#)
        #expect(answer == #"{"jsonrpc":"2.0","id":1,"result":[]}"#)
    }

    @Test("A local method answers the own machine only")
    func local() {
        var table = TestMethods().table
        table.restrictToLocal("echo")
        let dispatcher = RPCDispatcher(methods: table)
        let request = Array(#"{"jsonrpc":"2.0","id":1,"method":"echo"}"#.utf8)
        #expect(String(decoding: dispatcher.answer(request), as: UTF8.self) == #"{"jsonrpc":"2.0","id":1,"result":[]}"#)
        let refusal = Self.error(-32601, "the method echo can be called from the node's own machine only", id: "1")
        #expect(String(decoding: dispatcher.answer(request, isLocal: false), as: UTF8.self) == refusal)
    }

    @Test("An error carries its data")
    func failing() {
        let answer = Self.answer(#"{"jsonrpc":"2.0","id":1,"method":"fail"}"#)
        #expect(answer == #"{"jsonrpc":"2.0","id":1,"error":{"code":3,"message":"no\n\"way\"","data":"0x08"}}"#)
    }

    @Test(
        "A request that is not in order gets the code of the fault",
        arguments: [
            ("", -32700), ("{", -32700), ("\u{feff}{}", -32700), (#"{"a":1,"a":1}"#, -32700), ("{}", -32600),
            ("1", -32600), ("null", -32600), ("[]", -32600), (#"{"jsonrpc":"2.0"}"#, -32600),
            (#"{"jsonrpc":"1.0","method":"echo"}"#, -32600), (#"{"jsonrpc":2.0,"method":"echo"}"#, -32600),
            (#"{"method":"echo"}"#, -32600), (#"{"jsonrpc":"2.0","method":1}"#, -32600),
            (#"{"jsonrpc":"2.0","id":[],"method":"echo"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":true,"method":"echo"}"#, -32600),
            (#"{"jsonrpc":"2.0","id":null,"method":"echo","params":{}}"#, -32602),
            (#"{"jsonrpc":"2.0","id":null,"method":"echo","params":"x"}"#, -32602),
            (#"{"jsonrpc":"2.0","id":null,"method":"none"}"#, -32601),
            (#"{"jsonrpc":"2.0","id":null,"method":""}"#, -32601),
            (#"{"jsonrpc":"2.0","id":null,"method":"eth_subscribe","params":["ticks"]}"#, -32601),
            (#"{"jsonrpc":"2.0","id":null,"method":"eth_unsubscribe","params":["0x0"]}"#, -32601),
        ])
    func faults(request: String, code: Int) throws {
        let answer = try JSONReader.read(Array(Self.answer(request).utf8))
        #expect(answer["jsonrpc"] == "2.0" && answer["id"] == .null && answer["result"] == nil)
        #expect(answer["error"]?["code"] == .number(String(code)))
    }

    @Test("A fault names the id that could be read")
    func faultWithID() {
        #expect(
            Self.answer(#"{"jsonrpc":"2.0","id":7}"#)
                == Self.error(-32600, "method must be a string, got none", id: "7"))
    }

    @Test(
        "Notifications are not answered",
        arguments: [
            #"{"jsonrpc":"2.0","method":"echo"}"#, #"{"jsonrpc":"2.0","method":"none"}"#,
            #"{"jsonrpc":"2.0","method":"fail"}"#, #"{"jsonrpc":"2.0","method":"echo","params":{}}"#,
            #"[{"jsonrpc":"2.0","method":"echo"},{"jsonrpc":"2.0","method":"none"}]"#,
        ])
    func notifications(request: String) { #expect(Self.answer(request) == "") }

    @Test("A notification runs")
    func notificationRuns() {
        let methods = TestMethods()
        _ = RPCDispatcher(methods: methods.table).answer(Array(#"{"jsonrpc":"2.0","method":"count"}"#.utf8))
        #expect(methods.calls == 1)
    }

    @Test("A batch is answered in order, without its notifications")
    func batch() {
        let answer = Self.answer(
            #"[{"jsonrpc":"2.0","id":1,"method":"echo"},{"jsonrpc":"2.0","method":"echo"},1,"#
                + #"{"jsonrpc":"2.0","id":"b","method":"none"}]"#)
        let fault = Self.error(-32600, "a request is an object, got 1")
        let unknown = Self.error(-32601, "the method none does not exist/is not available", id: #""b""#)
        #expect(answer == #"[{"jsonrpc":"2.0","id":1,"result":[]},\#(fault),\#(unknown)]"#)
    }

    @Test("A batch of one is answered by a list")
    func batchOfOne() {
        let answer = Self.answer(#"[{"jsonrpc":"2.0","id":1,"method":"echo"}]"#)
        #expect(answer == #"[{"jsonrpc":"2.0","id":1,"result":[]}]"#)
    }

    @Test("A batch has a largest number of calls")
    func batchLimit() {
        let call = #"{"jsonrpc":"2.0","id":1,"method":"echo"}"#
        let three = "[" + Array(repeating: call, count: 3).joined(separator: ",") + "]"
        #expect(Self.answer(three) { $0.batchCalls = 3 }.hasPrefix("["))
        let answer = Self.answer(three) { $0.batchCalls = 2 }
        #expect(answer == Self.error(-32600, "batch of 3 calls is too large; send at most 2"))
    }

    @Test("Calls of a batch beyond the longest answer get an error; a call alone may answer more")
    func answerLimit() throws {
        let call = #"{"jsonrpc":"2.0","id":1,"method":"big","params":[400]}"#
        let answer = Self.answer("[\(call),\(call),\(call)]") { $0.batchAnswerBytes = 1000 }
        guard case .list(let answers) = try JSONReader.read(Array(answer.utf8)) else {
            Issue.record("no list: \(answer)")
            return
        }
        #expect(answers.count == 3 && answers[0]["result"] != nil && answers[1]["result"] != nil)
        #expect(answers[2]["error"]?["code"] == .number("-32003"))
        #expect(Self.answer(call) { $0.batchAnswerBytes = 100 }.count > 400)
    }

    @Test("A batch whose answer is as long as it may be runs no further calls")
    func fullBatch() throws {
        let runs = Mutex(0)
        var table = RPCMethodTable()
        table.add("count") { _ in
            runs.withLock { $0 += 1 }
            return .text(String(repeating: "x", count: 400))
        }
        var limits = RPCServerLimits()
        limits.batchAnswerBytes = 1000
        let call = #"{"jsonrpc":"2.0","id":1,"method":"count"}"#
        let batch = "[" + Array(repeating: call, count: 20).joined(separator: ",") + "]"
        let answer = RPCDispatcher(methods: table, limits: limits).answer(Array(batch.utf8))
        guard case .list(let answers) = try JSONReader.read(answer) else {
            Issue.record("no list")
            return
        }
        #expect(runs.withLock { $0 } == 3)
        #expect(answers.count == 20)
        #expect(answers.dropFirst(2).allSatisfy { $0["error"]?["code"] == .number("-32003") })
    }

    @Test("JSON has a largest depth")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            let list = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            return #"{"jsonrpc":"2.0","id":1,"method":"echo","params":\#(list)}"#
        }
        #expect(Self.answer(nested(50)).contains("result"))
        for depth in [100, 1000, 100_000] { #expect(Self.answer(nested(depth)).contains("-32700")) }
    }

    @Test("An error is short, whatever the request holds")
    func shortErrors() {
        let long = String(repeating: "e\u{301}", count: 100_000)
        let requests = [
            #"{"jsonrpc":"2.0","id":1,"method":"\#(long)"}"#, #"{"jsonrpc":"\#(long)","id":1,"method":"echo"}"#,
            #"{"\#(long)":1,"\#(long)":1}"#, "\"\(long)\"",
            #"{"jsonrpc":"2.0","id":1,"method":"echo","params":"\#(long)"}"#,
        ]
        for request in requests {
            let answer = Self.answer(request)
            #expect(answer.utf8.count < 500 && answer.contains("error"))
        }
    }
}
