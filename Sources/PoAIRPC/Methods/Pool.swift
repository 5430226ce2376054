import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// txpool_*: what waits in the pool, by sender and nonce.
extension RPCMethods {
    func addPool(to table: inout RPCMethodTable) {
        table.add("txpool_status") { () in
            let counts = backend.pool?.counts() ?? (pending: 0, queued: 0)
            return ["pending": .quantity(counts.pending), "queued": .quantity(counts.queued)]
        }
        table.add("txpool_content") { () in content(TransactionObject.pending) }
        table.add("txpool_inspect") { () in content(Self.summary) }
        table.add("txpool_contentFrom", 1...1) { (arguments) throws(RPCError) in
            let sender = try arguments[0].address()
            let account = backend.pool?.content(of: sender) ?? PoolAccount(sender: sender)
            return [
                "pending": Self.byNonce(account.pending, TransactionObject.pending),
                "queued": Self.byNonce(account.queued, TransactionObject.pending),
            ]
        }
    }

    private func content(_ describe: (RecoveredTransaction) -> JSONValue) -> JSONValue {
        var (pending, queued): ([String: JSONValue], [String: JSONValue]) = ([:], [:])
        for account in backend.pool?.content() ?? [] {
            let name = account.sender.checksummed
            if !account.pending.isEmpty { pending[name] = Self.byNonce(account.pending, describe) }
            if !account.queued.isEmpty { queued[name] = Self.byNonce(account.queued, describe) }
        }
        return ["pending": .object(pending), "queued": .object(queued)]
    }

    private static func byNonce(
        _ transactions: [RecoveredTransaction], _ describe: (RecoveredTransaction) -> JSONValue
    ) -> JSONValue {
        .object(
            Dictionary(
                transactions.map { (String($0.fields.nonce), describe($0)) }, uniquingKeysWith: { _, last in last }))
    }

    /// One line, in the form other nodes have.
    private static func summary(_ transaction: RecoveredTransaction) -> JSONValue {
        let fields = transaction.fields
        return .text(
            "\(fields.to.map(\.checksummed) ?? "contract creation"): \(fields.value) wei + \(fields.gasLimit) gas × "
                + "\(fields.maxFeePerGas) wei")
    }
}
