/// Sizes and times of the table, the lookups and the answers.
public struct KademliaLimits: Hashable, Sendable {
    /// k: peers in a bucket, in an answer and in the result of a lookup.
    public var bucketSize = 20
    /// Peers that wait for a place in a full bucket.
    public var replacements = 10
    /// Peers of one address group in a bucket.
    public var groupInBucket = 2
    /// Peers of one address group in the whole table.
    public var groupInTable = 6
    /// Whether addresses of this machine are free of the two limits above, as for many nodes on one machine.
    public var exemptsLoopback = false
    /// Failures in a row after which a peer leaves the table.
    public var failures = 3
    /// A peer that was not heard of for so long is checked when another one wants its place.
    public var staleness = Duration.seconds(300)

    /// α: requests of one path of a lookup that are under way at once.
    public var parallelism = 3
    /// Paths of a lookup that share no peer, so that one bad peer spoils only its path.
    public var paths = 2
    /// Requests of one path in all.
    public var queriesPerPath = 64
    /// Peers that one path remembers; the furthest are forgotten.
    public var candidatesPerPath = 256
    /// Time for one answer.
    public var queryTimeout = Duration.seconds(10)
    /// Time for a lookup.
    public var lookupTimeout = Duration.seconds(60)

    /// Bytes of a peer id.
    public var idBytes = 64
    /// Bytes of the key of a request.
    public var keyBytes = 128
    /// Addresses of a peer; more are left out.
    public var addresses = 16
    /// Bytes of an address; longer ones are left out.
    public var addressBytes = 256
    /// Bytes of a whole message, for whoever reads it.
    public var messageBytes = 128 * 1024

    /// Time between two refreshes of the table.
    public var refreshInterval = Duration.seconds(300)
    /// Buckets beyond this one are refreshed by the lookup of the own id only.
    public var refreshedBuckets = 10

    /// The values that a node starts with.
    public init() {}

    /// Whether the limits on peers of one group do not hold for `group`.
    func isExempt(_ group: KademliaGroup) -> Bool { exemptsLoopback && group.isLoopback }

    /// The part of a peer that is within the limits; nil if its id is not.
    func bounded(_ peer: KademliaPeer) -> KademliaPeer? {
        guard !peer.id.isEmpty, peer.id.count <= idBytes else { return nil }
        var bounded = peer
        bounded.addresses = Array(peer.addresses.filter { !$0.isEmpty && $0.count <= addressBytes }.prefix(addresses))
        return bounded
    }
}
