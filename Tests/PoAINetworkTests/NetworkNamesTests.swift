import PoAINetwork
import PoAIPrimitives
import Testing

@Suite struct NetworkNamesTests {
    @Test func namesDifferByChainAndPurpose() {
        let one = NetworkNames(genesis: Keccak256.hash([1]))
        let other = NetworkNames(genesis: Keccak256.hash([2]))
        let all = [one, other].flatMap { [$0.blocks, $0.transactions, $0.status, $0.sync, $0.pool, $0.kademlia] }
        #expect(Set(all).count == 12)
        #expect(one.blocks.hasPrefix("/poai/5fe7f977e71dba2e"))
        #expect(one.prefix.utf8.count == 6 + 64)
        #expect(one.localService == "_poai-5fe7f977._udp.local")
        #expect(one.localService != other.localService)
    }
}
