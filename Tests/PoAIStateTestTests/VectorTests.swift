import Foundation
import PoAIStateTest
import PoAITestSupport
import Testing

@Suite("Public state tests", .enabled(if: PublicVectors.hasEthereum))
struct VectorTests {
    /// Runs 2³² rounds of BLAKE2 and takes a minute by itself.
    static let slowest = "CALLBlake2f_MaxRounds.json"

    /// The whole set, but for one slow file unless POAI_FULL is 1.
    @Test func allPassButThoseWithBlobs() throws {
        let isFull = ProcessInfo.processInfo.environment["POAI_FULL"] == "1"
        let files = try StateTestRunner.files(at: try Self.folder()).filter { isFull || !$0.hasSuffix(Self.slowest) }
        #expect(files.count == (isFull ? 2213 : 2212))
        let summary = StateTestRunner().run(files)
        for failure in summary.failures { Issue.record("\(failure)") }
        #expect(summary.files == files.count)
        #expect(summary.cases == summary.passed + summary.skipped)
        #expect(summary.passed >= 19_295)
        #expect(summary.skips == [.blobTransaction: 389, .pointEvaluation: 201])
        print("state tests: \(summary.files) files, \(summary.passed) passed, \(summary.skipped) skipped")
    }

    static func folder() throws -> String {
        guard let vectors = PublicVectors.ethereum else { throw VectorError.missing("ethereum-tests") }
        return vectors.appending(path: "ethereum-tests/GeneralStateTests").path
    }
}
