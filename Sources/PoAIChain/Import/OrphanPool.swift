import PoAIPrimitives
import PoAITypes

/// Blocks whose parent is not known yet, waiting for it. Bounded in number and bytes: the oldest go first.
package struct OrphanPool: Sendable {
    /// How much may wait.
    package struct Limits: Sendable {
        package var count: Int
        package var bytes: Int

        package init(count: Int = 256, bytes: Int = 8 << 20) {
            self.count = count
            self.bytes = bytes
        }
    }

    private struct Entry {
        var block: Block
        var size: Int
        var order: UInt64
    }

    private let limits: Limits
    private var entries: [Hash32: Entry] = [:]
    /// Parent → children, in order of arrival.
    private var children: [Hash32: [Hash32]] = [:]
    /// Order of arrival → hash; holds exactly the entries.
    private var arrivals: [(order: UInt64, hash: Hash32)] = []
    private var nextOrder: UInt64 = 0
    package private(set) var bytes = 0

    package init(limits: Limits = Limits()) { self.limits = limits }

    package var count: Int { entries.count }
    package func contains(_ hash: Hash32) -> Bool { entries[hash] != nil }

    /// Keeps a block, dropping the oldest others if it must. A block larger than all room is not kept.
    package mutating func insert(_ block: Block, hash: Hash32) {
        let size = block.rlpEncoded().count
        guard entries[hash] == nil, size <= limits.bytes, limits.count > 0 else { return }
        while entries.count >= limits.count || bytes + size > limits.bytes {
            guard let oldest = arrivals.first else { break }
            remove(oldest.hash)
        }
        entries[hash] = Entry(block: block, size: size, order: nextOrder)
        arrivals.append((nextOrder, hash))
        children[block.header.parentHash, default: []].append(hash)
        nextOrder += 1
        bytes += size
    }

    /// Takes out the blocks that wait for `parent`.
    package mutating func takeChildren(of parent: Hash32) -> [Block] {
        (children[parent] ?? []).compactMap { remove($0) }
    }

    /// Takes out everything that waits for `hash`, directly or not.
    package mutating func dropDescendants(of hash: Hash32) {
        var parents = [hash]
        while let parent = parents.popLast() {
            for child in children[parent] ?? [] {
                parents.append(child)
                remove(child)
            }
        }
    }

    /// The ancestor to ask for so that `hash` can be adopted: the first one upwards that does not wait here.
    package func missingAncestor(of hash: Hash32) -> Hash32 {
        var current = hash
        // A cycle of hashes cannot be made, but the walk is bounded all the same.
        for _ in 0...entries.count {
            guard let entry = entries[current] else { return current }
            current = entry.block.header.parentHash
        }
        return current
    }

    /// True when the indexes and sums agree and the limits hold.
    package var isConsistent: Bool {
        arrivals.count == entries.count
            && arrivals.allSatisfy { entries[$0.hash]?.order == $0.order }
            && children.values.reduce(0) { $0 + $1.count } == entries.count
            && children.allSatisfy { parent, list in
                !list.isEmpty && list.allSatisfy { entries[$0]?.block.header.parentHash == parent }
            }
            && bytes == entries.values.reduce(0) { $0 + $1.size }
            && entries.count <= limits.count && bytes <= limits.bytes
    }

    @discardableResult
    private mutating func remove(_ hash: Hash32) -> Block? {
        guard let entry = entries.removeValue(forKey: hash) else { return nil }
        arrivals.removeAll { $0.order == entry.order }
        let parent = entry.block.header.parentHash
        children[parent]?.removeAll { $0 == hash }
        if children[parent]?.isEmpty == true { children[parent] = nil }
        bytes -= entry.size
        return entry.block
    }
}
