import PoAIConsensus
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Blocks and headers as eth_* gives them.
enum BlockResult {
    /// What a subscription to new heads sends: the fields of a header.
    ///
    /// `difficulty` is the expected number of tries. `poai_loss` is ours: the sum of the losses over the scored tokens, in
    /// units of 2^-16 nats.
    static func header(_ header: BlockHeader, hash: Hash32) -> [String: JSONValue] {
        [
            "hash": .hash(hash),
            "parentHash": .hash(header.parentHash),
            "sha3Uncles": .hash(header.unclesHash),
            "miner": .address(header.miner),
            "stateRoot": .hash(header.stateRoot),
            "transactionsRoot": .hash(header.transactionsRoot),
            "receiptsRoot": .hash(header.receiptsRoot),
            "logsBloom": .data(header.logsBloom.bytes),
            "difficulty": .quantity(ForkChoice.work(bits: header.bits)),
            "number": .quantity(header.number),
            "gasLimit": .quantity(header.gasLimit),
            "gasUsed": .quantity(header.gasUsed),
            "timestamp": .quantity(header.timestamp),
            "extraData": .data(header.extraData),
            "mixHash": .hash(header.mixHash),
            "nonce": .nonce(header.nonce),
            "baseFeePerGas": .quantity(header.baseFeePerGas),
            "poai_loss": .quantity(header.loss),
        ]
    }

    /// A whole block; its transactions as given.
    static func block(
        _ block: Block, hash: Hash32, totalWork: UInt256, transactions: [JSONValue]
    ) -> JSONValue {
        var fields = header(block.header, hash: hash)
        fields["totalDifficulty"] = .quantity(totalWork)
        fields["size"] = .quantity(block.rlpEncoded().count)
        fields["transactions"] = .list(transactions)
        fields["uncles"] = []
        return .object(fields)
    }
}
