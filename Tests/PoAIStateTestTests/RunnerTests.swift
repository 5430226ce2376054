import Foundation
import PoAIStateTest
import PoAITestSupport
import Testing

/// The runner on one small test (1 + 1, stored by a contract), as it is and damaged.
@Suite("State test runner")
struct RunnerTests {
    static let root = "e8010ce590f401c9d61fef8ab05bea9bcec24281b795e5868809bc4e515aa530"
    static let logs = "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
    static let signed =
        "f863800a83061a8094095e7baea6a6c7c4c2dfeb977efac326af552d87830186a0801ba0ffb600e63115a7362e7811894a91d8ba4330"
        + "e526f22121c994c4692035dfdfd5a06198379fcac8de3dbfac48b165df4bf88e2088f294b61efb9a65fe2281c76e16"
    static let secret = "45a915e4d060149eb4365960e6a7a45f334393093061116b197e3240065ff2d8"

    static let good = """
        {"add11": {
          "env": {"currentBaseFee": "0x0a", "currentCoinbase": "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba",
            "currentGasLimit": "0xff112233445566", "currentNumber": "0x01", "currentTimestamp": "0x03e8",
            "currentRandom": "0x0000000000000000000000000000000000000000000000000000000000020000"},
          "post": {"Cancun": [{"hash": "0x\(root)", "indexes": {"data": 0, "gas": 0, "value": 0},
            "logs": "0x\(logs)", "txbytes": "0x\(signed)"}]},
          "pre": {
            "0x095e7baea6a6c7c4c2dfeb977efac326af552d87": {"balance": "0x0de0b6b3a7640000",
              "code": "0x600160010160005500", "nonce": "0x00", "storage": {}},
            "0x2adc25665018aa1fe0e6bc666dac8fc2697ff9ba": {"balance": "0x00", "code": "0x", "nonce": "0x01",
              "storage": {}},
            "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b": {"balance": "0x0de0b6b3a7640000", "code": "0x",
              "nonce": "0x00", "storage": {}}},
          "transaction": {"data": ["0x"], "gasLimit": ["0x061a80"], "gasPrice": "0x0a", "nonce": "0x00",
            "secretKey": "0x\(secret)", "sender": "0xa94f5374fce5edbc8e2a8697c15331677e6ebf0b",
            "to": "0x095e7baea6a6c7c4c2dfeb977efac326af552d87", "value": ["0x0186a0"]}}}
        """

    private func run(_ text: String) throws -> StateTestSummary {
        let folder = try TemporaryDirectory()
        let path = folder.path("test.json")
        try #require(TestFile.write(Array(text.utf8), to: path))
        return StateTestRunner().run(try StateTestRunner.files(at: path))
    }

    private func damaged(_ part: String, _ other: String) throws -> String {
        try #require(Self.good.contains(part))
        return Self.good.replacingOccurrences(of: part, with: other)
    }

    @Test func theTestPasses() throws {
        let summary = try run(Self.good)
        #expect(summary.failures.isEmpty)
        #expect((summary.files, summary.cases, summary.passed, summary.skipped) == (1, 1, 1, 0))
    }

    @Test func withoutSignedBytesTheKeySigns() throws {
        #expect(try run(damaged(", \"txbytes\": \"0x\(Self.signed)\"", "")).passed == 1)
    }

    @Test(arguments: [
        (root, root.replacingOccurrences(of: "e801", with: "e802"), "state root"),
        (logs, logs.replacingOccurrences(of: "1dcc", with: "1dcd"), "logs hash"),
        ("600160010160005500", "600260010160005500", "state root"),
        ("\"data\": 0", "\"data\": 1", "at least 2 items"),
        ("0x061a80", "0x061a81", "another transaction"),
        ("\"txbytes\"", "\"expectException\": \"TransactionException.NONCE_IS_MAX\", \"txbytes\"", "was executed"),
        ("0xff112233445566", "0x01", "refused"),
        ("0xff112233445566", "nothing", "a number"),
        ("\"currentNumber\": \"0x01\",", "", "currentNumber"),
        ("a94f5374fce5edbc8e2a8697c15331677e6ebf0b\": {", "a94f\": {", "address"),
    ]) func aDifferenceIsAFailure(part: String, other: String, reason: String) throws {
        let summary = try run(damaged(part, other))
        #expect((summary.passed, summary.failed) == (0, 1))
        let failure = try #require(summary.failures.first)
        #expect(failure.reason.contains(reason), "\(failure.reason)")
        #expect(failure.test.hasPrefix("add11"))
    }

    @Test func theRightRefusalPassesAndAnotherFails() throws {
        let base = try damaged("0xff112233445566", "0x01")
            .replacingOccurrences(of: Self.root, with: Self.rootBefore)
        func expecting(_ name: String) -> String {
            base.replacingOccurrences(of: "\"txbytes\"", with: "\"expectException\": \"\(name)\", \"txbytes\"")
        }
        let right = try run(expecting("TransactionException.NONCE_IS_MAX|TransactionException.GAS_ALLOWANCE_EXCEEDED"))
        #expect(right.failures.isEmpty && right.passed == 1)
        #expect(try run(expecting("TransactionException.NONCE_IS_MAX")).failed == 1)
    }

    /// The root of the state that the test begins with.
    static let rootBefore = "4c9c6cf002e6a88a5444662ca9ceb6a116b7b69ced38c470bf6e4a12a6313967"

    @Test(arguments: ["", "[]", "{}", "{\"a\": 1}", "{\"a\": {\"post\": {}}}", "{\"a\": {}, \"a\": {}}", "nonsense"])
    func anUnreadableFileIsAFailure(text: String) throws {
        let summary = try run(text)
        #expect((summary.files, summary.passed, summary.failed) == (1, 0, 1))
    }

    @Test func otherForksAreCountedApart() throws {
        let summary = try run(damaged("\"Cancun\"", "\"Berlin\""))
        #expect((summary.files, summary.cases, summary.otherForks, summary.failed) == (1, 0, 1, 0))
    }

    @Test func blobsAreSkipped() throws {
        let summary = try run(damaged("\"gasPrice\"", "\"maxFeePerBlobGas\": \"0x01\", \"gasPrice\""))
        #expect((summary.cases, summary.skipped, summary.passed) == (1, 1, 0))
        #expect(summary.skips == [.blobTransaction: 1])
    }

    @Test func aPathWithoutTestsIsRefused() throws {
        let folder = try TemporaryDirectory()
        #expect(throws: StateTestError.self) { try StateTestRunner.files(at: folder.path) }
        #expect(throws: StateTestError.self) { try StateTestRunner.files(at: folder.path("none")) }
    }

    @Test func foldersAreReadInOrder() throws {
        let folder = try TemporaryDirectory()
        for name in ["b.json", "a.json", "notes.txt"] {
            try #require(TestFile.write([0x7b, 0x7d], to: folder.path(name)))
        }
        #expect(try StateTestRunner.files(at: folder.path) == [folder.path + "/a.json", folder.path + "/b.json"])
    }
}
