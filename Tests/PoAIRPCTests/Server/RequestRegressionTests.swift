import PoAIJSON
import PoAIRPC
import PoAITestSupport
import Testing

/// Inputs of the fuzz target `rpc_request`: each is answered by JSON, or is a notification.
@Suite("Requests that fuzzing found")
struct RequestRegressionTests {
    @Test("They are answered by a value with an id")
    func regressions() throws {
        let dispatcher = RPCDispatcher(methods: TestMethods().table)
        let inputs = try Regressions.inputs(module: "PoAIRPC", target: "rpc_request")
        #expect(!inputs.isEmpty)
        for (name, bytes) in inputs {
            let answer = dispatcher.answer(bytes)
            let value = try JSONReader.read(answer, depthLimit: 80)
            #expect(value["error"]?["code"] != nil, "\(name)")
        }
    }
}
