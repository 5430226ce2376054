import Dispatch
import Synchronization

extension TrieEditor {
    /// Runs a body with a loader for the calling thread; false, without having run it, when there is none to be had.
    typealias LoaderFork = (_ body: (@escaping Loader) -> Void) -> Bool

    /// Fewer edits are not worth other threads.
    static var parallelFrom: Int { 256 }

    /// Applies updates in their order; many of them on all cores, below the children of the top, if `fork` gives loaders for
    /// that.
    mutating func apply(_ updates: [TrieUpdate], fork: LoaderFork) throws(Failure) {
        // In the order of keys nodes are loaded in the order of paths. Updates of one key stay in their order.
        var rest = updates.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        if rest.count >= Self.parallelFrom, rest.first?.key.isEmpty == false {
            var node = top
            try load(&node, at: .root)
            top = node
            if case .branch(let branch) = top { rest = try apply(rest, below: branch, fork: fork) }
        }
        for update in rest { _ = try apply(update) }
    }

    /// Applies updates to the children of the top; returns those for which there was no loader.
    private mutating func apply(
        _ updates: [TrieUpdate], below branch: BranchNode, fork: LoaderFork
    ) throws(Failure) -> [TrieUpdate] {
        let groups = Self.grouped(updates)
        let edited = Self.edit(branch.children, groups, fork: fork)
        var rest: [TrieUpdate] = []
        for nibble in 0..<16 {
            switch edited[nibble] {
            case nil: rest += groups[nibble]
            case .failed?: throw TrieNotLoaded()
            case .done(let editor, let isChanged)?:
                branch.children[nibble] = editor.top
                loaded += editor.loaded
                editCount += editor.editCount
                if isChanged { branch.reference = nil }
            }
        }
        switch branch.entryCount {
        case 0: top = .empty
        case 1: top = try onlyEntry(of: branch, at: [])
        default: break
        }
        return rest
    }

    private enum Edited {
        case done(TrieEditor, isChanged: Bool)
        case failed
    }

    /// One editor for each child with updates, as far as there are loaders.
    private static func edit(
        _ children: [TrieNode], _ groups: [[TrieUpdate]], fork: LoaderFork
    ) -> [Int: Edited] {
        // No thread looks at another one's child, and what it made of it is handed over under the lock.
        nonisolated(unsafe) var edited: [Int: Edited] = [:]
        nonisolated(unsafe) let children = children
        let lock = Mutex(())
        withoutActuallyEscaping(fork) { fork in
            // A fork may be asked for by any thread, as `TrieNodeReader.withFork` demands.
            nonisolated(unsafe) let fork = fork
            DispatchQueue.concurrentPerform(iterations: 16) { nibble in
                if groups[nibble].isEmpty { return }
                _ = fork { loader in
                    let result = edit(children[nibble], groups[nibble], loader)
                    lock.withLock { _ in edited[nibble] = result }
                }
            }
        }
        return edited
    }

    private static func edit(_ child: TrieNode, _ updates: [TrieUpdate], _ loader: @escaping Loader) -> Edited {
        var editor = TrieEditor(top: child, loader: loader)
        var isChanged = false
        do throws(Failure) {
            for update in updates where try editor.apply(update, depth: 1) { isChanged = true }
        } catch {
            return .failed
        }
        return .done(editor, isChanged: isChanged)
    }

    /// By the first nibble of the key.
    private static func grouped(_ updates: [TrieUpdate]) -> [[TrieUpdate]] {
        var groups = [[TrieUpdate]](repeating: [], count: 16)
        for update in updates { groups[Int(update.key[0] >> 4)].append(update) }
        return groups
    }
}
