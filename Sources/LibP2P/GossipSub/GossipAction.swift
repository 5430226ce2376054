/// What the caller has to do after a call of `GossipSub`, in order.
public enum GossipAction: Hashable, Sendable {
    /// Send an RPC to a connected peer.
    case send(GossipRPC, to: GossipPeerID)
    /// Validate a message and call `GossipSub.report` with its id. Seen once per id.
    case validate(GossipMessageID, GossipMessage, from: GossipPeerID)
    /// Connect to a peer that a pruning peer recommended, if there is room.
    case connect(GossipPeerInfo)
}

/// What the validation of a message found.
public enum GossipVerdict: Hashable, Sendable {
    /// Valid: relay it.
    case accept
    /// Invalid: drop it and penalize every peer that sent it (P4).
    case reject
    /// Neither relay it nor penalize anybody.
    case ignore
}

/// Why a call of `GossipSub` did nothing.
public enum GossipError: Error, Hashable, Sendable {
    /// The parameter of this name is outside of its range.
    case invalidParameter(String)
    /// As many peers are connected as the configuration allows, or the peer is connected already or is this one.
    case peerRefused
    /// As many topics are joined as the configuration allows, or the topic's name is too long or empty.
    case topicRefused
    /// The message to publish is longer than the configuration allows or has no id.
    case messageRefused
    /// A message of this id was published or received before.
    case duplicate
}
