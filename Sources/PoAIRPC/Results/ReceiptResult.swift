import PoAIEVM
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// A block with its receipts and the hashes of its transactions.
struct ExecutedBlock {
    let block: Block
    let hash: Hash32
    let receipts: [Receipt]
    let transactionHashes: [Hash32]

    /// nil unless there is a receipt for each transaction.
    init?(block: Block, hash: Hash32, receipts: [Receipt]) {
        guard receipts.count == block.transactions.count else { return nil }
        self.block = block
        self.hash = hash
        self.receipts = receipts
        transactionHashes = block.transactions.map(\.hash)
    }

    /// Gas used by the transaction at an index alone.
    func gasUsed(_ index: Int) -> UInt64 {
        let before = index > 0 ? receipts[index - 1].cumulativeGasUsed : 0
        return receipts[index].cumulativeGasUsed.subtractingReportingOverflow(before).partialValue
    }

    /// Number of the first log of the transaction at an index within the block.
    func firstLog(_ index: Int) -> Int { receipts[..<index].reduce(0) { $0 + $1.logs.count } }

    /// The logs that match, as eth_getLogs gives them, in their order.
    func logs(_ filter: LogFilter, removed: Bool = false) -> [JSONValue] {
        var number = 0
        var found: [JSONValue] = []
        for (index, receipt) in receipts.enumerated() {
            for log in receipt.logs {
                if filter.matches(log) { found.append(self.log(log, of: index, number: number, removed: removed)) }
                number += 1
            }
        }
        return found
    }

    /// The receipt of the transaction at an index, whose sender is known.
    func receipt(_ index: Int, sender: Address) -> JSONValue {
        let (receipt, fields) = (receipts[index], block.transactions[index].fields)
        let first = firstLog(index)
        let price = fields.effectiveGasPrice(baseFee: block.header.baseFeePerGas) ?? fields.maxFeePerGas
        return [
            "type": .quantity(UInt64(receipt.kind.rawValue)),
            "transactionHash": .hash(transactionHashes[index]),
            "transactionIndex": .quantity(index),
            "blockHash": .hash(hash),
            "blockNumber": .quantity(block.header.number),
            "from": .address(sender),
            "to": .address(fields.to),
            "cumulativeGasUsed": .quantity(receipt.cumulativeGasUsed),
            "gasUsed": .quantity(gasUsed(index)),
            "contractAddress": fields.to == nil
                ? .address(ContractAddress.create(sender, nonce: fields.nonce)) : .null,
            "logs": .list(receipt.logs.enumerated().map { log($1, of: index, number: first + $0, removed: false) }),
            "logsBloom": .data(receipt.bloom.bytes),
            "status": .quantity(receipt.succeeded ? 1 : 0),
            "effectiveGasPrice": .quantity(price),
        ]
    }

    private func log(_ log: Log, of index: Int, number: Int, removed: Bool) -> JSONValue {
        [
            "removed": .bool(removed),
            "logIndex": .quantity(number),
            "transactionIndex": .quantity(index),
            "transactionHash": .hash(transactionHashes[index]),
            "blockHash": .hash(hash),
            "blockNumber": .quantity(block.header.number),
            "blockTimestamp": .quantity(block.header.timestamp),
            "address": .address(log.address),
            "data": .data(log.data),
            "topics": .list(log.topics.map { .hash($0) }),
        ]
    }
}
