/// The counters of one peer.
package struct GossipPeerRecord: Sendable {
    /// The counters of one peer in one topic.
    package struct Topic: Sendable {
        /// Since when it is in the mesh, nil outside.
        package var graftedAt: Duration?
        /// Its time in the mesh, as of the last decay.
        package var meshTime = Duration.zero
        /// Whether it was in the mesh long enough for P3.
        package var isActive = false
        package var firstDeliveries = 0.0
        package var meshDeliveries = 0.0
        package var meshFailures = 0.0
        package var invalid = 0.0
    }

    package var topics: [String: Topic] = [:]
    package var addresses: [String] = []
    package var application = 0.0
    package var behaviour = 0.0
    /// When to forget a disconnected peer, nil while it is connected.
    package var expiry: Duration?
}

extension GossipPeerRecord.Topic {
    /// Σ wᵢPᵢ of one topic, without the topic's weight.
    package func score(_ parameters: GossipTopicScore) -> Double {
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

    package mutating func graft(now: Duration) {
        graftedAt = now
        meshTime = .zero
        isActive = false
    }

    /// Leaves the mesh; a deficit becomes a failure that sticks (P3b).
    package mutating func prune(_ parameters: GossipTopicScore) {
        meshFailures += deficit(parameters)
        graftedAt = nil
        isActive = false
    }

    package mutating func countFirstDelivery(_ parameters: GossipTopicScore) {
        firstDeliveries = min(firstDeliveries + 1, parameters.firstDeliveriesCap)
        countMeshDelivery(parameters)
    }

    package mutating func countMeshDelivery(_ parameters: GossipTopicScore) {
        guard graftedAt != nil else { return }
        meshDeliveries = min(meshDeliveries + 1, parameters.meshDeliveriesCap)
    }

    package mutating func decay(_ parameters: GossipTopicScore, zero: Double, now: Duration) {
        firstDeliveries = Self.decay(firstDeliveries, parameters.firstDeliveriesDecay, zero)
        meshDeliveries = Self.decay(meshDeliveries, parameters.meshDeliveriesDecay, zero)
        meshFailures = Self.decay(meshFailures, parameters.meshFailureDecay, zero)
        invalid = Self.decay(invalid, parameters.invalidDecay, zero)
        guard let graftedAt else { return }
        meshTime = now - graftedAt
        if meshTime > parameters.meshDeliveriesActivation { isActive = true }
    }

    package static func decay(_ counter: Double, _ factor: Double, _ zero: Double) -> Double {
        let decayed = counter * factor
        return decayed < zero ? 0 : decayed
    }
}
