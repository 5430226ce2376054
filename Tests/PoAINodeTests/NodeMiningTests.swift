import PoAIChain
import PoAINode
import PoAIPrimitives
import PoAIRPC
import PoAITestSupport
import PoAITypes
import PoAIWork
import Testing

/// Work that is given to miners outside of the node, and what they bring back.
@Suite struct NodeMiningTests {
    /// What an outside miner computes for some work.
    private func solve(_ work: MiningWork, on net: FundedNetwork, nonce: UInt64 = 3) throws -> MinedWork {
        let seed = Seal.quizSeed(
            epochKey: work.epochKey, sealHash: work.sealHash, number: work.number, nonce: nonce)
        let trace = try #require(try net.work.solve([seed]).first).trace
        return MinedWork(sealHash: work.sealHash, nonce: nonce, digest: trace.digest, loss: trace.loss)
    }

    @Test func aFindBecomesTheHead() throws {
        let net = try FundedNetwork()
        let mining = NodeMining(chain: net.chain, address: net.miner, miner: nil, transactions: net.pool)
        #expect(!mining.isMining && mining.hashrate == 0 && mining.coinbase == net.miner)
        let work = try mining.work()
        #expect(work.number == 1)
        #expect(try mining.work() == work)
        let find = try solve(work, on: net)
        var forged = find
        forged.digest = Hash32(Keccak256.hash(find.digest.bytes).bytes) ?? .zero
        #expect(try !mining.submit(forged))
        #expect(net.chain.head.header.number == 0)
        #expect(try mining.submit(find))
        #expect(net.chain.head.header.number == 1)
        #expect(try !mining.submit(find), "the same find twice")
    }

    @Test func staleAndUnknownWorkIsRefused() throws {
        let net = try FundedNetwork()
        let mining = NodeMining(chain: net.chain, address: net.miner, miner: nil, transactions: net.pool)
        let stale = try solve(try mining.work(), on: net)
        var unknown = stale
        unknown.sealHash = .zero
        #expect(try !mining.submit(unknown))
        try net.mine(to: 1)
        _ = try mining.work()
        #expect(try !mining.submit(stale))
        #expect(net.chain.head.header.number == 1)
    }

    @Test func newTransactionsMakeNewWork() throws {
        let net = try FundedNetwork()
        let mining = NodeMining(chain: net.chain, address: net.miner, miner: nil, transactions: net.pool)
        let empty = try mining.work()
        _ = try net.pool.submit(encoded: net.transfer(nonce: 0, value: 7))
        let full = try mining.work()
        #expect(full.sealHash != empty.sealHash)
        #expect(try mining.submit(try solve(full, on: net)))
        #expect(try net.chain.reader.balance(net.receiver) == UInt256(7))
    }

    @Test func withoutAnAddressThereIsNoWork() throws {
        let net = try FundedNetwork()
        let mining = NodeMining(chain: net.chain, address: nil, miner: nil, transactions: net.pool)
        let error = #expect(throws: RPCError.self) { try mining.work() }
        #expect(error?.message.contains("--miner-address") == true)
    }
}
