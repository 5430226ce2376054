/// The scores of all peers, connected and remembered.
package struct GossipScores: Sendable {
    package let parameters: GossipScoring
    private let topicNames: [String]
    package private(set) var records: [GossipPeerID: GossipPeerRecord] = [:]
    /// The disconnected peers, in the order in which they left.
    private var retained: [GossipPeerID] = []
    /// How many peers there are by address.
    private var colocation: [String: Int] = [:]
    private var decayedAt = Duration.zero

    package init(_ parameters: GossipScoring) {
        self.parameters = parameters
        topicNames = parameters.topics.keys.sorted()
    }

    /// The score of a peer, 0 if it is unknown.
    package func score(_ peer: GossipPeerID) -> Double {
        guard let record = records[peer] else { return 0 }
        var score = 0.0
        for name in topicNames {
            guard let topic = record.topics[name], let rules = parameters.topics[name] else { continue }
            score += topic.score(rules) * rules.topicWeight
        }
        if parameters.topicCap > 0 { score = min(score, parameters.topicCap) }
        score += record.application * parameters.applicationWeight
        for address in record.addresses where !parameters.colocationWhitelist.contains(address) {
            let surplus = Double(max(0, (colocation[address] ?? 0) - parameters.colocationThreshold))
            score += surplus * surplus * parameters.colocationWeight
        }
        let misbehaviour = max(0, record.behaviour - parameters.behaviourThreshold)
        return score + misbehaviour * misbehaviour * parameters.behaviourWeight
    }

    /// A peer connects: what is remembered of it holds again. At most eight of its addresses count.
    package mutating func connect(_ peer: GossipPeerID, addresses: [String]) {
        var unique: [String] = []
        for address in addresses where unique.count < 8 && !unique.contains(address) { unique.append(address) }
        removeAddresses(of: peer)
        retained.removeAll { $0 == peer }
        records[peer, default: GossipPeerRecord()].expiry = nil
        records[peer]?.addresses = unique
        for address in unique { colocation[address, default: 0] += 1 }
    }

    /// A peer disconnects. A good score is not worth remembering, for it could be earned to be spent later.
    package mutating func disconnect(_ peer: GossipPeerID, now: Duration) {
        guard let record = records[peer], record.expiry == nil else { return }
        for name in topicNames where record.topics[name] != nil {
            prune(peer, topic: name)
            records[peer]?.topics[name]?.firstDeliveries = 0
        }
        guard score(peer) < 0 else { return forget(peer) }
        records[peer]?.expiry = now + parameters.retention
        retained.append(peer)
        while retained.count > parameters.maxRetained { forgetBest() }
    }

    package mutating func setApplicationScore(_ score: Double, of peer: GossipPeerID) {
        guard score.isFinite else { return }
        records[peer]?.application = score
    }

    package mutating func penalize(_ peer: GossipPeerID, _ count: Int = 1) { records[peer]?.behaviour += Double(count) }

    package mutating func graft(_ peer: GossipPeerID, topic: String, now: Duration) {
        update(peer, topic) { statistics, _ in statistics.graft(now: now) }
    }

    package mutating func prune(_ peer: GossipPeerID, topic: String) {
        update(peer, topic) { statistics, rules in statistics.prune(rules) }
    }

    package mutating func countFirstDelivery(_ peer: GossipPeerID, topic: String) {
        update(peer, topic) { statistics, rules in statistics.countFirstDelivery(rules) }
    }

    /// A delivery that was not the first; `age` is the time since the validation, nil before it.
    package mutating func countDuplicate(_ peer: GossipPeerID, topic: String, age: Duration?) {
        update(peer, topic) { statistics, rules in
            if age ?? .zero <= rules.meshDeliveriesWindow { statistics.countMeshDelivery(rules) }
        }
    }

    package mutating func countInvalid(_ peer: GossipPeerID, topic: String) {
        update(peer, topic) { statistics, _ in statistics.invalid += 1 }
    }

    /// Decays the counters of the connected peers once per interval that passed, and forgets old scores.
    package mutating func refresh(now: Duration) {
        while let oldest = retained.first, let expiry = records[oldest]?.expiry, expiry <= now { forget(oldest) }
        var rounds = 0
        while decayedAt + parameters.decayInterval <= now {
            decayedAt += parameters.decayInterval
            rounds += 1
            guard rounds <= 60 else {
                decayedAt = now
                break
            }
            for peer in Array(records.keys) where records[peer]?.expiry == nil { decay(peer, now: now) }
        }
    }

    private mutating func decay(_ peer: GossipPeerID, now: Duration) {
        let zero = parameters.decayToZero
        for name in topicNames {
            update(peer, name, creating: false) { statistics, rules in
                statistics.decay(rules, zero: zero, now: now)
            }
        }
        let behaviour = records[peer]?.behaviour ?? 0
        records[peer]?.behaviour = GossipPeerRecord.Topic.decay(
            behaviour, parameters.behaviourDecay, zero)
    }

    /// Changes the counters of a known peer in a scored topic.
    private mutating func update(
        _ peer: GossipPeerID, _ topic: String, creating: Bool = true,
        _ change: (inout GossipPeerRecord.Topic, GossipTopicScore) -> Void
    ) {
        guard let rules = parameters.topics[topic], let record = records[peer] else { return }
        guard creating || record.topics[topic] != nil else { return }
        var statistics = record.topics[topic] ?? GossipPeerRecord.Topic()
        change(&statistics, rules)
        records[peer]?.topics[topic] = statistics
    }

    private mutating func forgetBest() {
        guard var best = retained.first else { return }
        var bestScore = score(best)
        for peer in retained.dropFirst() {
            let score = score(peer)
            if score > bestScore { (best, bestScore) = (peer, score) }
        }
        forget(best)
    }

    private mutating func forget(_ peer: GossipPeerID) {
        removeAddresses(of: peer)
        records[peer] = nil
        retained.removeAll { $0 == peer }
    }

    private mutating func removeAddresses(of peer: GossipPeerID) {
        for address in records[peer]?.addresses ?? [] {
            let rest = (colocation[address] ?? 0) - 1
            colocation[address] = rest > 0 ? rest : nil
        }
    }

    /// What is wrong with the scores, nothing normally.
    package func invariants() -> [String] {
        var wrong: [String] = []
        let away = records.filter { $0.value.expiry != nil }
        if away.count != retained.count || Set(retained) != Set(away.keys) { wrong.append("scores: retained differ") }
        if retained.count > parameters.maxRetained { wrong.append("scores: too many retained") }
        var counts: [String: Int] = [:]
        for address in records.values.flatMap(\.addresses) { counts[address, default: 0] += 1 }
        if counts != colocation { wrong.append("scores: addresses differ") }
        if records.keys.contains(where: { !score($0).isFinite }) { wrong.append("scores: one is not finite") }
        return wrong
    }
}
