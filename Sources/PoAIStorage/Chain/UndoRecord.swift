import PoAIEVM
import PoAIPrimitives
import PoAITrie

/// What undoing a canonical block restores: RLP of `[blockHash, accounts, nodes, storage]`, where accounts are
/// `[address, account]`, nodes `[path, node]` and storage `[address, [[slot, word]...], nodes]`. An account or node that
/// did not exist is the empty string. Code is not undone: it stays, under its hash.
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
                Self.item(change.nodes),
                .list(
                    change.storage.map { entry in
                        .list([
                            .address(entry.address),
                            .list(entry.slots.map { .list([.uint($0.slot), .uint($0.value)]) }),
                            Self.item(entry.nodes),
                        ])
                    }),
            ]))
    }

    /// Inverse of `storedBytes`.
    public init?(storedBytes: UnsafeRawBufferPointer) {
        do throws(RLPError) {
            let parts = try RLP.decode(Array(storedBytes), itemLimit: .max).list(count: 4)
            blockHash = try parts[0].hash32()
            change = StateChange()
            for item in try parts[1].list() {
                let pair = try item.list(count: 2)
                let value = try pair[1].data()
                change.accounts.append(
                    AccountChange(try pair[0].address(), value.isEmpty ? nil : try Account(rlp: value)))
            }
            guard let nodes = try Self.nodes(parts[2]) else { return nil }
            change.nodes = nodes
            for item in try parts[3].list() {
                let entry = try item.list(count: 3)
                var slots: [SlotChange] = []
                for item in try entry[1].list() {
                    let pair = try item.list(count: 2)
                    slots.append(SlotChange(slot: try pair[0].uint256(), value: try pair[1].uint256()))
                }
                guard let nodes = try Self.nodes(entry[2]) else { return nil }
                change.storage.append(StorageChange(try entry[0].address(), slots: slots, nodes: nodes))
            }
        } catch {
            return nil
        }
    }

    private static func item(_ nodes: [TrieNodeChange]) -> RLPItem {
        .list(nodes.map { .list([.bytes($0.path.keyBytes), .bytes($0.node ?? [])]) })
    }

    private static func nodes(_ item: RLPItem) throws(RLPError) -> [TrieNodeChange]? {
        var nodes: [TrieNodeChange] = []
        for item in try item.list() {
            let pair = try item.list(count: 2)
            let (key, node) = (try pair[0].data(), try pair[1].data())
            guard let path = key.withUnsafeBytes({ TriePath(keyBytes: $0) }) else { return nil }
            nodes.append(TrieNodeChange(path: path, node: node.isEmpty ? nil : node))
        }
        return nodes
    }
}
