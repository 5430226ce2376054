import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITrie
import PoAITypes

extension Blockchain {
    /// Every rule that takes no forward pass, for each block of the batch in order.
    ///
    /// - Parameter earlier: batches on their way to the store, whose headers count as known.
    func checkHeaders(_ batch: inout ImportBatch, after earlier: [ImportBatch]) throws(ChainError) {
        let now = options.clock()
        var checking = batch
        try reader.read { (snapshot) throws(StorageError) in
            var context = StoreContext(snapshot)
            for entry in earlier.flatMap(\.entries) where entry.verified != nil {
                context.pending[entry.hash] = entry.block.header
            }
            var seen: Set<Hash32> = []
            for index in checking.entries.indices {
                let entry = checking.entries[index]
                if let outcome = try earlierOutcome(of: entry, in: checking, seen, snapshot) {
                    checking.entries[index].outcome = outcome
                    continue
                }
                switch try rules.check(entry.block.header, in: context, now: now) {
                case .success(let checked):
                    checking.entries[index].checked = checked
                    context.pending[entry.hash] = entry.block.header
                    seen.insert(entry.hash)
                case .failure(let rejection):
                    checking.entries[index].outcome = outcome(of: rejection)
                }
            }
        }
        batch = checking
    }

    /// Runs the forward passes of all blocks whose headers are right, `evaluator.batchSize` at a time.
    func verifySeals(_ batch: inout ImportBatch, _ known: [Hash32: SealEvaluation]) throws(ChainError) {
        var waiting = batch.entries.indices.filter { batch.entries[$0].outcome == nil }[...]
        while !waiting.isEmpty {
            let chunk = waiting.prefix(max(1, evaluator.batchSize))
            waiting = waiting.dropFirst(chunk.count)
            var open: [(index: Int, checked: HeaderChecked)] = []
            for index in chunk {
                if let fault = batch.failedAncestor(of: batch.entries[index]) {
                    batch.entries[index].outcome = .rejected(fault)
                } else if let checked = batch.entries[index].checked {
                    open.append((index, checked))
                }
            }
            let toRun = open.filter { known[batch.entries[$0.index].hash] == nil }
            var results = try evaluate(toRun.map(\.checked))[...]
            for (index, checked) in open {
                guard let result = known[batch.entries[index].hash] ?? results.popFirst() else { continue }
                conclude(&batch.entries[index], checked, result)
            }
        }
    }

    private func conclude(_ entry: inout ImportBatch.Entry, _ checked: HeaderChecked, _ result: SealEvaluation) {
        do throws(HeaderFault) {
            let proof = try SealVerified.verify(checked, digest: result.digest, loss: result.loss)
            entry.verified = VerifiedBlock(block: entry.block, proof: proof)
        } catch {
            entry.sealFault = error
            entry.outcome = .rejected(.header(error))
        }
    }

    private func evaluate(_ headers: [HeaderChecked]) throws(ChainError) -> [SealEvaluation] {
        try evaluator.results(for: headers)
    }

    /// The outcome of a block that needs no check: known, known to be bad, or on a bad one.
    private func earlierOutcome(
        of entry: ImportBatch.Entry, in batch: ImportBatch, _ seen: Set<Hash32>, _ snapshot: Snapshot
    ) throws(StorageError) -> ImportOutcome? {
        if seen.contains(entry.hash) { return .alreadyKnown }
        if let reason = try ChainTables.invalid.get(entry.hash, in: snapshot) {
            return .rejected(.knownInvalid(String(decoding: reason.bytes, as: UTF8.self)))
        }
        if try ChainTables.headers.contains(entry.hash, in: snapshot) { return .alreadyKnown }
        if entry.block.header.number == 0 { return .rejected(.otherGenesis(entry.hash)) }
        if let fault = batch.failedAncestor(of: entry) { return .rejected(fault) }
        if try ChainTables.invalid.contains(entry.parent, in: snapshot) {
            return .rejected(.invalidAncestor(entry.parent))
        }
        // Before it may wait as an orphan: the true body may come from someone else.
        let root = OrderedTrie.root(of: entry.block.transactions)
        return root == entry.block.header.transactionsRoot ? nil : .rejected(.mutated(entry.hash))
    }

    private func outcome(of rejection: BlockRejection) -> ImportOutcome {
        switch rejection {
        case .invalid(let fault): .rejected(.header(fault))
        case .missingParent(let hash): .orphan(missing: hash)
        case .fromTheFuture(let seconds): .rejected(.fromTheFuture(seconds: seconds))
        case .mutated(let hash): .rejected(.mutated(hash))
        }
    }
}

extension SealEvaluator {
    /// `evaluate`, with its errors as the chain's and the number of results checked.
    func results(for headers: [HeaderChecked]) throws(ChainError) -> [SealEvaluation] {
        if headers.isEmpty { return [] }
        do throws(SealEvaluatorError) {
            let results = try evaluate(headers)
            guard results.count == headers.count else {
                throw SealEvaluatorError("got \(results.count) forward passes, expected \(headers.count)")
            }
            return results
        } catch {
            throw .evaluator(error)
        }
    }
}
