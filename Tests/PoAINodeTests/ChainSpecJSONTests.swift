import Foundation
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Chain spec from JSON")
struct ChainSpecJSONTests {
    static let good = """
        {"name": "test", "chainID": 1, "blockInterval": 5, "retargetInterval": 16, "epochBlocks": 20,
        "maxFutureSeconds": 7200, "medianTimeBlocks": 11, "powLimitBits": "0x2100ffff", "genesisBits": "0x20066666",
        "genesisTimestamp": 1, "genesisGasLimit": 30000000, "genesisBaseFee": "1000000000",
        "initialSubsidy": "5000000000000000000", "halvingInterval": 210000,
        "quiz": {"tokenCount": 64, "scoredTokens": 8},
        "models": [{"activationHeight": 0, "engine": "exact-1", "name": "m",
        "sha256": "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"}],
        "alloc": [{"address": "0x0101010101010101010101010101010101010101", "wei": "7"}]}
        """

    @Test("The embedded specs hash as an independent implementation says")
    func embedded() throws {
        for (network, parametersHash, genesisHash) in SpecVectors.all {
            let spec = try ChainSpec.embedded(#require(ChainSpec.Network(rawValue: network)))
            #expect(spec.name == network)
            #expect(spec.parametersHash.hex == parametersHash)
            #expect(spec.genesisHeader(stateRoot: EmptyRoots.trie).hash.hex == genesisHash)
        }
        #expect(SpecVectors.all.count == ChainSpec.Network.allCases.count)
    }

    @Test("The embedded networks have the parameters that were agreed")
    func parameters() throws {
        let mainnet = try ChainSpec.embedded(.mainnet)
        let testnet = try ChainSpec.embedded(.testnet)
        let devnet = try ChainSpec.embedded(.devnet)
        #expect([mainnet, testnet, devnet].map(\.chainID) == [7424, 17424, 27424])
        #expect([mainnet, testnet, devnet].map(\.blockInterval) == [600, 60, 5])
        #expect([mainnet, testnet, devnet].map(\.retargetInterval) == [2016, 288, 16])
        #expect([mainnet, testnet, devnet].map(\.epochBlocks) == [2016, 2016, 20])
        #expect([mainnet, testnet, devnet].map(\.maxFutureSeconds) == [7200, 3600, 30])
        #expect(try devnet == ChainSpec.devnet())
        for spec in [mainnet, testnet, devnet] {
            #expect(spec.initialSubsidy == UInt256(5_000_000_000_000_000_000) && spec.halvingInterval == 210_000)
            #expect(spec.medianTimeBlocks == 11)
            // Dates that swing by the future limit must not reach a clamp of the retarget: docs/threat_model.md, section 11.
            #expect(8 * spec.maxFutureSeconds <= 3 * spec.retargetInterval * spec.blockInterval)
            #expect(spec.quiz == QuizParameters(tokenCount: 64, scoredTokens: 8))
            #expect(spec.models == devnet.models && spec.alloc.isEmpty)
        }
    }

    @Test("The specification names every genesis hash")
    func documentation() throws {
        let text = try String(contentsOf: PackageRoot.file("docs/spec/consensus.md"), encoding: .utf8)
        for (network, _, genesisHash) in SpecVectors.all {
            #expect(text.contains("| \(network) | `\(genesisHash)` |"))
        }
    }

    @Test("Allocations are read")
    func alloc() throws {
        let spec = try ChainSpec(json: Array(Self.good.utf8))
        let address = try Address(parsing: "0101010101010101010101010101010101010101")
        #expect(spec.alloc == [Allocation(address: address, wei: UInt256(7))])
    }

    @Test(
        "One spoilt value gives one line that names its key",
        arguments: [
            ("\"chainID\": 1,", "", "missing", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 1, \"chainId\": 1,", "unknown", "chainId"),
            ("\"chainID\": 1,", "\"chainID\": \"1\",", "got \"1\"", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": true,", "got true", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": null,", "got null", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": -1,", "got -1", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 1.5,", "got 1.5", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 0,", "from 1 to", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 1.0,", "got 1.0", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 1e0,", "got 1e0", "chainID"),
            ("\"chainID\": 1,", "\"chainID\": 01,", "at byte 29", ""),
            ("\"chainID\": 1,", "\"chainID\": 1, \"chainID\": 1,", "got \"chainID\" again", ""),
            ("\"chainID\": 1,", "\"chainID\": 1, \"chain\\u0049D\": 2,", "got \"chainID\" again", ""),
            ("\"wei\": \"7\"", "\"wei\": \"7\", \"wei\": \"8\"", "got \"wei\" again", ""),
            ("\"test\"", "\"\\u001b[2J\"", "got  [2J", "name"),
            ("\"chainID\": 1,", "\"chainID\": 18446744073709551616,", "whole number", "chainID"),
            ("\"test\"", "7", "got 7", "name"),
            ("\"test\"", "\"a\\nb\"", "got a", "name"),
            ("\"0x2100ffff\"", "553713663", "got 553713663", "powLimitBits"),
            ("\"0x2100ffff\"", "\"2100ffff\"", "8 hex digits", "powLimitBits"),
            ("\"0x2100ffff\"", "\"0x2100fffg\"", "8 hex digits", "powLimitBits"),
            ("\"0x2100ffff\"", "\"0x2180ffff\"", "0x2180ffff", "powLimitBits"),
            ("\"1000000000\"", "1000000000", "decimal digits", "genesisBaseFee"),
            ("\"1000000000\"", "\"-1\"", "decimal digits", "genesisBaseFee"),
            ("{\"tokenCount\": 64, \"scoredTokens\": 8}", "[]", "an object", "quiz"),
            ("\"scoredTokens\": 8", "\"scoredTokens\": 9", "1 to 8", "quiz.scoredTokens"),
            ("\"scoredTokens\": 8", "\"scoredTokens\": 8, \"x\": 1", "unknown", "quiz.x"),
            ("\"tokenCount\": 64,", "\"tokenCount\": 18446744073709551615,", "2^63", "quiz.tokenCount"),
            ("\"activationHeight\": 0,", "", "missing", "models[0].activationHeight"),
            ("b179", "b17", "64 hex digits", "models[0].sha256"),
            ("[{\"address\"", "{\"address\"", "not valid JSON", ""),
            ("0x0101", "0x01", "40 hex digits", "alloc[0].address"),
            ("\"wei\": \"7\"", "\"wei\": \"0\"", "more than 0", "alloc[0].wei"),
        ])
    func spoilt(original: String, replacement: String, reason: String, key: String) throws {
        let text = Self.good.replacing(original, with: replacement)
        try #require(text != Self.good)
        #expect {
            _ = try ChainSpec(json: Array(text.utf8))
        } throws: { error in
            let line = "\(error)"
            return error is ChainSpecError && line.contains(reason) && !line.contains("\n")
                && (key.isEmpty || line.contains("\"\(key)\""))
        }
    }

    @Test("Text that is no JSON object is refused", arguments: ["", "{", "[]", "null", "7", "\"x\"", "{\"a\":1} {}"])
    func notAnObject(text: String) {
        #expect {
            _ = try ChainSpec(json: Array(text.utf8))
        } throws: { error in
            guard case .notAnObject = error as? ChainSpecError else { return false }
            return !"\(error)".contains("\n")
        }
    }
}
