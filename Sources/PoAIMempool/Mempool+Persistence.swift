import PoAIPrimitives
import PoAITypes

/// What came of reading a pool's file.
public struct MempoolLoad: Hashable, Sendable {
    /// Transactions that the pool took.
    public internal(set) var admitted = 0
    /// Why it did not take others, mostly because they were mined meanwhile.
    public internal(set) var refused: [MempoolFault] = []
    /// What is wrong with the file; nil if it is whole or not there.
    public internal(set) var damage: JournalDamage?
}

extension Mempool {
    /// Writes everything to a file, which takes the place of an older one only when it is complete.
    ///
    /// - Returns: the number of transactions.
    @discardableResult
    public func save(to path: String) throws(JournalError) -> Int {
        let entries = read { $0.entriesInOrder }
        try JournalFile.write(Journal.encode(entries.map { $0.transaction.transaction.encoded() }), to: path)
        return entries.count
    }

    /// Adds what a file holds, as if it were sent again. Of a damaged file, what is readable is added and the damage is
    /// reported. A file that does not exist holds nothing.
    public func load(from path: String) throws(JournalError) -> MempoolLoad {
        var load = MempoolLoad()
        guard let bytes = try JournalFile.read(path, limit: Self.fileLimit(limits)) else { return load }
        let content = Journal.decode(bytes)
        load.damage = content.damage
        for encoded in content.transactions {
            switch add(encoded: encoded) {
            case .success: load.admitted += 1
            case .failure(let fault): load.refused.append(fault)
            }
        }
        return load
    }

    /// Bytes of a file that is read: four times what this pool could write, for the limits may have been higher.
    private static func fileLimit(_ limits: MempoolLimits) -> Int {
        let most = limits.bytes.addingReportingOverflow(1 << 20)
        let scaled = most.partialValue.multipliedReportingOverflow(by: 4)
        return most.overflow || scaled.overflow ? .max : scaled.partialValue
    }
}
