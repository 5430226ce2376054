import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Chain specs that fuzzing found")
struct ChainSpecRegressionTests {
    @Test("They are refused in one line, or give a genesis block")
    func regressions() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAINode", target: "chain_spec") {
            do throws(ChainSpecError) {
                let genesis = try ChainSpec(json: bytes).genesisHeader(stateRoot: EmptyRoots.trie)
                #expect((try? BlockHeader(rlp: genesis.rlpEncoded())) == genesis, "\(name)")
            } catch {
                #expect(!"\(error)".unicodeScalars.contains { $0.value < 0x20 }, "\(name)")
            }
        }
    }

    @Test("A key that stands twice is refused, since readers would differ in which one holds")
    func duplicateKey() throws {
        let inputs = try Regressions.inputs(module: "PoAINode", target: "chain_spec")
        let input = try #require(inputs.first { $0.name == "chain_spec-duplicate-key" })
        #expect {
            try ChainSpec(json: input.bytes)
        } throws: { error in
            "\(error)".contains("\"chainID\" again")
        }
    }
}
