import Foundation
import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

/// go-ethereum's vectors of the nine precompiles, each also with one gas less than it needs.
@Suite("Precompiles: public vectors", .enabled(if: PublicVectors.hasEthereum, "no public vectors"))
struct PrecompilesVectorTests {
    static let folder = "geth-testdata/core/vm/testdata/precompiles"

    /// A file: which precompile, how many cases, and whether its prices are Cancun's.
    struct Source: Sendable, CustomTestStringConvertible {
        let name: String
        let index: UInt8
        let count: Int
        var hasPrices = true
        var testDescription: String { name }
    }

    static let sources = [
        Source(name: "ecRecover.json", index: 1, count: 5),
        Source(name: "modexp.json", index: 5, count: 17, hasPrices: false),  // Byzantium's
        Source(name: "modexp_eip2565.json", index: 5, count: 47),
        Source(name: "modexp_eip7883.json", index: 5, count: 45, hasPrices: false),  // Osaka's
        Source(name: "bn256Add.json", index: 6, count: 16),
        Source(name: "bn256ScalarMul.json", index: 7, count: 19),
        Source(name: "bn256Pairing.json", index: 8, count: 14),
        Source(name: "blake2F.json", index: 9, count: 5),
        Source(name: "fail-blake2f.json", index: 9, count: 4),
    ]

    /// Contracts that Cancun does not have, or has but at address 10 (point evaluation), which this chain leaves out.
    static let foreign = ["bls", "fail-bls", "p256Verify", "pointEvaluation"]

    @Test("Every file is read or belongs to a contract that is not here")
    func noFileIsLeftOut() throws {
        let folder = try #require(PublicVectors.ethereum).appending(path: Self.folder)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { file in !Self.foreign.contains { file.hasPrefix($0) } }
        #expect(files.sorted() == Self.sources.map(\.name).sorted())
    }

    @Test("Output and price", arguments: sources)
    func vectors(source: Source) throws {
        let cases = try #require(PublicVectors.json("\(Self.folder)/\(source.name)") as? [[String: Any]])
        #expect(cases.count == source.count)
        for vector in cases {
            let name = try #require(vector["Name"] as? String)
            let input = try Hex.decode(try #require(vector["Input"] as? String))
            let result = Precompile.run(source.index, input)
            guard let expected = vector["Expected"] as? String else {
                #expect(vector["ExpectedError"] is String)
                #expect(result == .failure, "\(name)")
                continue
            }
            guard case .success(let gas, let output) = result else {
                Issue.record("\(name) fails")
                continue
            }
            #expect(output == (try Hex.decode(expected)), "\(name)")
            if source.hasPrices { #expect(gas == (vector["Gas"] as? NSNumber)?.int64Value, "\(name)") }
            #expect(Precompile.run(source.index, input, gasLimit: gas) == result, "\(name)")
            #expect(Precompile.run(source.index, input, gasLimit: gas - 1) == .failure, "\(name)")
        }
    }
}
