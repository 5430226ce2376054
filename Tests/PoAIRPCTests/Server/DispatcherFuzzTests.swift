import PoAIJSON
import PoAIRPC
import PoAITestSupport
import Testing

@Suite("Dispatcher of JSON-RPC, any bytes")
struct DispatcherFuzzTests {
    private static let seeds = [
        #"{"jsonrpc":"2.0","id":1,"method":"echo","params":[1,"x",{"a":[true,null,-1.5e3]}]}"#,
        #"[{"jsonrpc":"2.0","id":"a","method":"fail"},{"jsonrpc":"2.0","method":"echo"},{"jsonrpc":"2.0","id":null}]"#,
        #"{"jsonrpc":"2.0","id":18446744073709551615,"method":"eth_subscribe","params":["\ud83d\ude00\u0000"]}"#,
        #"{"jsonrpc":"2.0","id":1,"method":"big","params":[100]}"#, "[]", "[[[[]]]]",
    ].map { Array($0.utf8) }

    @Test("The answer is one JSON value or nothing", arguments: 0..<8)
    func anyBytes(seed: Int) throws {
        var random = DeterministicRandom(seed: UInt64(seed) &+ 0x5250_4321)
        let dispatcher = RPCDispatcher(methods: TestMethods().table)
        for _ in 0..<2000 {
            let request = Self.request(&random)
            let answer = dispatcher.answer(request)
            if answer.isEmpty { continue }
            let value = try? JSONReader.read(answer, depthLimit: 80)
            guard let value, Self.isAnswer(value) else {
                Issue.record("\(request) is answered by \(answer)")
                return
            }
        }
    }

    private static func isAnswer(_ value: JSONValue) -> Bool {
        if case .list(let answers) = value { return !answers.isEmpty && answers.allSatisfy { isSingle($0) } }
        return isSingle(value)
    }

    private static func isSingle(_ value: JSONValue) -> Bool {
        value["jsonrpc"] == "2.0" && value["id"] != nil && (value["result"] == nil) != (value["error"] == nil)
    }

    /// Random bytes, bytes that JSON is made of, or a request with a few changes.
    private static func request(_ random: inout DeterministicRandom) -> [UInt8] {
        let kind = random.below(8)
        if kind == 0 { return random.bytes(random.below(200)) }
        let signs = Array(#"[]{}",:\u0123456789eE+-.truefalsn "#.utf8)
        if kind == 1 { return (0..<random.below(100)).map { _ in signs[random.below(signs.count)] } }
        var request = seeds[random.below(seeds.count)]
        for _ in 0...random.below(4) {
            let place = random.below(request.count + 1)
            switch random.below(5) {
            case 0 where place < request.count: request.remove(at: place)
            case 1 where place < request.count: request[place] = UInt8(truncatingIfNeeded: random.next())
            case 2 where place < request.count: request[place] = signs[random.below(signs.count)]
            case 3: request.insert(signs[random.below(signs.count)], at: place)
            default: request.insert(contentsOf: request.prefix(place).suffix(random.below(40)), at: place)
            }
        }
        return request
    }
}
