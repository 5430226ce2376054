import PoAIJSON
import PoAIPrimitives

/// The miner, and mining from outside.
extension RPCMethods {
    func addMining(to table: inout RPCMethodTable) {
        table.add("eth_mining") { () in .bool(backend.mining?.isMining ?? false) }
        table.add("eth_hashrate") { () in .quantity(backend.mining?.hashrate ?? 0) }
        table.add("eth_getWork", getWork)
        table.add("eth_submitWork", 4...4, submitWork)
    }

    /// Seal hash, epoch key, target, height: what the seeds of the tries' quizzes are made from, and the bound for ℓ̂.
    @Sendable private func getWork() throws(RPCError) -> JSONValue {
        let work = try miner().work()
        return [.hash(work.sealHash), .hash(work.epochKey), .word(work.target), .quantity(work.number)]
    }

    /// Nonce (8 bytes), seal hash, digest and loss of the forward pass; true if the block was taken.
    @Sendable private func submitWork(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let bytes = try arguments[0].data(limit: 8)
        guard bytes.count == 8 else { throw arguments[0].expected("a nonce of 8 bytes") }
        let find = MinedWork(
            sealHash: try arguments[1].hash(), nonce: bytes.reduce(0) { $0 << 8 | UInt64($1) },
            digest: try arguments[2].hash(), loss: try arguments[3].quantity64())
        return .bool(try miner().submit(find))
    }

    private func miner() throws(RPCError) -> any MiningControl {
        guard let miner = backend.mining else { throw .server("this node gives no work for miners") }
        return miner
    }
}
