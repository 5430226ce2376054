import PoAIPrimitives

/// An account and some of its storage slots that a transaction announces to touch (EIP-2930). Repetitions are allowed and
/// paid for.
public struct AccessListEntry: Hashable, Sendable {
    /// The account.
    public let address: Address
    /// Slots of its storage, as 32-byte big-endian words.
    public let storageKeys: [Hash32]

    /// Puts the two together.
    public init(address: Address, storageKeys: [Hash32]) {
        self.address = address
        self.storageKeys = storageKeys
    }

    /// `[address, [key, ...]]`.
    var rlpItem: RLPItem { .list([.address(address), .list(storageKeys.map { .hash($0) })]) }

    init(rlpItem: RLPItem) throws(RLPError) {
        let parts = try rlpItem.list(count: 2)
        address = try parts[0].address()
        let items = try parts[1].list()
        var keys: [Hash32] = []
        keys.reserveCapacity(items.count)
        for item in items { keys.append(try item.hash32()) }
        storageKeys = keys
    }
}
