import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import Testing

/// ethereum/tests TrieTests: all six files.
@Suite(.enabled(if: PublicVectors.hasEthereum, "no public vectors"))
struct TrieVectorTests {
    @Test func noFileIsLeftOut() throws {
        let folder = try #require(PublicVectors.ethereum).appending(path: "ethereum-tests/TrieTests")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        #expect(
            files.sorted() == [
                "hex_encoded_securetrie_test.json", "trieanyorder.json", "trieanyorder_secureTrie.json",
                "trietest.json", "trietest_secureTrie.json", "trietestnextprev.json",
            ])
    }

    /// Steps in order: all at once, and one commit per step.
    @Test(arguments: [("trietest.json", 5, false), ("trietest_secureTrie.json", 3, true)])
    func steps(file: String, count: Int, secure: Bool) throws {
        let cases = try Self.read(file)
        #expect(cases.count == count)
        for (name, vector) in cases {
            let steps = try #require(vector["in"] as? [[Any]])
            let updates = try steps.map { step in
                try #require(step.count == 2)
                return try Self.update(step[0], step[1], secure: secure)
            }
            try Self.expect(updates, give: vector, name)
        }
    }

    /// Keys in several orders.
    @Test(arguments: [
        ("trieanyorder.json", 7, false), ("trieanyorder_secureTrie.json", 7, true),
        ("hex_encoded_securetrie_test.json", 3, true),
    ])
    func anyOrder(file: String, count: Int, secure: Bool) throws {
        var random = DeterministicRandom(seed: 1)
        let cases = try Self.read(file)
        #expect(cases.count == count)
        for (name, vector) in cases {
            let pairs = try #require(vector["in"] as? [String: Any])
            var updates = try pairs.keys.sorted().map { try Self.update($0, pairs[$0], secure: secure) }
            for _ in 0..<10 {
                try Self.expect(updates, give: vector, name)
                updates.shuffle(using: &random)
            }
        }
    }

    /// For a text, the keys before and after it, as an ordered walk gives them; none is "".
    @Test func neighbours() throws {
        for (name, vector) in try Self.read("trietestnextprev.json") {
            var trie = CheckedTrie()
            let keys = try #require(vector["in"] as? [String])
            try trie.apply(keys.map { TrieUpdate(key: Array($0.utf8), value: [1]) })
            var walked: [TriePath] = []
            try trie.trie.walk { if case .value(let key, _) = $0 { walked.append(key) } }
            #expect(walked.count == 3)
            let tests = try #require(vector["tests"] as? [[String]])
            #expect(tests.count == 12)
            for test in tests {
                let path = TriePath(key: test[0].utf8)
                let (before, after) = (walked.last { $0 < path }, walked.first { path < $0 })
                #expect((before ?? .root) == TriePath(key: test[1].utf8), "\(name) \(test)")
                #expect((after ?? .root) == TriePath(key: test[2].utf8), "\(name) \(test)")
            }
        }
    }

    private static func expect(_ updates: [TrieUpdate], give vector: [String: Any], _ name: String) throws {
        let root = try Hash32(hex: try #require(vector["root"] as? String))
        var atOnce = CheckedTrie()
        try atOnce.apply(updates)
        #expect(atOnce.root == root, "\(name)")
        var stepwise = CheckedTrie()
        for update in updates { try stepwise.apply([update]) }
        #expect(stepwise.root == root, "\(name)")
    }

    private static func read(_ file: String) throws -> [String: [String: Any]] {
        guard let cases = try PublicVectors.json("ethereum-tests/TrieTests/\(file)") as? [String: [String: Any]] else {
            throw VectorError.malformed(file)
        }
        return cases
    }

    private static func update(_ key: Any, _ value: Any?, secure: Bool) throws -> TrieUpdate {
        let key = try bytes(try #require(key as? String))
        let value = try (value as? String).map(bytes)
        return TrieUpdate(key: secure ? Keccak256.hash(key).bytes : key, value: value)
    }

    /// Text stands for its bytes, after 0x for hex.
    private static func bytes(_ text: String) throws -> [UInt8] {
        text.hasPrefix("0x") ? try Hex.decode(text) : Array(text.utf8)
    }
}
