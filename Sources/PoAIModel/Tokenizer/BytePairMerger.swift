/// Merges the tokens of one word: again and again the pair of lowest rank, of equal ranks the leftmost, until none is left.
///
/// Two forms with the same result: a plain scan for words of ordinary length, and a heap for long ones, whose cost grows as
/// n log n, so that a long word cannot hold up the tokenizer.
package struct BytePairMerger: Sendable {
    /// The longest word, in bytes, for which scanning is used.
    package static let scanLimit = 40

    let table: MergeTable

    package init(table: MergeTable) { self.table = table }

    /// Merges `word` in place.
    package func merge(_ word: inout [UInt32], scanLimit: Int = scanLimit) {
        if word.count < 2 { return }
        if word.count <= scanLimit { mergeByScan(&word) } else { mergeByHeap(&word) }
    }

    private func mergeByScan(_ word: inout [UInt32]) {
        // merges[i] is the merge of word[i] and word[i + 1].
        withUnsafeTemporaryAllocation(of: MergeTable.Merge.self, capacity: word.count) { merges in
            var pairs = word.count - 1
            for index in 0..<pairs { merges[index] = table.merge(word[index], word[index + 1]) }
            while pairs > 0 {
                var best = 0
                for index in 1..<max(1, pairs) where merges[index].rank < merges[best].rank { best = index }
                guard merges[best].rank != .max else { break }

                word[best] = merges[best].merged
                word.remove(at: best + 1)
                pairs -= 1
                for index in best..<max(best, pairs) { merges[index] = merges[index + 1] }
                if best > 0 { merges[best - 1] = table.merge(word[best - 1], word[best]) }
                if best < pairs { merges[best] = table.merge(word[best], word[best + 1]) }
            }
        }
    }

    /// `next[i]` is the place of the token behind that at place i; a merged token stays at its left place, and the right place
    /// is marked dead. The heap holds `rank << 32 | place`; an entry whose pair has changed since has another rank and is skipped.
    private func mergeByHeap(_ word: inout [UInt32]) {
        let end = word.count
        let dead = -1
        var next = (0..<end).map { $0 + 1 }
        var previous = (0..<end).map { $0 - 1 }
        var heap = MinimumHeap()

        func push(_ place: Int) {
            guard place >= 0, next[place] < end else { return }
            let rank = table.merge(word[place], word[next[place]]).rank
            if rank != .max { heap.push(UInt64(rank) << 32 | UInt64(place)) }
        }
        for place in 0..<end { push(place) }

        while let entry = heap.pop() {
            let place = Int(entry & 0xFFFF_FFFF)
            let right = next[place]
            guard right != dead, right < end else { continue }
            let merge = table.merge(word[place], word[right])
            guard UInt64(merge.rank) == entry >> 32 else { continue }

            word[place] = merge.merged
            next[place] = next[right]
            next[right] = dead
            if next[place] < end { previous[next[place]] = place }
            push(previous[place])
            push(place)
        }
        word = (0..<end).filter { next[$0] != dead }.map { word[$0] }
    }
}

/// A binary heap that gives the smallest number first.
struct MinimumHeap {
    private var items: [UInt64] = []

    mutating func push(_ item: UInt64) {
        var index = items.count
        items.append(item)
        while index > 0 {
            let parent = (index - 1) / 2
            guard items[index] < items[parent] else { return }
            items.swapAt(index, parent)
            index = parent
        }
    }

    mutating func pop() -> UInt64? {
        guard let last = items.popLast() else { return nil }
        guard let smallest = items.first else { return last }
        items[0] = last
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < items.count else { return smallest }
            if child + 1 < items.count && items[child + 1] < items[child] { child += 1 }
            guard items[child] < items[index] else { return smallest }
            items.swapAt(index, child)
            index = child
        }
    }
}
