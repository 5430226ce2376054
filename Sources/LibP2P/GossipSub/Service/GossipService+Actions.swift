import Synchronization

extension GossipService {
    /// The time of the router.
    var now: Duration { ContinuousClock.now - startedAt }

    /// Changes the state under the lock, then does what is to be done, in order and outside of the lock. One thread at a
    /// time does it; others leave theirs to that one.
    @discardableResult func perform<Result: Sendable>(
        _ body: (inout sending GossipServiceState) -> sending Result
    ) -> Result {
        let result = state.withLock(body)
        let isMine = state.withLock { state in
            guard !state.isExecuting, !state.actions.isEmpty else { return false }
            state.isExecuting = true
            return true
        }
        guard isMine else { return result }
        while let (actions, links) = nextActions() { execute(actions, links) }
        return result
    }

    private func nextActions() -> ([GossipServiceState.Action], [GossipPeerID: GossipLink])? {
        state.withLock { state in
            guard !state.actions.isEmpty else {
                state.isExecuting = false
                return nil
            }
            defer { state.actions = [] }
            return (state.actions, state.links)
        }
    }

    /// Does what the router wants, in order. Sends only put into queues.
    func execute(_ actions: [GossipServiceState.Action], _ links: [GossipPeerID: GossipLink]) {
        // The same RPC often goes to many peers.
        var last: (rpc: GossipRPC, frames: [[UInt8]])?
        for action in actions {
            switch action.action {
            case .send(let rpc, let peer):
                guard let link = links[peer] else { continue }
                let frames = last?.rpc == rpc ? last?.frames ?? [] : rpc.encodedParts().map { UVarint.prefixed($0) }
                last = (rpc, frames)
                link.send(frames, .init(rpc, isOwn: action.isOwn))
            case .validate(let id, let message, let sender):
                enqueue(.init(id: id, message: message, sender: sender))
            case .connect(let info):
                options.onRecommendation?(info)
            }
        }
    }

    /// Validates a message, now or when those before it are done.
    private func enqueue(_ validation: GossipServiceState.Validation) {
        perform { state in
            let name = validation.message.topic
            guard var topic = state.topics[name] else {
                state.add(state.router.report(validation.id, .ignore, now: self.now))
                return
            }
            if topic.running < self.options.maxValidations {
                topic.running += 1
                self.start(validation, topic, &state)
            } else {
                topic.waiting.append(validation)
            }
            state.topics[name] = topic
        }
    }

    private func start(
        _ validation: GossipServiceState.Validation, _ topic: GossipServiceState.Topic,
        _ state: inout GossipServiceState
    ) {
        let ticket = topic.ticket
        let validate = topic.validate
        state.jobs?.yield { [weak self] in
            // The router knows the peer, so its id was a peer id once.
            guard let sender = try? PeerID(bytes: validation.sender) else { return }
            let verdict = await validate(validation.message, sender)
            self?.finish(validation, verdict, ticket)
        }
    }

    /// Reports a verdict and starts the validation that waited longest.
    private func finish(_ validation: GossipServiceState.Validation, _ verdict: GossipVerdict, _ ticket: UInt64) {
        perform { state in
            guard state.isRunning else { return }
            let name = validation.message.topic
            guard var topic = state.topics[name], topic.ticket == ticket else {
                state.add(state.router.report(validation.id, .ignore, now: self.now))
                return
            }
            state.add(state.router.report(validation.id, verdict, now: self.now))
            if let next = topic.waiting.popFirst() {
                self.start(next, topic, &state)
            } else {
                topic.running -= 1
            }
            state.topics[name] = topic
        }
    }
}
