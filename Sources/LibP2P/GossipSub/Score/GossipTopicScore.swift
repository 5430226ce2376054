/// How the behaviour of peers in one topic is scored: P1 to P4 of gossipsub 1.1. A weight of 0 switches a part off.
public struct GossipTopicScore: Hashable, Sendable {
    /// The weight of the topic in the sum, at least 0.
    public var topicWeight = 1.0
    /// P1, time in the mesh: its weight, at least 0.
    public var timeInMeshWeight = 0.01
    /// P1 counts these spans, above 0.
    public var timeInMeshQuantum = Duration.seconds(1)
    /// P1 counts no more of them.
    public var timeInMeshCap = 300.0
    /// P2, messages that the peer was the first to deliver: its weight, at least 0.
    public var firstDeliveriesWeight = 1.0
    /// The factor of P2's counter per decay interval, above 0 and below 1.
    public var firstDeliveriesDecay = 0.98
    /// The most that P2 counts.
    public var firstDeliveriesCap = 20.0
    /// P3, too few deliveries by a mesh peer: its weight, at most 0. Off by default, for it suits only topics whose rate of
    /// messages is known.
    public var meshDeliveriesWeight = 0.0
    /// The factor of P3's counter per decay interval, above 0 and below 1.
    public var meshDeliveriesDecay = 0.97
    /// The most that P3 counts, at least the threshold.
    public var meshDeliveriesCap = 100.0
    /// With as many deliveries P3 is 0; below, it is the square of the deficit.
    public var meshDeliveriesThreshold = 20.0
    /// Duplicates up to this time after the validation count for P3.
    public var meshDeliveriesWindow = Duration.milliseconds(10)
    /// P3 applies after this time in the mesh.
    public var meshDeliveriesActivation = Duration.seconds(30)
    /// P3b, deficits at the time of a prune: its weight, at most 0.
    public var meshFailureWeight = 0.0
    /// The factor of P3b's counter per decay interval, above 0 and below 1.
    public var meshFailureDecay = 0.997
    /// P4, invalid messages, squared: its weight, at most 0.
    public var invalidWeight = -100.0
    /// The factor of P4's counter per decay interval, above 0 and below 1.
    public var invalidDecay = 0.997

    /// The defaults.
    public init() {}

    /// Throws `invalidParameter` with the name of the first number outside of its range.
    public func validate() throws(GossipError) {
        try Self.weight(topicWeight, "topicWeight")
        try Self.weight(timeInMeshWeight, "timeInMeshWeight")
        try GossipConfiguration.require(timeInMeshQuantum > .zero, "timeInMeshQuantum")
        try Self.weight(timeInMeshCap, "timeInMeshCap")
        try Self.weight(firstDeliveriesWeight, "firstDeliveriesWeight")
        try Self.weight(firstDeliveriesCap, "firstDeliveriesCap")
        try Self.decay(firstDeliveriesDecay, "firstDeliveriesDecay")
        try Self.weight(-meshDeliveriesWeight, "meshDeliveriesWeight")
        try Self.decay(meshDeliveriesDecay, "meshDeliveriesDecay")
        try Self.weight(meshDeliveriesThreshold, "meshDeliveriesThreshold")
        try Self.weight(meshDeliveriesCap - meshDeliveriesThreshold, "meshDeliveriesCap")
        try GossipConfiguration.require(meshDeliveriesWindow >= .zero, "meshDeliveriesWindow")
        try GossipConfiguration.require(meshDeliveriesActivation >= .zero, "meshDeliveriesActivation")
        try Self.weight(-meshFailureWeight, "meshFailureWeight")
        try Self.decay(meshFailureDecay, "meshFailureDecay")
        try Self.weight(-invalidWeight, "invalidWeight")
        try Self.decay(invalidDecay, "invalidDecay")
    }

    package static func weight(_ value: Double, _ name: String) throws(GossipError) {
        try GossipConfiguration.require(value >= 0 && value.isFinite, name)
    }

    package static func decay(_ value: Double, _ name: String) throws(GossipError) {
        try GossipConfiguration.require(value > 0 && value < 1, name)
    }
}
