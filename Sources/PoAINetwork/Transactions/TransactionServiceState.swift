import LibP2P
import PoAIPrimitives

extension TransactionService {
    typealias Outcomes = [Hash32: TransactionRelay.Outcome]
    typealias Waiter = CheckedContinuation<Outcomes, Never>

    /// What is to be done outside of the lock.
    struct Effects: Sendable {
        var fetches: [TransactionRelay.Fetch] = []
        var offences: [(PeerID, Offence)] = []
        var announcements: [TransactionAnnouncement] = []
        var resumed: [(Waiter, Outcomes)] = []
    }

    /// Somebody waits for the outcome of some hashes.
    struct Ticket: Sendable {
        var waiter: Waiter
        var left: Int
        var outcomes: Outcomes = [:]
    }

    struct State: Sendable {
        var relay: TransactionRelay
        var isRunning = false
        var unsubscribe: (@Sendable () -> Void)?
        var ticking: Task<Void, Never>?
        var admitted: Set<PeerID> = []
        var comparing: Set<PeerID> = []
        /// Peers that announced what did not come in, for lack of room or of an answer; when to compare pools with each.
        var behind: [PeerID: Duration] = [:]
        var validating: [PeerID: Int] = [:]
        var ledgers: [PeerID: PoolLedger] = [:]
        private var tickets: [UInt64: Ticket] = [:]
        private var waiting: [Hash32: [UInt64]] = [:]
        private var nextTicket: UInt64 = 0

        init(relay: TransactionRelay) { self.relay = relay }

        mutating func begin() -> Bool {
            defer { isRunning = true }
            return !isRunning
        }

        /// Nil when it was not running; else the state before, and who waited.
        mutating func end() -> (State?, [(Waiter, Outcomes)]) {
            guard isRunning else { return (nil, []) }
            let old = self
            // Answers that are under way must not fit a later request.
            var relay = TransactionRelay(limits: relay.limits)
            relay.nextID = old.relay.nextID
            self = State(relay: relay)
            return (old, old.tickets.values.map { ($0.waiter, $0.outcomes) })
        }

        /// The peer to compare pools with now, to get what was missed; few at a time, as the next may then have nothing more.
        mutating func takeBehind(at now: Duration) -> PeerID? {
            guard comparing.count < 4, let next = behind.min(by: { $0.value < $1.value }), next.value <= now else {
                return nil
            }
            behind[next.key] = nil
            return next.key
        }

        /// Has the pool compared with a peer's when the first of these is to be tried again that there was no place for.
        mutating func catchUp(with peer: PeerID, for hashes: some Sequence<Hash32>, notBefore earliest: Duration) {
            guard admitted.contains(peer), let next = hashes.compactMap({ relay.nextTry(of: $0) }).min() else { return }
            behind[peer] = min(behind[peer] ?? .seconds(1 << 40), max(next, earliest))
        }

        /// Has somebody wait for hashes that the relay wants.
        mutating func wait(for hashes: [Hash32], _ waiter: Waiter, _ effects: inout Effects) {
            guard !hashes.isEmpty else {
                effects.resumed.append((waiter, [:]))
                return
            }
            nextTicket += 1
            tickets[nextTicket] = Ticket(waiter: waiter, left: hashes.count)
            for hash in hashes { waiting[hash, default: []].append(nextTicket) }
        }

        /// Tells those who wait.
        mutating func settle(_ resolutions: [TransactionRelay.Resolution], _ effects: inout Effects) {
            for resolution in resolutions {
                for id in waiting.removeValue(forKey: resolution.hash) ?? [] {
                    tickets[id]?.outcomes[resolution.hash] = resolution.outcome
                    tickets[id]?.left -= 1
                    guard let ticket = tickets[id], ticket.left <= 0 else { continue }
                    tickets[id] = nil
                    effects.resumed.append((ticket.waiter, ticket.outcomes))
                }
            }
        }
    }
}
