import PoAIEVM
import PoAIPrimitives
import PoAITrie

/// A state in memory on top of another one: for trying blocks without writing.
public final class StateOverlay<Base: StateSource>: StateSource {
    private let base: Base
    private var accounts: [Address: Account?] = [:]
    private var nodes: [TriePath: [UInt8]?] = [:]
    private var slots: [StorageKey: UInt256] = [:]
    private var storageNodes: [StorageNodeKey: [UInt8]?] = [:]
    private var codes: [Hash32: [UInt8]] = [:]

    /// Equal to `base` until changed.
    public init(on base: Base) { self.base = base }

    private init(changesOf other: StateOverlay, on base: Base) {
        self.base = base
        (accounts, nodes, slots) = (other.accounts, other.nodes, other.slots)
        (storageNodes, codes) = (other.storageNodes, other.codes)
    }

    /// The same changes on a fork of what is below.
    public func withFork<Result>(_ body: (StateOverlay) -> Result) -> Result? {
        base.withFork { body(StateOverlay(changesOf: self, on: $0)) }
    }

    /// What the changes take in memory, roughly.
    var approximateByteCount: Int {
        accounts.count * 250 + nodes.count * 650 + slots.count * 200 + storageNodes.count * 750
            + codes.values.reduce(0) { $0 + 100 + $1.count }
    }

    /// What holds the state below.
    public var file: String { base.file }

    /// The changed value, or that of the state below.
    public func account(_ address: Address) throws(StorageError) -> Account? {
        if let changed = accounts[address] { return changed }
        return try base.account(address)
    }

    /// The changed value, or that of the state below.
    public func storage(_ address: Address, _ slot: UInt256) throws(StorageError) -> UInt256 {
        if let changed = slots[StorageKey(address: address, slot: slot)] { return changed }
        return try base.storage(address, slot)
    }

    /// The changed value, or that of the state below.
    public func node(at path: TriePath) throws(StorageError) -> [UInt8]? {
        if let changed = nodes[path] { return changed }
        return try base.node(at: path)
    }

    /// The changed value, or that of the state below.
    public func storageNode(of address: Address, at path: TriePath) throws(StorageError) -> [UInt8]? {
        if let changed = storageNodes[StorageNodeKey(address: address, path: path)] { return changed }
        return try base.storageNode(of: address, at: path)
    }

    /// New code, or that of the state below.
    public func code(_ hash: Hash32) throws(StorageError) -> [UInt8]? {
        if let new = codes[hash] { return new }
        return try base.code(hash)
    }

    /// Makes a change.
    public func apply(_ change: StateChange) {
        for entry in change.accounts { accounts.updateValue(entry.account, forKey: entry.address) }
        for entry in change.nodes { nodes.updateValue(entry.node, forKey: entry.path) }
        for entry in change.storage {
            for word in entry.slots { slots[StorageKey(address: entry.address, slot: word.slot)] = word.value }
            for node in entry.nodes {
                storageNodes.updateValue(node.node, forKey: StorageNodeKey(address: entry.address, path: node.path))
            }
        }
        for entry in change.codes { codes[entry.hash] = entry.code }
    }

    /// Everything changed since the beginning, with its value now; code ascending by hash.
    public var change: StateChange {
        var storage: [Address: StorageChange] = [:]
        for key in slots.keys.sorted(by: { ($0.address, $0.slot) < ($1.address, $1.slot) }) {
            storage[key.address, default: StorageChange(key.address, slots: [], nodes: [])].slots.append(
                SlotChange(slot: key.slot, value: slots[key] ?? .zero))
        }
        for key in storageNodes.keys.sorted(by: { ($0.address, $0.path) < ($1.address, $1.path) }) {
            storage[key.address, default: StorageChange(key.address, slots: [], nodes: [])].nodes.append(
                TrieNodeChange(path: key.path, node: storageNodes[key] ?? nil))
        }
        return StateChange(
            accounts: accounts.keys.sorted().map { AccountChange($0, accounts[$0] ?? nil) },
            nodes: nodes.keys.sorted().map { TrieNodeChange(path: $0, node: nodes[$0] ?? nil) },
            storage: storage.values.sorted { $0.address < $1.address },
            codes: codes.keys.sorted().map { CodeChange(hash: $0, code: codes[$0] ?? []) })
    }
}
