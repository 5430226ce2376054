import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// What transactions should and did pay.
extension RPCMethods {
    func addFees(to table: inout RPCMethodTable) {
        table.add("eth_baseFee") { () throws(RPCError) in .quantity(try nextBaseFee()) }
        table.add("eth_gasPrice") { () throws(RPCError) in
            let sum = try nextBaseFee().addingReportingOverflow(try suggestedTip())
            return .quantity(sum.overflow ? .max : sum.partialValue)
        }
        table.add("eth_maxPriorityFeePerGas") { () throws(RPCError) in .quantity(try suggestedTip()) }
        table.add("eth_feeHistory", 2...3, feeHistory)
    }

    private func nextBaseFee() throws(RPCError) -> UInt256 { chain.head.expectations.baseFee }

    // MARK: Suggestion

    /// The 60th percentile of the lowest tips of recent blocks; 1 gwei where there were none.
    private func suggestedTip() throws(RPCError) -> UInt256 {
        var tips: [UInt256] = []
        var hash = chain.head.hash
        for _ in 0..<Self.tipBlocks {
            guard let header = try reading({ () throws(ChainError) in try reader.header(hash) }), header.number > 0
            else { break }
            if header.transactionsRoot != EmptyRoots.trie {
                guard try reading({ () throws(ChainError) in try reader.oldestKept() }) <= header.number,
                    let block = try body(hash)
                else { break }
                tips += block.transactions.compactMap { $0.fields.tip(header) }.sorted().prefix(Self.tipsPerBlock)
            }
            hash = header.parentHash
        }
        guard !tips.isEmpty else { return Self.defaultTip }
        return tips.sorted()[(tips.count - 1) * 60 / 100]
    }

    private static var tipBlocks: Int { 20 }
    private static var tipsPerBlock: Int { 3 }
    private static var defaultTip: UInt256 { UInt256(1_000_000_000) }

    // MARK: History

    @Sendable private func feeHistory(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let count = min(try arguments[0].count(), limits.feeHistoryBlocks)
        let newest = try require(try arguments[1].blockNumber()).header.number
        let percentiles = try Self.percentiles(arguments[2])
        // Fewer than asked for where the chain or the bodies begin.
        let oldestKnown = percentiles.isEmpty ? 0 : try reading { () throws(ChainError) in try reader.oldestKept() }
        let wanted = count > newest ? 0 : newest &- count &+ 1
        let oldest = max(wanted, oldestKnown == 1 ? 0 : oldestKnown)
        guard count > 0, oldest <= newest else {
            return ["oldestBlock": "0x0", "baseFeePerGas": [], "gasUsedRatio": []]
        }
        var (fees, ratios, rewards): ([JSONValue], [JSONValue], [JSONValue]) = ([], [], [])
        let deadline = deadline()
        for number in oldest...newest {
            try deadline.check()
            let place = try require(.number(number))
            fees.append(.quantity(place.header.baseFeePerGas))
            ratios.append(.ratio(place.header.gasUsed, of: place.header.gasLimit))
            if !percentiles.isEmpty { rewards.append(.list(try tips(place, percentiles).map { .quantity($0) })) }
            if number == newest { fees.append(.quantity(Self.baseFee(after: place.header))) }
        }
        var fields: [String: JSONValue] = [
            "oldestBlock": .quantity(oldest), "baseFeePerGas": .list(fees), "gasUsedRatio": .list(ratios),
        ]
        if !percentiles.isEmpty { fields["reward"] = .list(rewards) }
        return .object(fields)
    }

    private static func percentiles(_ parameter: Parameter) throws(RPCError) -> [Double] {
        let percentiles =
            try parameter.ifGiven?.list("percentiles", limit: 100) { (item) throws(RPCError) in
                try item.percentile()
            } ?? []
        guard zip(percentiles, percentiles.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw parameter.expected("percentiles in ascending order")
        }
        return percentiles
    }

    private static func baseFee(after header: BlockHeader) -> UInt256 {
        BaseFee.next(
            parentBaseFee: header.baseFeePerGas, parentGasUsed: header.gasUsed, parentGasLimit: header.gasLimit)
    }

    /// The tips at percentiles of the block's gas; zeros for a block without transactions.
    private func tips(_ place: BlockPlace, _ percentiles: [Double]) throws(RPCError) -> [UInt256] {
        guard place.header.transactionsRoot != EmptyRoots.trie, let executed = try executed(place.hash) else {
            return percentiles.map { _ in .zero }
        }
        let paid = executed.block.transactions.enumerated().map { index, transaction in
            (tip: transaction.fields.tip(place.header) ?? .zero, gas: executed.gasUsed(index))
        }.sorted { $0.tip < $1.tip }
        return percentiles.map { percentile in
            let threshold = Double(place.header.gasUsed) * percentile / 100
            var sum: UInt64 = 0
            for (tip, gas) in paid {
                sum = sum.addingReportingOverflow(gas).partialValue
                if Double(sum) >= threshold { return tip }
            }
            return paid.last?.tip ?? .zero
        }
    }
}

extension TransactionFields {
    /// Wei per gas that the miner of the block got.
    fileprivate func tip(_ header: BlockHeader) -> UInt256? {
        effectiveGasPrice(baseFee: header.baseFeePerGas).map { $0 &- header.baseFeePerGas }
    }
}

extension JSONValue {
    /// A number from 0 to 1.
    fileprivate static func ratio(_ part: UInt64, of whole: UInt64) -> JSONValue {
        whole == 0 || part == 0 ? 0 : .number("\(min(1, Double(part) / Double(whole)))")
    }
}
