import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Where a mined transaction is.
struct TransactionPlace {
    let blockHash: Hash32
    let header: BlockHeader
    let index: Int
}

/// Transactions as eth_* gives them.
enum TransactionObject {
    /// A transaction; without a place it waits in the pool.
    static func of(_ transaction: Transaction, hash: Hash32, sender: Address, at place: TransactionPlace?) -> JSONValue
    {
        let fields = transaction.fields
        var object: [String: JSONValue] = [
            "type": .quantity(UInt64(fields.kind.rawValue)),
            "hash": .hash(hash),
            "from": .address(sender),
            "nonce": .quantity(fields.nonce),
            "to": .address(fields.to),
            "gas": .quantity(fields.gasLimit),
            "value": .quantity(fields.value),
            "input": .data(fields.data),
            "v": .quantity(transaction.v),
            "r": .quantity(transaction.signature.r),
            "s": .quantity(transaction.signature.s),
            "blockHash": place.map { .hash($0.blockHash) } ?? .null,
            "blockNumber": place.map { .quantity($0.header.number) } ?? .null,
            "blockTimestamp": place.map { .quantity($0.header.timestamp) } ?? .null,
            "transactionIndex": place.map { .quantity($0.index) } ?? .null,
        ]
        if let chainID = fields.chainID { object["chainId"] = .quantity(chainID) }
        if fields.kind != .legacy {
            object["accessList"] = .accessList(fields.accessList)
            object["yParity"] = .quantity(UInt64(transaction.signature.recoveryID))
        }
        // What is paid per gas; while that is not known, the most it may be.
        let price = place.flatMap { fields.effectiveGasPrice(baseFee: $0.header.baseFeePerGas) }
        object["gasPrice"] = .quantity(price ?? fields.maxFeePerGas)
        if fields.kind == .dynamicFee {
            object["maxFeePerGas"] = .quantity(fields.maxFeePerGas)
            object["maxPriorityFeePerGas"] = .quantity(fields.maxPriorityFeePerGas)
        }
        return .object(object)
    }

    /// One that waits in the pool.
    static func pending(_ transaction: RecoveredTransaction) -> JSONValue {
        of(transaction.transaction, hash: transaction.hash, sender: transaction.sender, at: nil)
    }
}
