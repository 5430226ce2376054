import Foundation
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

/// ethereum/tests TransactionTests: every file, for every fork it carries.
@Suite("Public transaction vectors", .enabled(if: PublicVectors.hasEthereum, "no public vectors"))
struct TransactionVectorTests {
    private static let folder = "ethereum-tests/TransactionTests"

    struct Vector: Decodable {
        struct Outcome: Decodable {
            let exception, hash, sender: String?
            let intrinsicGas: String
        }
        let result: [String: Outcome]
        let txbytes: String
    }

    private func vectors() throws -> [(file: String, name: String, vector: Vector)] {
        let root = try #require(PublicVectors.ethereum).appending(path: Self.folder)
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".json") }
        #expect(files.count == 210)
        return try files.sorted().flatMap { file in
            let data = try Data(contentsOf: root.appending(path: file))
            return try JSONDecoder().decode([String: Vector].self, from: data).sorted { $0.key < $1.key }
                .map { (file, $0.key, $0.value) }
        }
    }

    @Test("Valid transactions have the hash, sender and gas they should; others are refused")
    func everyForkOfEveryFile() throws {
        var counts: [String: Int] = [:]
        for (file, name, vector) in try vectors() {
            for (forkName, outcome) in vector.result {
                let fork = try #require(TransactionFork(rawValue: forkName), "\(file): \(forkName)")
                counts[forkName, default: 0] += 1
                let verdict = fork.verdict(hex: vector.txbytes)
                let place: Comment = "\(file) \(name) \(forkName): \(verdict)"
                switch verdict {
                case .refused:
                    #expect(outcome.exception != nil, place)
                case .valid(let hash, let sender, let gas):
                    #expect(outcome.exception == nil, place)
                    #expect(outcome.hash == hash.hex, place)
                    #expect(outcome.sender == "0x" + sender.hex, place)
                    #expect(try UInt256(hex: outcome.intrinsicGas) == UInt256(gas), place)
                }
            }
        }
        let old = TransactionFork.allCases.prefix { $0 != .paris }.map { ($0.rawValue, 210) }
        let expected = Dictionary(uniqueKeysWithValues: old + [("Paris", 208), ("Shanghai", 208), ("Cancun", 149)])
        #expect(counts == expected)
    }
}
