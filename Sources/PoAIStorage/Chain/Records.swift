import PoAIPrimitives
import PoAITrie
import PoAITypes

extension Hash32: TableKey, TableValue {
    /// The 32 bytes.
    public var keyBytes: [UInt8] { bytes }
    /// Exactly 32 bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) { self.init(keyBytes) }
    /// The 32 bytes.
    public var storedBytes: [UInt8] { bytes }
    /// Exactly 32 bytes.
    public init?(storedBytes: UnsafeRawBufferPointer) { self.init(storedBytes) }
}

extension Address: TableKey {
    /// The 20 bytes.
    public var keyBytes: [UInt8] { bytes }
    /// Exactly 20 bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) { self.init(keyBytes) }
}

extension UInt64: TableKey {
    /// Eight bytes big-endian.
    public var keyBytes: [UInt8] { bigEndianBytes }
    /// Exactly eight bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) { self.init(bigEndianBytes: keyBytes) }
}

extension UInt256: TableValue {
    /// 32 bytes big-endian.
    public var storedBytes: [UInt8] { bigEndianBytes }
    /// Exactly 32 bytes.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        guard storedBytes.count == 32 else { return nil }
        self.init(bigEndianBytes: storedBytes)
    }
}

extension BlockHeader: TableValue {
    /// The header's RLP.
    public var storedBytes: [UInt8] { rlpEncoded() }
    /// A header's RLP.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        do throws(HeaderDecodingError) { try self.init(rlp: Array(storedBytes)) } catch { return nil }
    }
}

extension Account: TableValue {
    /// The account's RLP.
    public var storedBytes: [UInt8] { rlpEncoded() }
    /// An account's RLP.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        do throws(RLPError) { try self.init(rlp: Array(storedBytes)) } catch { return nil }
    }
}

/// A height together with the hash of a block there: keys that list all known blocks of a height, canonical or not.
public struct HeightAndHash: TableKey, Hashable, Sendable {
    /// The block's height.
    public var height: UInt64
    /// The block's hash.
    public var hash: Hash32

    /// Puts the two together.
    public init(height: UInt64, hash: Hash32) {
        self.height = height
        self.hash = hash
    }

    /// Height, eight bytes big-endian, then the hash.
    public var keyBytes: [UInt8] { height.bigEndianBytes + hash.bytes }

    /// Exactly 40 bytes.
    public init?(keyBytes: UnsafeRawBufferPointer) {
        guard keyBytes.count == 40, let height = UInt64(bigEndianBytes: keyBytes.prefix(8)),
            let hash = Hash32(keyBytes.dropFirst(8))
        else { return nil }
        self.init(height: height, hash: hash)
    }
}
