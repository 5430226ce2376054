import LibP2P
import PoAINetwork
import PoAIPrimitives

/// Wrong by gossip.
extension Adversary {
    /// Publishes one block on the node's head, or bytes that are none.
    func publishBlock() async throws {
        let gossip = try NetworkService.gossip(on: host, names: names)
        gossip.start()
        try gossip.subscribe(names.blocks) { _, _ in .ignore }
        while !gossip.topicPeers(of: names.blocks).contains(node) { try await Task.sleep(for: .milliseconds(50)) }
        if manner == .garbage {
            // An offence has to be repeated to end in a ban.
            for number in UInt8(0)..<8 { try gossip.publish([0xC2, 0x07, number], to: names.blocks) }
        } else {
            try await followNode(upTo: .max)
            try gossip.publish(BlockAnnouncement(of: source.falseBlock()).encoded(), to: names.blocks)
        }
        tell("published")
        // The service lives as long as this.
        while !Task.isCancelled { try await Task.sleep(for: .seconds(1)) }
        await gossip.stop()
    }

    /// Sends control messages until the node ends it.
    func floodGossip() async throws {
        host.serve("/meshsub/1.1.0") { stream in while (try? await stream.read()).flatMap({ $0 }) != nil {} }
        let stream = try await host.open(["/meshsub/1.1.0"], to: node)
        let topics = [names.blocks, names.transactions]
        let subscriptions = topics.map { GossipSubscription(subscribe: true, topic: $0) }
        var sent = 0
        do throws(StreamError) {
            while true {
                let ids = (0..<1000).map { Keccak256.hash(Array("\(sent) \($0)".utf8)).bytes }
                let control = GossipControl(
                    have: topics.map { GossipIHave(topic: $0, ids: ids) }, graft: topics,
                    prune: topics.map { GossipPrune(topic: $0, backoff: 60) })
                try await stream.write(message: GossipRPC(subscriptions: subscriptions, control: control).encoded)
                sent += 1
            }
        } catch { tell("flooded", "\(sent) messages, then: \(error)") }
    }
}
