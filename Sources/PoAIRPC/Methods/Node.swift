import PoAIJSON
import PoAIPrimitives

/// web3_*, net_*, and what eth_* says of the node itself.
extension RPCMethods {
    func addNode(to table: inout RPCMethodTable) {
        table.add("web3_clientVersion") { () in .text(backend.clientVersion) }
        table.add("web3_sha3", 1...1) { (arguments) throws(RPCError) in
            .hash(Keccak256.hash(try arguments[0].data()))
        }
        table.add("net_version") { () in .text(String(chain.spec.chainID)) }
        table.add("net_listening") { () in .bool(backend.network?.isListening ?? false) }
        table.add("net_peerCount") { () in .quantity(UInt64(backend.network?.peers.count ?? 0)) }
        table.add("eth_chainId") { () in .quantity(chain.spec.chainID) }
        table.add("eth_accounts") { () in [] }
        table.add("eth_syncing", syncing)
        table.add("eth_coinbase", coinbase)
    }

    @Sendable private func syncing() throws(RPCError) -> JSONValue {
        guard let progress = backend.syncProgress() else { return false }
        return [
            "startingBlock": .quantity(progress.startingBlock),
            "currentBlock": .quantity(progress.currentBlock),
            "highestBlock": .quantity(progress.highestBlock),
        ]
    }

    @Sendable private func coinbase() throws(RPCError) -> JSONValue {
        guard let address = backend.mining?.coinbase else {
            throw .server("no address to pay for blocks: start the node with --miner-address")
        }
        return .address(address)
    }
}
