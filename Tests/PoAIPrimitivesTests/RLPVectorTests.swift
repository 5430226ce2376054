import Foundation
import PoAIPrimitives
import PoAITestSupport
import Testing

/// ethereum/tests RLPTests: three files, 28 encodings, 26 refusals and 1 acceptance.
@Suite(.enabled(if: PublicVectors.hasEthereum, "no public vectors"))
struct RLPVectorTests {
    @Test func noFileIsLeftOut() throws {
        let folder = try #require(PublicVectors.ethereum).appending(path: "ethereum-tests/RLPTests")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
        #expect(files.sorted() == ["RandomRLPTests/example.json", "invalidRLPTest.json", "rlptest.json"])
    }

    @Test func valid() throws {
        let cases = try Self.read("rlptest.json")
        #expect(cases.count == 28)
        for (name, vector) in cases {
            let item = try Self.item(try #require(vector["in"]))
            let bytes = try Hex.decode(try #require(vector["out"] as? String))
            #expect(RLP.encode(item) == bytes, "\(name)")
            #expect(try RLP.decode(bytes) == item, "\(name)")
        }
    }

    @Test func invalid() throws {
        let cases = try Self.read("invalidRLPTest.json")
        #expect(cases.count == 26)
        for (name, vector) in cases {
            #expect(vector["in"] as? String == "INVALID")
            let bytes = try Hex.decode(try #require(vector["out"] as? String))
            #expect(throws: RLPError.self, "\(name)") { try RLP.decode(bytes) }
        }
    }

    @Test func random() throws {
        let cases = try Self.read("RandomRLPTests/example.json")
        #expect(cases.count == 1)
        for (name, vector) in cases {
            #expect(vector["in"] as? String == "VALID")
            let bytes = try Hex.decode(try #require(vector["out"] as? String))
            #expect(RLP.encode(try RLP.decode(bytes)) == bytes, "\(name)")
        }
    }

    private static func read(_ file: String) throws -> [String: [String: Any]] {
        guard let cases = try PublicVectors.json("ethereum-tests/RLPTests/\(file)") as? [String: [String: Any]] else {
            throw VectorError.malformed(file)
        }
        return cases
    }

    /// Text stands for its bytes, or, after #, for a decimal number; numbers and arrays for themselves.
    private static func item(_ json: Any) throws -> RLPItem {
        switch json {
        case let text as String where text.hasPrefix("#"):
            .bytes(SlowInteger(decimal: String(text.dropFirst())).bigEndianBytes)
        case let text as String: .bytes(Array(text.utf8))
        case let number as Int: .uint(UInt64(number))
        case let array as [Any]: .list(try array.map(item))
        default: throw VectorError.malformed("\(json)")
        }
    }
}
