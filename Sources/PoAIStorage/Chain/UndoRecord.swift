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
        var payload = RLP.encode(bytes: blockHash.bytes)
        payload += Self.list(change.accounts) { entry, output in
            RLP.append(bytes: entry.address.bytes, to: &output)
            RLP.append(bytes: entry.account?.rlpEncoded() ?? [], to: &output)
        }
        payload += Self.list(change.nodes, Self.append)
        payload += Self.list(change.storage) { entry, output in
            RLP.append(bytes: entry.address.bytes, to: &output)
            output += Self.list(entry.slots) { word, output in
                RLP.append(bytes: word.slot.minimalBigEndianBytes, to: &output)
                RLP.append(bytes: word.value.minimalBigEndianBytes, to: &output)
            }
            output += Self.list(entry.nodes, Self.append)
        }
        return RLP.encode(listPayload: payload)
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

    private static func append(_ node: TrieNodeChange, to output: inout [UInt8]) {
        RLP.append(bytes: node.path.keyBytes, to: &output)
        RLP.append(bytes: node.node ?? [], to: &output)
    }

    /// A list of lists, each of what `append` puts into it for one of the elements.
    private static func list<Element>(_ elements: [Element], _ append: (Element, inout [UInt8]) -> Void) -> [UInt8] {
        var payload: [UInt8] = []
        var item: [UInt8] = []
        for element in elements {
            item.removeAll(keepingCapacity: true)
            append(element, &item)
            payload += RLP.encode(listPayload: item)
        }
        return RLP.encode(listPayload: payload)
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
