import PoAIJSON
import Synchronization

/// A request on its way to its answer. The thread that works on it and the clock of the connection share it; whoever ends
/// it first has the answer.
final class RPCExchange: Sendable {
    /// What ended an exchange, for the one who ended it.
    struct Answer {
        /// Empty: nothing is answered.
        let bytes: [UInt8]
        /// Subscriptions of which the answer tells.
        let subscriptions: [String]
    }

    private struct State {
        var isBatch = false
        var ids: [JSONValue?]?
        var answers: [[UInt8]?] = []
        var size = 0
        var subscriptions: [String] = []
        var isOver = false
        var isFull = false
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }

    /// Whether the answer to a call of a batch was dropped for its length: the calls after it are not worth running.
    var isFull: Bool { state.withLock { $0.isFull } }

    /// Says what calls there are; nil stands for one that is not to be answered.
    func begin(ids: [JSONValue?], isBatch: Bool) {
        state.withLock {
            $0.ids = ids
            $0.isBatch = isBatch
            $0.answers = Array(repeating: nil, count: ids.count)
        }
    }

    /// Keeps the answer to a call. False: it is dropped, as the time is up or the answers get longer than `limit`.
    func record(_ answer: [UInt8], at index: Int, limit: Int, subscription: String? = nil) -> Bool {
        state.withLock {
            guard !$0.isOver, $0.answers.indices.contains(index) else { return false }
            let size = $0.size + answer.count
            if $0.isBatch, size > limit {
                $0.isFull = true
                return false
            }
            $0.size = size
            $0.answers[index] = answer
            if let subscription { $0.subscriptions.append(subscription) }
            return true
        }
    }

    /// Ends the exchange: what has no answer yet gets `error`. nil: it had ended already. While the calls are not known,
    /// `unread` says what is answered.
    func end(_ error: RPCError, unread: () -> [UInt8]) -> Answer? {
        let state: State? = state.withLock {
            guard !$0.isOver else { return nil }
            let state = $0
            $0 = State(isOver: true)
            return state
        }
        guard let state else { return nil }
        guard let ids = state.ids else { return Answer(bytes: unread(), subscriptions: []) }
        let answers = zip(ids, state.answers).compactMap { id, answer in
            id.map { answer ?? RPCEnvelope.error(error, id: $0) }
        }
        guard state.isBatch else { return Answer(bytes: answers.first ?? [], subscriptions: state.subscriptions) }
        let bytes = answers.isEmpty ? [] : RPCEnvelope.batch(answers)
        return Answer(bytes: bytes, subscriptions: state.subscriptions)
    }
}
