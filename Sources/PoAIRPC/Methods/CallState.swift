import PoAIChain
import PoAIEVM
import PoAIPrimitives
import PoAIStorage

/// The state a call runs on: that of a block with what the caller wants to be assumed, until the time is over.
struct CallState: StateView {
    /// Why a call cannot go on.
    enum Failure: Error {
        case storage(StorageError)
        case timeout
    }

    private let state: ChainState
    private let overrides: [Address: StateOverride]
    private let codes: [Hash32: [UInt8]]
    private let deadline: Deadline

    init(_ state: ChainState, overrides: [Address: StateOverride], deadline: Deadline) {
        self.state = state
        self.overrides = overrides
        self.deadline = deadline
        var codes: [Hash32: [UInt8]] = [:]
        for code in overrides.values.compactMap(\.code) { codes[Keccak256.hash(code)] = code }
        self.codes = codes
    }

    func account(_ address: Address) throws(Failure) -> AccountState? {
        let stored = try read { () throws(StorageError) in try state.account(address) }
        guard let override = overrides[address] else { return stored }
        var account = stored ?? AccountState()
        if let nonce = override.nonce { account.nonce = nonce }
        if let balance = override.balance { account.balance = balance }
        if let code = override.code { account.codeHash = Keccak256.hash(code) }
        return account
    }

    func code(_ hash: Hash32) throws(Failure) -> [UInt8] {
        if let code = codes[hash] { return code }
        return try read { () throws(StorageError) in try state.code(hash) }
    }

    func storage(_ address: Address, _ slot: UInt256) throws(Failure) -> UInt256 {
        if let override = overrides[address] {
            if let word = override.storage[slot] { return word }
            if override.isWholeStorage { return .zero }
        }
        return try read { () throws(StorageError) in try state.storage(address, slot) }
    }

    func hasStorage(_ address: Address) throws(Failure) -> Bool {
        if let override = overrides[address], override.isWholeStorage {
            return override.storage.values.contains { !$0.isZero }
        }
        return try read { () throws(StorageError) in try state.hasStorage(address) }
    }

    func blockHash(_ number: UInt64) throws(Failure) -> Hash32? {
        try read { () throws(StorageError) in try state.blockHash(number) }
    }

    private func read<T>(_ body: () throws(StorageError) -> T) throws(Failure) -> T {
        if deadline.isOver { throw .timeout }
        do throws(StorageError) { return try body() } catch { throw .storage(error) }
    }
}
