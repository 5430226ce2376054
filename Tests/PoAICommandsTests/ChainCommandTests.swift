import Foundation
import PoAICommands
import PoAITestSupport
import Testing

/// The commands that work on a chain, from mining it to reading it back from a file.
@Suite struct ChainCommandTests {
    @Test func runMinesAndLogsLinesForPrograms() async throws {
        let (chain, log) = try await TinyChain.mined(3)
        let mined = log.filter { $0["event"] as? String == "block mined" }
        #expect(mined.compactMap { $0["height"] as? Int } == [1, 2, 3])
        for line in mined {
            #expect(
                Set(line.keys) == [
                    "event", "hash", "height", "level", "lhatOfTarget", "loss", "nonce", "seconds", "time", "tries",
                ])
        }
        let events = Set(log.compactMap { $0["event"] as? String })
        #expect(events.isSuperset(of: ["starting", "model ready", "chain ready", "block mined", "stopped"]))
        #expect(log.last?["reason"] as? String == "reached height 3")
        #expect(chain.run("balance", "--addr", TinyChain.miner).output == "15 POAI (15000000000000000000 wei)\n")
    }

    @Test func balanceAsJSON() async throws {
        let (chain, _) = try await TinyChain.mined(1)
        let run = chain.run("balance", "--json", "--addr", "0x\(TinyChain.miner)")
        let line = "{\"address\": \"\(TinyChain.miner)\", \"poai\": \"5\", \"wei\": \"5000000000000000000\"}\n"
        #expect(run.output == line && run.code == 0 && run.error.isEmpty)
        let nobody = String(repeating: "22", count: 20)
        #expect(chain.run("balance", "--addr", nobody).output == "0 POAI (0 wei)\n")
    }

    @Test func verifyChecksEveryBlock() async throws {
        let (chain, log) = try await TinyChain.mined(3)
        let run = chain.run("verify", "--json")
        let report = try run.json()
        #expect(run.code == 0 && run.error.isEmpty)
        #expect(Set(report.keys) == ["ok", "blocks", "head", "height", "seconds"])
        #expect(report["ok"] as? Bool == true && report["blocks"] as? Int == 3 && report["height"] as? Int == 3)
        #expect(report["head"] as? String == log.last?["head"] as? String)
        #expect(report["seconds"] is Double)
        #expect(try chain.run("verify", "--from", "2", "--to", "2", "--json").json()["blocks"] as? Int == 1)
        let text = chain.run("verify")
        #expect(text.code == 0 && text.output.hasPrefix("ok: 3 blocks checked in ") && text.error.isEmpty)
    }

    @Test func verifyReportsFaultsInBothForms() async throws {
        let (chain, _) = try await TinyChain.mined(1)
        var other = TinyLlama()
        other.seed = 99
        let model = ScratchFile(other.file())
        let run = chain.run("verify", "--json", model: model)
        let report = try run.json()
        #expect(run.code == 1)
        #expect(Set(report.keys) == ["ok", "blocks", "seconds", "error"])
        #expect(report["ok"] as? Bool == false && report["blocks"] as? Int == 0)
        #expect((report["error"] as? String)?.contains(model.path) == true)
        chain.run("verify", model: model).expectError(1, model.path, "SHA-256")
        chain.run("verify", "--from", "9").expectError(1, "9", "1")
        CommandRun("verify", "--data-dir", chain.folder.path("none")).expectError(
            1, chain.folder.path("none"), "--data-dir")
        #expect(access(chain.folder.path("none"), F_OK) != 0)
    }

    @Test func quizShowsTheBlocksSeal() async throws {
        let (chain, log) = try await TinyChain.mined(2)
        let keys: Set = [
            "block", "digest", "height", "items", "lhat", "loss", "nonce", "salt", "scored", "sealed", "seed",
            "subSeed",
            "target", "text", "tokenLosses", "tokens",
        ]
        let report = try chain.run("quiz", "--height", "2", "--json").json()
        #expect(Set(report.keys) == keys)
        #expect(report["sealed"] as? Bool == true && report["block"] as? String == log.last?["head"] as? String)
        let block = try #require(report["block"] as? String)
        #expect(
            try chain.run("quiz", "--block", block, "--json").json()["seed"] as? String == report["seed"] as? String)
        let bare = try chain.run("quiz", "--height", "2", "--json", "--no-pass").json()
        #expect(Set(bare.keys) == keys.subtracting(["digest", "lhat", "loss", "sealed", "tokenLosses"]))
        #expect(chain.run("quiz", "--height", "2").output.hasSuffix("The seal is right.\n"))
        chain.run("quiz", "--height", "3").expectError(1, "block 3", "ends at 2")
        chain.run("quiz", "--height", "0").expectError(1, "genesis")
        chain.run("quiz", "--block", String(repeating: "0", count: 64)).expectError(1, "--block")
    }

    @Test func chainsGoThroughFiles() async throws {
        let (chain, _) = try await TinyChain.mined(3)
        let file = chain.folder.path("chain.rlp")
        #expect(chain.run("export", file).output == "3 blocks written to \(file)\n")
        chain.run("export", "--output", file).expectError(1, file, "exists already")
        let taken = chain.importing(file, into: "copy")
        #expect(taken.code == 0 && taken.output.hasPrefix("3 blocks read, 3 of them new, in "))
        let again = chain.importing(file, into: "copy")
        #expect(again.code == 0 && again.output.hasPrefix("3 blocks read, 0 of them new, in "))
        let balance = CommandRun("balance", "--addr", TinyChain.miner, "--data-dir", chain.folder.path("copy"))
        #expect(balance.output == "15 POAI (15000000000000000000 wei)\n")
        let part = chain.folder.path("part.rlp")
        #expect(
            chain.run("export", "--from", "2", "--to", "2", "--output", part).output == "1 blocks written to \(part)\n")
        let bytes = try #require(TestFile.read(file))
        #expect(try #require(TestFile.read(part)).count < bytes.count)
        chain.run("export", "--to", "4", chain.folder.path("more.rlp")).expectError(1, "block 4", "ends at 3")
        #expect(
            access(chain.folder.path("more.rlp"), F_OK) != 0 && access(chain.folder.path("more.rlp.part"), F_OK) != 0)
    }

    @Test func badChainFilesAreRefused() async throws {
        let (chain, _) = try await TinyChain.mined(2)
        let file = chain.folder.path("chain.rlp")
        #expect(chain.run("export", file).code == 0)
        let bytes = try #require(TestFile.read(file))
        chain.importing(chain.folder.path("none"), into: "x").expectError(
            1, chain.folder.path("none"), "check the path")
        #expect(TestFile.write(bytes.dropLast(), to: file))
        chain.importing(file, into: "cut").expectError(1, file)
        #expect(TestFile.write([0x61, 0x62] + bytes, to: file))
        chain.importing(file, into: "noise").expectError(1, file)
        #expect(TestFile.write([], to: file))
        chain.importing(file, into: "empty").expectError(1, file, "no block")
    }

    @Test func rulesThatDoNotFitAreRefused() async throws {
        let (chain, _) = try await TinyChain.mined(1)
        let (file, bad) = (chain.folder.path("chain.rlp"), chain.folder.path("bad.json"))
        #expect(chain.run("export", file).code == 0)
        chain.run("import", file, "--network", "mainnet").expectError(1, chain.data, "tiny", "--network mainnet")
        chain.run("import", file, "--target", "7").expectError(1, chain.data, "--target", "--data-dir")
        chain.run("import", file, "--epoch-blocks", "7").expectError(1, chain.data, "--epoch-blocks 20, not 7")
        chain.run("import", file, "--chain-spec", bad).expectError(1, bad, "--chain-spec")
        #expect(TestFile.write(Array("{".utf8), to: bad))
        chain.run("import", file, "--chain-spec", bad).expectError(1, bad, "docs/spec/consensus.md")
        let text = try String(contentsOfFile: chain.spec, encoding: .utf8)
        #expect(TestFile.write(Array(text.replacing("210000", with: "210001").utf8), to: bad))
        chain.run("import", file, "--chain-spec", bad).expectError(1, chain.data, "other rules", bad)
        #expect(chain.run("import", file, "--chain-spec", chain.spec).code == 0)
    }
}
