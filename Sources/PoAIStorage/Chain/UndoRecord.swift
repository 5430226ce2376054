import PoAIPrimitives
import PoAITrie

/// What undoing a canonical block restores: RLP of `[blockHash, [[address, account]...], [[path, node]...]]`, where an
/// account or node that did not exist is the empty string.
public struct UndoRecord: TableValue, Hashable, Sendable {
    /// The block this belongs to.
    public var blockHash: Hash32
    /// The values before the block.
    public var change: StateChange

    /// Puts the two together.
    public init(blockHash: Hash32, change: StateChange) {
        self.blockHash = blockHash
        self.change = change
    }

    /// The record's RLP.
    public var storedBytes: [UInt8] {
        RLP.encode(
            .list([
                .hash(blockHash),
                .list(
                    change.accounts.map { .list([.address($0.address), .bytes($0.account?.rlpEncoded() ?? [])]) }),
                .list(change.nodes.map { .list([.bytes($0.path.keyBytes), .bytes($0.node ?? [])]) }),
            ]))
    }

    /// Inverse of `storedBytes`.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        do throws(RLPError) {
            let parts = try RLP.decode(Array(storedBytes)).list(count: 3)
            blockHash = try parts[0].hash32()
            change = StateChange()
            for item in try parts[1].list() {
                let pair = try item.list(count: 2)
                let value = try pair[1].data()
                change.accounts.append(
                    AccountChange(try pair[0].address(), value.isEmpty ? nil : try Account(rlp: value)))
            }
            for item in try parts[2].list() {
                let pair = try item.list(count: 2)
                let (key, node) = (try pair[0].data(), try pair[1].data())
                guard let path = key.withUnsafeBytes({ TriePath(keyBytes: $0) }) else { return nil }
                change.nodes.append(TrieNodeChange(path: path, node: node.isEmpty ? nil : node))
            }
        } catch {
            return nil
        }
    }
}
