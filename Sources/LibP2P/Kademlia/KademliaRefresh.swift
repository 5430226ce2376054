/// When the table is refreshed and by which lookups: one for the own id and one into every bucket up to the furthest one
/// that is used, at the start and then at regular times.
public struct KademliaRefresh: Hashable, Sendable {
    /// When the next refresh is due.
    public private(set) var next: Duration
    /// How many times more hashes are tried than one key of a bucket takes on average.
    private static let patience = 8

    /// The first refresh is due at once.
    public init(at now: Duration) { next = now }

    /// The keys to look up, if a refresh is due. Keys of far buckets come by trying, as the hash has no inverse; a bucket
    /// for which none is found is left out this time.
    ///
    /// - Parameter random: for keys that nobody can foresee.
    public mutating func targets(
        for table: KademliaTable, at now: Duration, using random: inout some RandomNumberGenerator
    ) -> [[UInt8]] {
        guard now >= next else { return [] }
        next = now + table.limits.refreshInterval
        var targets = [table.ownID]
        for place in 0..<min(table.usedBuckets, table.limits.refreshedBuckets) {
            if let key = Self.key(in: place, of: table, using: &random) { targets.append(key) }
        }
        return targets
    }

    private static func key(
        in place: Int, of table: KademliaTable, using random: inout some RandomNumberGenerator
    ) -> [UInt8]? {
        for _ in 0..<(patience << place) * 2 {
            let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            if table.place(of: table.hash(key)) == place { return key }
        }
        return nil
    }
}

extension KademliaTable {
    /// Buckets up to the last one that holds a peer.
    public var usedBuckets: Int { (buckets.lastIndex { !$0.entries.isEmpty } ?? -1) + 1 }
}
