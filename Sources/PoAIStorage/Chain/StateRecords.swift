import PoAIPrimitives
import PoAITrie

/// A slot of a contract's storage.
public struct StorageKey: TableKey, Hashable, Sendable {
    /// The contract.
    public var address: Address
    /// Which word.
    public var slot: UInt256

    /// Puts the two together.
    public init(address: Address, slot: UInt256) {
        self.address = address
        self.slot = slot
    }

    /// The address, then the slot in 32 bytes big-endian.
    public var keyBytes: [UInt8] { address.bytes + slot.bigEndianBytes }

    /// Exactly 52 bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) {
        guard keyBytes.count == 52, let address = Address(keyBytes.prefix(20)),
            let slot = UInt256(bigEndianBytes: keyBytes.dropFirst(20))
        else { return nil }
        self.init(address: address, slot: slot)
    }
}

/// A place in a contract's storage trie.
public struct StorageNodeKey: TableKey, Hashable, Sendable {
    /// The contract.
    public var address: Address
    /// The node's path.
    public var path: TriePath

    /// Puts the two together.
    public init(address: Address, path: TriePath) {
        self.address = address
        self.path = path
    }

    /// The address, then the path's key.
    public var keyBytes: [UInt8] { address.bytes + path.keyBytes }

    /// At least 21 bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) {
        guard keyBytes.count > 20, let address = Address(keyBytes.prefix(20)),
            let path = TriePath(keyBytes: UnsafeRawBufferPointer(rebasing: keyBytes.dropFirst(20)))
        else { return nil }
        self.init(address: address, path: path)
    }
}

/// Where a canonical transaction is.
public struct TransactionLocation: TableValue, Hashable, Sendable {
    /// The block's height.
    public var height: UInt64
    /// Its position among the block's transactions, from 0.
    public var index: UInt32

    /// Puts the two together.
    public init(height: UInt64, index: UInt32) {
        self.height = height
        self.index = index
    }

    /// Height, eight bytes, then index, four bytes, both big-endian.
    public var storedBytes: [UInt8] {
        height.bigEndianBytes + withUnsafeBytes(of: index.bigEndian) { Array($0) }
    }

    /// Exactly twelve bytes.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        guard storedBytes.count == 12, let height = UInt64(bigEndianBytes: storedBytes.prefix(8)) else { return nil }
        self.init(height: height, index: storedBytes.dropFirst(8).reduce(0) { $0 << 8 | UInt32($1) })
    }
}
