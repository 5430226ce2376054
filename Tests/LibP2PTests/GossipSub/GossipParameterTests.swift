import Testing

import LibP2P

@Suite struct GossipParameterTests {
    @Test func parametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipConfiguration) -> Void)] = [
            ("degreeLow", { $0.degreeLow = 7 }), ("degreeHigh", { $0.degreeHigh = 5 }),
            ("degreeOutbound", { $0.degreeOutbound = 4 }),
            ("degreeOutbound", { ($0.degreeLow, $0.degreeOutbound) = (2, 2) }),
            ("degreeScore", { $0.degreeScore = 7 }), ("degreeLazy", { $0.degreeLazy = -1 }),
            ("gossipFactor", { $0.gossipFactor = 1.1 }), ("gossipFactor", { $0.gossipFactor = .nan }),
            ("historyGossip", { $0.historyGossip = 6 }), ("historyGossip", { $0.historyLength = 0 }),
            ("historyLength", { $0.historyLength = 1001 }), ("pruneBackoff", { $0.pruneBackoff = .seconds(3601) }),
            ("unsubscribeBackoff", { $0.unsubscribeBackoff = .seconds(-1) }),
            ("seenLifetime", { $0.seenLifetime = .zero }),
            ("limits", { $0.maxPeers = -1 }), ("limits", { $0.maxCachedBytes = 1 << 31 }),
        ]
        try GossipConfiguration().validate()
        for (name, change) in wrong {
            #expect(throws: GossipError.invalidParameter(name)) { _ = try TestRouter(change) }
        }
    }

    @Test func scoreParametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipScoring) -> Void)] = [
            ("topicCap", { $0.topicCap = -1 }), ("applicationWeight", { $0.applicationWeight = .infinity }),
            ("colocationWeight", { $0.colocationWeight = 1 }), ("colocationThreshold", { $0.colocationThreshold = 0 }),
            ("behaviourWeight", { $0.behaviourWeight = 1 }), ("behaviourDecay", { $0.behaviourDecay = 1 }),
            ("behaviourThreshold", { $0.behaviourThreshold = -1 }), ("decayInterval", { $0.decayInterval = .zero }),
            ("decayToZero", { $0.decayToZero = 0 }), ("retention", { $0.retention = .seconds(-1) }),
            ("maxRetained", { $0.maxRetained = -1 }), ("gossipThreshold", { $0.gossipThreshold = 1 }),
            ("publishThreshold", { $0.publishThreshold = -199 }),
            ("graylistThreshold", { $0.graylistThreshold = -499 }),
            ("acceptExchangeThreshold", { $0.acceptExchangeThreshold = -1 }),
            ("opportunisticGraftThreshold", { $0.opportunisticGraftThreshold = -1 }),
        ]
        for (name, change) in wrong {
            var scoring = GossipScoring()
            try scoring.validate()
            change(&scoring)
            #expect(throws: GossipError.invalidParameter(name)) { try scoring.validate() }
        }
    }

    @Test func topicParametersOutsideOfTheirRangesAreRefused() throws {
        let wrong: [(String, (inout GossipTopicScore) -> Void)] = [
            ("topicWeight", { $0.topicWeight = -1 }), ("timeInMeshWeight", { $0.timeInMeshWeight = -1 }),
            ("timeInMeshQuantum", { $0.timeInMeshQuantum = .zero }), ("timeInMeshCap", { $0.timeInMeshCap = .nan }),
            ("firstDeliveriesWeight", { $0.firstDeliveriesWeight = -1 }),
            ("firstDeliveriesCap", { $0.firstDeliveriesCap = -1 }),
            ("firstDeliveriesDecay", { $0.firstDeliveriesDecay = 1 }),
            ("meshDeliveriesWeight", { $0.meshDeliveriesWeight = 1 }),
            ("meshDeliveriesDecay", { $0.meshDeliveriesDecay = 0 }),
            ("meshDeliveriesThreshold", { $0.meshDeliveriesThreshold = -1 }),
            ("meshDeliveriesCap", { $0.meshDeliveriesCap = 19 }),
            ("meshDeliveriesWindow", { $0.meshDeliveriesWindow = .seconds(-1) }),
            ("meshDeliveriesActivation", { $0.meshDeliveriesActivation = .seconds(-1) }),
            ("meshFailureWeight", { $0.meshFailureWeight = 1 }), ("meshFailureDecay", { $0.meshFailureDecay = 2 }),
            ("invalidWeight", { $0.invalidWeight = 1 }), ("invalidDecay", { $0.invalidDecay = -1 }),
        ]
        for (name, change) in wrong {
            var topic = GossipTopicScore()
            try topic.validate()
            change(&topic)
            var scoring = GossipScoring()
            scoring.topics["t"] = topic
            #expect(throws: GossipError.invalidParameter(name)) { _ = try TestRouter(scoring: scoring) }
        }
    }
}
