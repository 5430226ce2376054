import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// A request of JSON-RPC from its bytes to its arguments: whatever it holds, it is a call or a fault, and every reader of
/// arguments gives a value or an error of one short line.
enum RPCRequestTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(JSONFault) {
            let value = try JSONReader.read(input, depthLimit: 64)
            check(value)
            if case .list(let calls) = value { calls.prefix(100).forEach(check) }
        } catch {
            requireOneLine("\(error)")
        }
    }

    private static func check(_ value: JSONValue) {
        switch RPCRequest(value) {
        case .fault(let id, let error):
            require([-32600, -32602].contains(error.code), "code \(error.code)")
            requireOneLine(error)
            readable(RPCEnvelope.error(error, id: id ?? .null))
        case .call(let id, _, let values):
            readable(RPCEnvelope.result(.list(values), id: id ?? .null))
            do throws(RPCError) { read(try Arguments(values, count: 0...5)) } catch { checkArgument(error) }
        }
    }

    /// What was written can be read again.
    private static func readable(_ answer: [UInt8]) {
        require((try? JSONReader.read(answer, depthLimit: 66)) != nil, "the answer is JSON")
    }

    /// Reads every argument in every way.
    private static func read(_ arguments: Arguments) {
        for index in 0..<5 {
            let argument = arguments[index]
            attempt { () throws(RPCError) in _ = try argument.quantity64() }
            attempt { () throws(RPCError) in _ = try argument.hash() }
            attempt { () throws(RPCError) in _ = try argument.address() }
            attempt { () throws(RPCError) in _ = try argument.data(limit: 128 << 10) }
            attempt { () throws(RPCError) in _ = try argument.block() }
            attempt { () throws(RPCError) in _ = try LogFilter(argument) }
        }
    }

    private static func attempt(_ read: () throws(RPCError) -> Void) {
        do throws(RPCError) { try read() } catch { checkArgument(error) }
    }

    private static func checkArgument(_ error: RPCError) {
        require(error.code == -32602, "code \(error.code)")
        requireOneLine(error.message)
    }

    private static func requireOneLine(_ text: String) {
        require(!text.isEmpty && text.utf8.count < 1000 && !text.utf8.contains(10), "a short line: \(text)")
    }

    private static func requireOneLine(_ error: RPCError) { requireOneLine(error.message) }
}
