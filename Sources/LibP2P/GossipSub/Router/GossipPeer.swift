/// What the router knows of a connected peer.
struct GossipPeer: Sendable {
    let version: GossipVersion
    /// Whether this node dialled it.
    let isOutbound: Bool
    /// Its signed record for peer exchange.
    var signedRecord: [UInt8]?
    /// The topics that it is subscribed to.
    var topics: Set<String> = []
    /// The messages that it does not want, and for how many more heartbeats.
    var unwanted: [GossipMessageID: Int] = [:]
    /// What was read since the last heartbeat.
    var budget = Budget()

    /// Counters that start over with every heartbeat.
    struct Budget: Sendable {
        /// RPCs with IHAVE.
        var haveMessages = 0
        /// Ids asked for.
        var askedIDs = 0
        /// Ids that it asked for.
        var wantIDs = 0
        /// Ids that it does not want.
        var dontWantIDs = 0
    }

    init(version: GossipVersion, isOutbound: Bool) {
        self.version = version
        self.isOutbound = isOutbound
    }

    mutating func endHeartbeat() {
        budget = Budget()
        if !unwanted.isEmpty { unwanted = unwanted.compactMapValues { $0 > 1 ? $0 - 1 : nil } }
    }
}
