import PoAIChain
import PoAIJSON
import PoAIPrimitives
import PoAIStorage
import PoAITrie

/// Accounts after a block.
extension RPCMethods {
    func addState(to table: inout RPCMethodTable) {
        table.add("eth_getBalance", 1...2, balance)
        table.add("eth_getTransactionCount", 1...2, nonce)
        table.add("eth_getCode", 1...2, code)
        table.add("eth_getStorageAt", 2...3, storage)
        table.add("eth_getProof", 2...3, proof)
    }

    @Sendable private func balance(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        .quantity(try account(arguments[0], at: arguments[1])?.balance ?? .zero)
    }

    /// With `pending` also what waits in the pool counts.
    @Sendable private func nonce(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let address = try arguments[0].address()
        let mined = try account(arguments[0], at: arguments[1])?.nonce ?? 0
        guard try arguments[1].block() == .pending, let waiting = backend.pool?.pendingNonce(address) else {
            return .quantity(mined)
        }
        return .quantity(max(mined, waiting))
    }

    @Sendable private func code(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let address = try arguments[0].address()
        return try withState(try arguments[1].block()) { (state, _) throws(RPCError) in
            try fromState { () throws(StorageError) in
                guard let account = try state.account(address), account.codeHash != Keccak256.empty else {
                    return .data([])
                }
                return .data(try state.code(account.codeHash))
            }
        }
    }

    @Sendable private func storage(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let (address, slot) = (try arguments[0].address(), try arguments[1].slot())
        return try withState(try arguments[2].block()) { (state, _) throws(RPCError) in
            .word(try fromState { () throws(StorageError) in try state.storage(address, slot) })
        }
    }

    private func account(_ address: Parameter, at block: Parameter) throws(RPCError) -> Account? {
        let (address, choice) = (try address.address(), try block.block())
        return try withState(choice) { (state, _) throws(RPCError) in
            try fromState { () throws(StorageError) in try state.fullAccount(address) }
        }
    }

    // MARK: Proofs

    @Sendable private func proof(_ arguments: Arguments) throws(RPCError) -> JSONValue {
        let address = try arguments[0].address()
        let slots = try arguments[1].ifGiven?.list("storage keys", limit: limits.proofSlots) {
            (key) throws(RPCError) in try key.slot()
        }
        let found = try withState(try arguments[2].block()) { (state, _) throws(RPCError) in
            try fromState { () throws(StorageError) in try state.proof(of: address, slots: slots ?? []) }
        }
        let account = found.account ?? Account()
        return [
            "address": .address(address),
            "accountProof": .list(found.nodes.map { .data($0) }),
            "balance": .quantity(account.balance),
            "codeHash": .hash(account.codeHash),
            "nonce": .quantity(account.nonce),
            "storageHash": .hash(account.storageRoot),
            "storageProof": .list(
                found.storage.map {
                    [
                        "key": .quantity($0.slot), "value": .quantity($0.value),
                        "proof": .list($0.nodes.map { .data($0) }),
                    ]
                }),
        ]
    }
}
