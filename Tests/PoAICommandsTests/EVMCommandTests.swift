import PoAICommands
import PoAITestSupport
import Testing

@Suite struct EVMCommandTests {
    @Test func codeOfOnesOwnIsMeasured() throws {
        let report = try CommandRun("bench", "evm", "--json", "--code", "0x5b5f56", "--gas", "100000").json()
        #expect(report["mgasPerSecond"] as? Double ?? 0 > 0)
        let loop = try #require((report["loops"] as? [[String: Any]])?.first)
        #expect(loop["gasUsed"] as? Int == 100_000)
        #expect(loop["status"] as? String == "out of gas")
        #expect(loop["code"] as? String == "0x5b5f56")
    }

    @Test func textSaysHowTheCodeEnded() {
        let run = CommandRun("bench", "evm", "--code", "5f5ffd", "--gas", "30000")
        #expect(run.code == 0 && run.output.contains("Mgas/s over 21004 gas (reverted)\n"))
    }

    @Test(arguments: [
        (["--code", "0"], "odd number"), (["--code", "zz"], "hex"), (["--code", ""], "at least one byte"),
        (["--gas", "30000"], "--gas needs --code"), (["--code", "00", "--gas", "20999"], "21000"),
        (["--code", "00", "--gas", "100000000001"], "100000000000"), (["--code", "00", "--gas", "-1"], "--gas"),
        (["--loops", "3"], "--loops"),
    ]) func senselessArgumentsAreRefused(arguments: [String], words: String) {
        CommandRun(["bench", "evm"] + arguments).expectError(64, words)
    }

    @Test func aStateTestThatFailsIsNamed() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("broken.json")
        try #require(TestFile.write(Array("{\"a\": 1}".utf8), to: path))
        let run = CommandRun("statetest", path, "--json")
        #expect(run.code == 1 && run.error.contains("1 of 1 cases failed"))
        let report = try run.json()
        #expect(report["files"] as? Int == 1 && report["failed"] as? Int == 1 && report["passed"] as? Int == 0)
        let failure = try #require((report["failures"] as? [[String: String]])?.first)
        #expect(failure["file"] == path && failure["test"] == "a" && failure["reason"] != nil)
        #expect(CommandRun("statetest", path).output.hasPrefix("FAILED \(path): a: "))
    }

    @Test func whatIsNoStateTestIsRefused() throws {
        let folder = try TemporaryDirectory()
        CommandRun("statetest", folder.path).expectError(1, folder.path, "no .json file")
        CommandRun("statetest", "/nowhere/tests").expectError(1, "/nowhere/tests")
        CommandRun("statetest").expectError(64, "path")
        CommandRun("statetest", folder.path, "--fork", "Prague").expectError(64, "Cancun only")
    }
}
