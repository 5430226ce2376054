import PoAIConsensus
import PoAIPrimitives
import PoAIStorage
import PoAITypes

#if canImport(Glibc)
    import Glibc
#endif

extension ChainReader {
    /// Checks the stored chain again, trusting nothing but the spec: every page and record of the database, every block
    /// from its bytes (header rules, seal by a forward pass, state by execution), the head's state against the stored
    /// accounts and trie nodes. All of one commit; a node may go on writing meanwhile.
    ///
    /// State is executed from genesis, or from `from` on the state there, which undo records give; where these were pruned,
    /// from the oldest one. Headers and seals are checked all the same.
    ///
    /// - Parameters:
    ///   - from: first height to check.
    ///   - to: last height to check; nil for the head.
    ///   - clock: seconds since 1970, for the rule about timestamps from the future.
    ///   - progress: called after every batch of seals with the last height checked and that of the last to check.
    /// - Returns: a report; what is wrong is its `failure`.
    /// - Throws: only what keeps the check from being made.
    public func verify(
        from: UInt64 = 1, to: UInt64? = nil, evaluator: any SealEvaluator,
        clock: () -> UInt64 = { UInt64(max(0, time(nil))) },
        progress: (_ done: UInt64, _ last: UInt64) -> Void = { _, _ in }
    ) throws(ChainError) -> VerifyReport {
        var report = VerifyReport(
            from: from, to: to ?? from, stateFrom: from, head: BlockReference(number: 0, hash: .zero))
        do throws(VerifyStop) {
            try looking { () throws(StorageError) in try folder.environment.checkPages() }
            var result: Result<Void, VerifyStop> = .success(())
            try looking { () throws(StorageError) in
                try folder.environment.read { (snapshot) throws(StorageError) in
                    do throws(VerifyStop) {
                        var run = Verification(spec: spec, snapshot: snapshot, evaluator: evaluator, now: clock())
                        try run.run(from: from, to: to, &report, progress)
                    } catch {
                        result = .failure(error)
                    }
                }
            }
            try result.get()
        } catch {
            switch error {
            case .failure(let failure): report.failure = failure
            case .error(let error): throw error
            }
        }
        return report
    }
}
