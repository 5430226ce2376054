import PoAIChain
import PoAINode
import PoAIPrimitives
import PoAITestSupport
import PoAITypes

/// A tiny network with one account that has money, its chain, and a pool that follows it.
final class FundedNetwork: Sendable {
    let folder: TemporaryDirectory
    let work: WorkEngine
    let chain: Blockchain
    let pool: NodePool
    let key: PrivateKey
    let miner = Address(Array(repeating: 0x11, count: 20)) ?? .zero
    let receiver = Address(Array(repeating: 0x22, count: 20)) ?? .zero

    var sender: Address { key.address }

    init() throws {
        folder = try TemporaryDirectory()
        let network = try TinyNetwork(targetThousandths: 1000)
        let spec = try DevAccounts.fund(1, in: network.spec)
        key = DevAccounts.key(0)
        work = try WorkEngine.open(modelPath: network.model.path, spec: spec, threads: 1)
        chain = try Blockchain(dataDirectory: folder.path, spec: spec, evaluator: WorkSealEvaluator(work))
        pool = NodePool(chain: chain)
    }

    /// An encoded transfer of the account with money.
    func transfer(nonce: UInt64, value: UInt64, chainID: UInt64? = nil) -> [UInt8] {
        TransactionFields.dynamicFee(
            chainID: chainID ?? chain.spec.chainID, nonce: nonce, maxPriorityFeePerGas: UInt256(2),
            maxFeePerGas: UInt256(2_000_000_000), gasLimit: 21_000, to: receiver, value: UInt256(value), data: []
        ).signed(by: key).encoded()
    }

    /// Mines until the head has this height.
    func mine(to height: UInt64) throws {
        let miner = Miner(
            chain: chain, work: work, address: miner, firstNonce: 0, transactions: pool, report: { _ in })
        let stop = StopFlag()
        let heads = chain.subscribe { if $0.head.header.number >= height { stop.set() } }
        try withExtendedLifetime(heads) { try miner.run(until: stop) }
    }
}
