import LibP2P
import PoAITestSupport
import Testing

/// Addresses that fuzzing found: errors are one line of visible characters whatever they are about.
@Suite struct AddressRegressionTests {
    @Test func regressionsStayFixed() throws {
        for (name, bytes) in try Regressions.inputs(module: "LibP2P", target: "address") {
            let text = String(decoding: bytes, as: UTF8.self)
            let error = #expect(throws: MultiaddrError.self, "\(name)") { try Multiaddr(text) }
            #expect(error?.description.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true, "\(name)")
        }
    }
}
