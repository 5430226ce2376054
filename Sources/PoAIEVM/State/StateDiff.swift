import PoAIPrimitives

/// A storage slot's new value.
public struct SlotChange: Hashable, Sendable {
    /// Which slot.
    public let slot: UInt256
    /// Its value from now on; zero deletes it.
    public let value: UInt256

    /// Puts the two together.
    public init(slot: UInt256, value: UInt256) {
        self.slot = slot
        self.value = value
    }
}

/// An account's new value.
public struct AccountDiff: Hashable, Sendable {
    /// Where.
    public let address: Address
    /// nil: the account is deleted, with its storage.
    public let state: AccountState?
    /// The code, where it was deployed now.
    public let code: [UInt8]?
    /// Whether the account begins anew: storage it had before, if any, is gone, and only `storage` is there.
    public let isStorageCleared: Bool
    /// Slots with another value than before, ascending.
    public let storage: [SlotChange]

    /// Puts the parts together.
    public init(
        address: Address, state: AccountState?, code: [UInt8]? = nil, isStorageCleared: Bool = false,
        storage: [SlotChange] = []
    ) {
        self.address = address
        self.state = state
        self.code = code
        self.isStorageCleared = isStorageCleared
        self.storage = storage
    }
}

/// What an execution changed, compared with the view it began on. Equal to the same changes made in any order.
public struct StateDiff: Hashable, Sendable {
    /// Changed accounts, ascending by address.
    public let accounts: [AccountDiff]

    /// - Parameter accounts: ascending by address, each once.
    public init(accounts: [AccountDiff] = []) {
        self.accounts = accounts
    }
}
