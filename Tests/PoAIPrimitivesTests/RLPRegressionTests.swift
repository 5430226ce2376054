import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite struct RLPRegressionTests {
    @Test func regressionsStayFixed() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAIPrimitives", target: "rlp") {
            let length = try? RLP.itemLength(prefix: bytes.prefix(9))
            guard let item = try? RLP.decode(bytes) else { continue }
            #expect(RLP.encode(item) == bytes, "\(name)")
            #expect(RLP.encodedLength(of: item) == bytes.count && length == bytes.count, "\(name)")
        }
    }
}
