import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

/// One run of `ChainReader.verify` over one snapshot.
struct Verification {
    let spec: ChainSpec
    let snapshot: Snapshot
    let evaluator: any SealEvaluator
    let now: UInt64

    mutating func run(
        from: UInt64, to: UInt64?, _ report: inout VerifyReport, _ progress: (UInt64, UInt64) -> Void
    ) throws(VerifyStop) {
        let index = try checkIndex()
        report.head = index.head
        let last = to ?? index.head.number
        let first = max(from, 1)
        guard last <= index.head.number, from <= max(last, 1) else {
            throw .error(.noBlock(height: max(from, last), head: index.head.number))
        }
        (report.from, report.to) = (min(from, last), last)
        report.accounts = try checkHeadState(index.headRoot)
        if last == 0 { return }

        report.stateFrom = max(first, index.oldestKept)
        if report.stateFrom == 1 {
            let state = StateOverlay(on: EmptyState())
            state.apply(try genesisState())
            try checkBlocks(first...last, on: state, from: 1, index, &report, progress)
            if last == index.head.number { try compareWithStored(state.change) }
        } else {
            let state = StateOverlay(on: StoredState(snapshot))
            try unwind(state, from: index.head.number, to: report.stateFrom - 1)
            try checkBlocks(first...last, on: state, from: report.stateFrom, index, &report, progress)
            if last == index.head.number { try compareWithStored(state.change) }
        }
    }

    func fail(_ detail: String, _ number: UInt64? = nil, _ hash: Hash32? = nil) -> VerifyStop {
        .failure(VerifyFailure(number: number, hash: hash, detail: detail))
    }

    /// Header, seal and state of each block; the state of those from `stateFrom` on.
    private func checkBlocks<Base: StateSource>(
        _ heights: ClosedRange<UInt64>, on state: StateOverlay<Base>, from stateFrom: UInt64, _ index: ChainIndex,
        _ report: inout VerifyReport, _ progress: (UInt64, UInt64) -> Void
    ) throws(VerifyStop) {
        var waiting: [HeaderChecked] = []
        for height in heights {
            let (hash, block) = try looking { () throws(StorageError) in
                let hash = try snapshot.requireCanonical(height)
                // A pruned body leaves the header, which is all there is to check.
                if height < index.oldestKept { return (hash, Block(header: try snapshot.requireHeader(hash))) }
                return (hash, try snapshot.requireBlock(hash))
            }
            guard block.hash == hash else { throw fail("the bytes have hash \(block.hash)", height, hash) }
            let (root, named) = (OrderedTrie.root(of: block.transactions), block.header.transactionsRoot)
            if height >= index.oldestKept, root != named {
                throw fail("its transactions have transactionsRoot \(root), expected \(named)", height, hash)
            }
            let context = StoreContext(snapshot)
            let result = try looking { () throws(StorageError) in
                try HeaderRules(spec: spec).check(block.header, in: context, now: now)
            }
            switch result {
            case .success(let checked): waiting.append(checked)
            case .failure(let rejection): throw fail("\(rejection)", height, hash)
            }
            if height >= stateFrom { try checkState(block, hash, on: state) }
            if waiting.count >= max(1, evaluator.batchSize) || height == heights.upperBound {
                try checkSeals(waiting)
                report.blocks += UInt64(waiting.count)
                waiting = []
                progress(height, heights.upperBound)
            }
        }
    }

    private func checkSeals(_ headers: [HeaderChecked]) throws(VerifyStop) {
        let results: [SealEvaluation]
        do throws(ChainError) { results = try evaluator.results(for: headers) } catch { throw .error(error) }
        for (checked, result) in zip(headers, results) {
            do throws(HeaderFault) {
                _ = try SealVerified.verify(checked, digest: result.digest, loss: result.loss)
            } catch {
                throw fail("\(error)", checked.header.number, checked.header.hash)
            }
        }
    }

    /// Executes a block and compares root and undo record.
    private func checkState<Base: StateSource>(
        _ block: Block, _ hash: Hash32, on state: StateOverlay<Base>
    ) throws(VerifyStop) {
        let number = block.header.number
        let (result, undo) = try looking { () throws(StorageError) in
            let parent = try snapshot.requireHeader(block.header.parentHash)
            let verified = VerifiedBlock(stored: block, hash: hash)
            let below = ParentState(source: state, header: parent, ancestors: BranchHashes(snapshot: snapshot))
            return (try Execution.execute(verified, on: below, spec: spec), try snapshot.requireUndo(number))
        }
        switch result {
        case .failure(let fault): throw fail("\(fault)", number, hash)
        case .success(let executed):
            guard undo == executed.undo else {
                throw fail("its undo record is not what executing the block gives", number, hash)
            }
            try checkRecords(of: executed)
            state.apply(executed.change)
        }
    }

    /// Takes a state in memory from the head back to `height`, whose root must be the one its header names.
    private func unwind<Base: StateSource>(
        _ state: StateOverlay<Base>, from head: UInt64, to height: UInt64
    ) throws(VerifyStop) {
        try looking { () throws(StorageError) in
            var current = head
            while current > height {
                state.apply(try snapshot.requireUndo(current).change)
                current -= 1
            }
        }
        let (root, expected) = try looking { () throws(StorageError) in
            let header = try snapshot.requireHeader(try snapshot.requireCanonical(height))
            return (try state.node(at: .root).map { Keccak256.hash($0) } ?? EmptyTrie.root, header.stateRoot)
        }
        guard root == expected else {
            throw fail("undoing the blocks above gives stateRoot \(root), expected \(expected)", height)
        }
    }
}
