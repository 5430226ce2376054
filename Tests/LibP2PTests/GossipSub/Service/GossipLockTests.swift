import Foundation
import LibP2P
import Synchronization
import Testing

@Suite struct GossipLockTests {
    /// Waits until it is let go, or for ten seconds.
    private final class Obstacle: Sendable {
        private let state = Mutex((isReached: false, isGone: false, gaveUp: false))
        var isReached: Bool { state.withLock { $0.isReached } }
        var gaveUp: Bool { state.withLock { $0.gaveUp } }
        func remove() { state.withLock { $0.isGone = true } }

        func pass() {
            state.withLock { $0.isReached = true }
            for _ in 0..<10_000 where !state.withLock({ $0.isGone }) { usleep(1000) }
            state.withLock { $0.gaveUp = !$0.isGone }
        }
    }

    /// Else the work on one peer's messages would hold up what is said to and heard of all others.
    @Test func messagesAreExaminedWithoutTheLock() async throws {
        let network = MemoryNetwork()
        let (host, other) = (try network.host(), try network.host())
        let obstacle = Obstacle()
        func service(_ host: MemoryHost, _ obstacle: Obstacle?) throws -> GossipService {
            try GossipService(
                host: host, signing: .strictNoSign,
                messageID: { message in
                    obstacle?.pass()
                    return message.data
                })
        }
        let (service, sender) = (try service(host, obstacle), try service(other, nil))
        let received = Mutex<[[UInt8]]>([])
        try service.subscribe("t") { message, _ in
            received.withLock { $0.append(message.data) }
            return .accept
        }
        for each in [service, sender] { each.start() }
        try await other.connect(to: host.address)
        #expect(await eventually { sender.topicPeers(of: "t") == [host.id] })
        try sender.publish([1, 2, 3], to: "t")
        #expect(await eventually { obstacle.isReached })
        // This takes the lock.
        #expect(service.mesh(of: "t").count <= 1)
        obstacle.remove()
        #expect(await eventually { received.withLock { $0 } == [[1, 2, 3]] })
        #expect(!obstacle.gaveUp)
        for each in [service, sender] { await each.stop() }
    }
}
