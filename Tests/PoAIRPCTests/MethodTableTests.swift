import PoAIRPC
import Testing

@Suite("Table of methods")
struct MethodTableTests {
    @Test("A method is found by its name only")
    func lookup() throws {
        var table = RPCMethodTable()
        table.add("a_b") { arguments in .integer(UInt64(arguments.count)) }
        #expect(try table.method("a_b")?([1, 2]) == 2)
        #expect(table.method("a_B") == nil && table.subscription("a_b") == nil)
        #expect(table.names == ["a_b"])
    }
}
