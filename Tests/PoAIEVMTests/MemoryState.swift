import PoAIEVM
import PoAIPrimitives
import PoAITypes

/// A state in memory, for tests.
struct MemoryState: StateView, Equatable {
    struct Failed: Error, Equatable {}

    var accounts: [Address: AccountState] = [:]
    var codes: [Hash32: [UInt8]] = [:]
    var storage: [Address: [UInt256: UInt256]] = [:]
    /// Reading of this account's state, code or storage fails.
    var broken: Address?

    mutating func put(
        _ address: Address, nonce: UInt64 = 0, balance: UInt256 = .zero, code: [UInt8] = [],
        storage slots: [UInt256: UInt256] = [:]
    ) {
        let hash = Keccak256.hash(code)
        accounts[address] = AccountState(nonce: nonce, balance: balance, codeHash: hash)
        codes[hash] = code
        storage[address] = slots.isEmpty ? nil : slots
    }

    func account(_ address: Address) throws(Failed) -> AccountState? {
        if address == broken { throw Failed() }
        return accounts[address]
    }

    func code(_ hash: Hash32) throws(Failed) -> [UInt8] {
        guard let code = codes[hash] else { throw Failed() }
        return code
    }

    func storage(_ address: Address, _ slot: UInt256) throws(Failed) -> UInt256 { storage[address]?[slot] ?? .zero }

    func hasStorage(_ address: Address) throws(Failed) -> Bool { storage[address] != nil }

    func blockHash(_ number: UInt64) throws(Failed) -> Hash32? { UInt256(number).bigEndianHash }

    /// The state after these changes.
    func applying(_ diff: StateDiff) -> MemoryState {
        var after = self
        for change in diff.accounts {
            after.accounts[change.address] = change.state
            if let code = change.code { after.codes[Keccak256.hash(code)] = code }
            var slots = change.state == nil || change.isStorageCleared ? [:] : storage[change.address] ?? [:]
            for slot in change.storage { slots[slot.slot] = slot.value.isZero ? nil : slot.value }
            after.storage[change.address] = slots.isEmpty ? nil : slots
        }
        return after
    }
}

/// Short ways to execute in tests.
enum EVM {
    static let contract = Address(truncating: 0xc0de)
    static let caller = Address(truncating: 0xca11)
    static let miner = Address(truncating: 0x3333)

    static let environment = BlockEnvironment(
        number: 300, timestamp: 1_700_000_000, miner: miner, gasLimit: 30_000_000, baseFee: .zero,
        prevRandao: Hash32(Array(0..<32)) ?? .zero, chainID: 1)

    /// A state with this contract.
    static func state(_ code: [UInt8], balance: UInt256 = .zero, storage: [UInt256: UInt256] = [:]) -> MemoryState {
        var state = MemoryState()
        state.put(contract, nonce: 1, balance: balance, code: code, storage: storage)
        state.put(caller, balance: UInt256(1) << 100)
        return state
    }

    /// Calls the code in a state of its own.
    static func run(
        _ code: [UInt8], data: [UInt8] = [], gas: UInt64 = 1_000_000, value: UInt256 = .zero,
        storage: [UInt256: UInt256] = [:]
    ) throws -> TransactionResult {
        var executor = BlockExecutor(view: state(code, storage: storage), environment: environment)
        return try executor.call(
            CallRequest(from: caller, to: contract, gasLimit: gas, value: value, data: data))
    }

    /// Code from the names of instructions and hex data: `push1 05 jumpdest`.
    static func code(_ text: String) -> [UInt8] {
        text.split(whereSeparator: \.isWhitespace).flatMap { word in
            bytes[String(word)].map { [$0] } ?? (try? Hex.decode(String(word))) ?? []
        }
    }

    private static let bytes = Dictionary(
        uniqueKeysWithValues: (UInt8.min...UInt8.max).compactMap { byte in
            Opcode.named(byte).map { ($0.name.lowercased(), byte) }
        })

    /// A transaction of a sender that signs nothing.
    static func transaction(_ fields: TransactionFields, from sender: Address = caller) -> RecoveredTransaction {
        let signature = RecoverableSignature(r: .one, s: .one, recoveryID: 0)
        return RecoveredTransaction(unverified: Transaction(fields: fields, signature: signature), sender: sender)
    }

    /// A transaction of type 2 without fee.
    static func fields(
        nonce: UInt64 = 0, gas: UInt64 = 1_000_000, to: Address? = contract, value: UInt256 = .zero,
        data: [UInt8] = [], fee: UInt256 = .zero, tip: UInt256 = .zero
    ) -> TransactionFields {
        .dynamicFee(
            chainID: 1, nonce: nonce, maxPriorityFeePerGas: tip, maxFeePerGas: fee, gasLimit: gas, to: to, value: value,
            data: data)
    }
}
