/// What a service hears and says.
extension GossipService {
    /// Joins a topic.
    /// - Parameter validate: says what to do with a message, given the peer that sent it. Runs beside others, up to
    ///   `maxValidations`; ends soon when its task is cancelled.
    /// - Throws: `topicRefused`, also when the topic is joined.
    public func subscribe(
        _ topic: String, validate: @escaping @Sendable (GossipMessage, PeerID) async -> GossipVerdict
    ) throws(GossipError) {
        let result = perform { state -> Result<Void, GossipError> in
            guard state.topics[topic] == nil else { return .failure(.topicRefused) }
            do throws(GossipError) {
                state.add(try state.router.subscribe(topic, now: self.now))
            } catch { return .failure(error) }
            state.topics[topic] = .init(ticket: state.ticket(), validate: validate)
            return .success(())
        }
        try result.get()
    }

    /// Leaves a topic. Does nothing when it is not joined.
    public func unsubscribe(_ topic: String) {
        perform { state in
            state.topics[topic] = nil
            state.add(state.router.unsubscribe(topic, now: self.now))
        }
    }

    /// Publishes data; nothing is validated. The topic need not be joined.
    /// - Throws: `topicRefused`, `messageRefused`, or `duplicate`.
    public func publish(_ data: [UInt8], to topic: String) throws(GossipError) {
        let number = state.withLock { state in
            state.sequence &+= 1
            return state.sequence
        }
        let message = signing.message(data, topic: topic, number: number)
        let result = perform { state -> Result<Void, GossipError> in
            do throws(GossipError) {
                state.add(try state.router.publish(message, now: self.now).actions, isOwn: true)
                return .success(())
            } catch { return .failure(error) }
        }
        try result.get()
    }
}
