import PoAIPrimitives
import PoAITrie

extension MemoryState {
    /// The state root.
    func root() throws -> Hash32 {
        var updates: [TrieUpdate] = []
        for (address, account) in accounts {
            let slots = (storage[address] ?? [:]).map { slot, value in
                TrieUpdate(key: slot.bigEndianBytes, value: RLP.encode(.uint(value)))
            }
            let storageRoot = try SecureTrie(root: EmptyTrie.root, reader: NoTrieNodes()).updated(slots).root
            updates.append(
                TrieUpdate(
                    address: address,
                    account: Account(
                        nonce: account.nonce, balance: account.balance, storageRoot: storageRoot,
                        codeHash: account.codeHash)))
        }
        return try SecureTrie(root: EmptyTrie.root, reader: NoTrieNodes()).updated(updates).root
    }
}
