/// What the router knows of a connected peer.
package struct GossipPeer: Sendable {
    package let version: GossipVersion
    /// Whether this node dialled it.
    package let isOutbound: Bool
    /// Its signed record for peer exchange.
    package var signedRecord: [UInt8]?
    /// The topics that it is subscribed to.
    package var topics: Set<String> = []
    /// The messages that it does not want, and for how many more heartbeats.
    package var unwanted: [GossipMessageID: Int] = [:]
    /// What was read since the last heartbeat.
    package var budget = Budget()

    /// Counters that start over with every heartbeat.
    package struct Budget: Sendable {
        /// RPCs with IHAVE.
        package var haveMessages = 0
        /// Ids asked for.
        package var askedIDs = 0
        /// Ids that it asked for.
        package var wantIDs = 0
        /// Ids that it does not want.
        package var dontWantIDs = 0
    }

    package init(version: GossipVersion, isOutbound: Bool) {
        self.version = version
        self.isOutbound = isOutbound
    }

    package mutating func endHeartbeat() {
        budget = Budget()
        if !unwanted.isEmpty { unwanted = unwanted.compactMapValues { $0 > 1 ? $0 - 1 : nil } }
    }
}
