import PoAIJSON
import PoAITestSupport
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "A text is read as its value",
        arguments: [
            ("null", nil), ("true", true), (" false\n", false), ("0", 0),
            ("18446744073709551615", 18_446_744_073_709_551_615),
            ("[]", []), ("[1, [2],{}]", [1, [2], [:]]), (#"{"a":{"b":null}}"#, ["a": ["b": nil]]),
            ("-1", .number("-1")), ("18446744073709551616", .number("18446744073709551616")),
            ("1.50e+2", .number("1.50e+2")),
            (#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00""#, "a\"\\/\u{8}\u{c}\n\r\té😀"),
        ] as [(String, JSONValue)])
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(Array(text.utf8)) == value)
    }

    @Test(
        "What is no JSON is refused where it goes wrong",
        arguments: [
            ("", 0), ("nul", 0), ("01", 1), ("1.", 2), ("-", 1), ("1e", 2), ("[1,]", 3), ("[1 2]", 3), ("[", 1),
            ("{\"a\"}", 4),
            ("{\"a\":1,}", 7), ("{\"a\":1,\"a\":2}", 7), ("{a:1}", 1), ("\"a", 2), ("\"\\x\"", 3), ("\"\\ud800\"", 7),
            ("\"\\u12g4\"", 5), ("\"\u{1}\"", 1), ("1 1", 2), ("+1", 0), ("NaN", 0),
        ])
    func refuses(text: String, offset: Int) {
        let fault = #expect(throws: JSONFault.self) { try JSONReader.read(Array(text.utf8)) }
        #expect(fault?.offset == offset, "\(fault.map(String.init(describing:)) ?? "read")")
    }

    @Test("Bytes that are no UTF-8 are refused")
    func refusesBadUTF8() {
        #expect(throws: JSONFault.self) { try JSONReader.read([0x22, 0xc3, 0x22]) }
    }

    @Test("Nesting is limited, also a million levels deep")
    func limitsDepth() throws {
        let nested = { (count: Int) in [UInt8](repeating: 0x5b, count: count) + [UInt8](repeating: 0x5d, count: count) }
        #expect(throws: Never.self) { try JSONReader.read(nested(17)) }
        let fault = #expect(throws: JSONFault.self) { try JSONReader.read(nested(18)) }
        #expect(fault?.offset == 17 && fault?.expected == "at most 16 levels")
        #expect(throws: JSONFault.self) { try JSONReader.read(nested(1_000_000), depthLimit: 64) }
    }

    @Test("A value is written in one form")
    func writes() {
        let value: JSONValue = ["b": [1, nil, true, .number("-2.5")], "a": "é\"\\\n\u{1}", "": [:]]
        #expect(
            String(decoding: JSONWriter.bytes(value), as: UTF8.self)
                == #"{"":{},"a":"é\"\\\n\u0001","b":[1,null,true,-2.5]}"#)
    }

    @Test("What is written reads back the same; random bytes never trap")
    func roundTrip() throws {
        var random = DeterministicRandom(seed: 17)
        for _ in 0..<2000 {
            let value = Self.value(&random, depth: 0)
            var bytes = JSONWriter.bytes(value)
            #expect(try JSONReader.read(bytes) == value)
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            if let other = try? JSONReader.read(bytes) {
                #expect(try JSONReader.read(JSONWriter.bytes(other)) == other)
            }
        }
    }

    private static func value(_ random: inout DeterministicRandom, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth < 4 ? 6 : 4), using: &random) {
        case 0: nil
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(UInt64.random(in: 0...UInt64.max, using: &random))
        case 3: .text(text(&random))
        case 4: .list((0..<3).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<3).map { _ in (text(&random), value(&random, depth: depth + 1)) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func text(_ random: inout DeterministicRandom) -> String {
        String(
            String.UnicodeScalarView(
                (0..<4).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<0x2000, using: &random)) }))
    }
}
