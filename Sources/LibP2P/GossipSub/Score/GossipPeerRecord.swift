/// The counters of one peer.
struct GossipPeerRecord: Sendable {
    /// The counters of one peer in one topic.
    struct Topic: Sendable {
        /// Since when it is in the mesh, nil outside.
        var graftedAt: Duration?
        /// Its time in the mesh, as of the last decay.
        var meshTime = Duration.zero
        /// Whether it was in the mesh long enough for P3.
        var isActive = false
        var firstDeliveries = 0.0
        var meshDeliveries = 0.0
        var meshFailures = 0.0
        var invalid = 0.0
    }

    var topics: [String: Topic] = [:]
    var addresses: [String] = []
    var application = 0.0
    var behaviour = 0.0
    /// When to forget a disconnected peer, nil while it is connected.
    var expiry: Duration?
}

extension GossipPeerRecord.Topic {
    /// Σ wᵢPᵢ of one topic, without the topic's weight.
    func score(_ parameters: GossipTopicScore) -> Double {
        var score = firstDeliveries * parameters.firstDeliveriesWeight
        if graftedAt != nil {
            let spans = (meshTime / parameters.timeInMeshQuantum).rounded(.down)
            score += min(spans, parameters.timeInMeshCap) * parameters.timeInMeshWeight
        }
        score += deficit(parameters) * parameters.meshDeliveriesWeight
        score += meshFailures * parameters.meshFailureWeight
        score += invalid * invalid * parameters.invalidWeight
        return score
    }

    /// The square of the missing deliveries (P3).
    private func deficit(_ parameters: GossipTopicScore) -> Double {
        guard graftedAt != nil, isActive, meshDeliveries < parameters.meshDeliveriesThreshold else { return 0 }
        let missing = parameters.meshDeliveriesThreshold - meshDeliveries
        return missing * missing
    }

    mutating func graft(now: Duration) {
        graftedAt = now
        meshTime = .zero
        isActive = false
    }

    /// Leaves the mesh; a deficit becomes a failure that sticks (P3b).
    mutating func prune(_ parameters: GossipTopicScore) {
        meshFailures += deficit(parameters)
        graftedAt = nil
        isActive = false
    }

    mutating func countFirstDelivery(_ parameters: GossipTopicScore) {
        firstDeliveries = min(firstDeliveries + 1, parameters.firstDeliveriesCap)
        countMeshDelivery(parameters)
    }

    mutating func countMeshDelivery(_ parameters: GossipTopicScore) {
        guard graftedAt != nil else { return }
        meshDeliveries = min(meshDeliveries + 1, parameters.meshDeliveriesCap)
    }

    mutating func decay(_ parameters: GossipTopicScore, zero: Double, now: Duration) {
        firstDeliveries = Self.decay(firstDeliveries, parameters.firstDeliveriesDecay, zero)
        meshDeliveries = Self.decay(meshDeliveries, parameters.meshDeliveriesDecay, zero)
        meshFailures = Self.decay(meshFailures, parameters.meshFailureDecay, zero)
        invalid = Self.decay(invalid, parameters.invalidDecay, zero)
        guard let graftedAt else { return }
        meshTime = now - graftedAt
        if meshTime > parameters.meshDeliveriesActivation { isActive = true }
    }

    static func decay(_ counter: Double, _ factor: Double, _ zero: Double) -> Double {
        let decayed = counter * factor
        return decayed < zero ? 0 : decayed
    }
}
