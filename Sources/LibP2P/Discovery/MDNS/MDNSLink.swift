/// Times and bounds of finding peers in the local network.
package struct MDNSLimits: Hashable, Sendable {
    /// Time between the first two questions; it doubles.
    package var firstInterval = Duration.seconds(1)
    /// The longest time between two questions.
    package var longestInterval = Duration.seconds(60)
    /// An answer waits for a time in this range, so that not all answer at once.
    package var answerDelay = 20...120
    /// The shortest time between two answers.
    package var answerInterval = Duration.seconds(1)
    /// Answers of others that are read within a second.
    package var responsesPerSecond = 32
    /// Peers of an answer that are read.
    package var peers = 8
    /// Addresses of a peer that are read or told.
    package var addresses = 8
    /// Bytes of all addresses that are told, so that an answer is one packet.
    package var addressBytes = 1100
    /// Seconds that an answer holds.
    package var timeToLive: UInt32 = 120

    /// The values that a node starts with. `answerDelay` is in milliseconds.
    package init() {}
}

/// Asks for peers on one network interface and answers those that ask, after libp2p/specs `discovery/mdns.md`: the service
/// name leads (PTR) to a random name for each peer, whose text holds `dnsaddr=` and an address each. Pure: no I/O and no
/// clock.
package struct MDNSLink: Sendable {
    /// What the network interface is to do, or what was found there.
    package enum Action: Hashable, Sendable {
        /// Send a message to the group.
        case send(DNSMessage)
        /// A peer told where it is. Each address ends in its id.
        case found(PeerID, [Multiaddr])
    }

    /// The name that leads to all services, section 9 of RFC 6763.
    private static let enumeration = DNSLabels("_services._dns-sd._udp.local")
    private static let prefix = Array("dnsaddr=".utf8)

    private let service: DNSLabels
    private let instance: DNSLabels
    private let own: PeerID
    private let scope: AddressScope
    private let limits: MDNSLimits

    private var nextQuestion: Duration
    private var interval: Duration
    private var answerAt: Duration?
    private var answersEnumeration = false
    private var lastAnswer: Duration?
    private var window = Duration.zero
    private var responses = 0

    /// A link that asks first at `now`.
    ///
    /// - Parameters:
    ///   - instance: the random name of this node, 32...63 letters and digits; nil is returned for one that is no label.
    ///   - scope: who is at the other ends of the interface; addresses that mean nothing to them are not told, nor
    ///     believed.
    package init?(
        service: DNSLabels, instance: String, own: PeerID, scope: AddressScope, limits: MDNSLimits = MDNSLimits(),
        at now: Duration
    ) {
        guard let instance = service.child(instance) else { return nil }
        (self.service, self.instance, self.own, self.scope, self.limits) = (service, instance, own, scope, limits)
        (nextQuestion, interval) = (now, limits.firstInterval)
    }

    /// When `tick` has something to do next.
    package var nextDeadline: Duration { min(nextQuestion, answerAt ?? nextQuestion) }

    /// Asks and answers what is due. `addresses` are this node's own.
    package mutating func tick(at now: Duration, addresses: () -> [Multiaddr]) -> [Action] {
        var actions: [Action] = []
        if now >= nextQuestion {
            nextQuestion = now + interval
            interval = min(interval * 2, limits.longestInterval)
            let question = DNSMessage.Question(name: service, kind: .pointer)
            actions.append(.send(DNSMessage(isResponse: false, questions: [question])))
        }
        if let due = answerAt, now >= due {
            (answerAt, lastAnswer) = (nil, now)
            if let answer = answer(addresses()) { actions.append(.send(answer)) }
            answersEnumeration = false
        }
        return actions
    }

    /// Takes a message that came from the link; nonsense is ignored. A question, also the node's own one that comes back,
    /// is answered by a later `tick`.
    package mutating func received(
        _ bytes: [UInt8], at now: Duration, using random: inout some RandomNumberGenerator
    ) -> [Action] {
        guard let message = try? DNSMessage(encoded: bytes) else { return [] }
        guard message.isResponse else {
            asked(message.questions, at: now, using: &random)
            return []
        }
        if now - window >= .seconds(1) { (window, responses) = (now, 0) }
        guard responses < limits.responsesPerSecond else { return [] }
        let found = peers(of: message)
        if !found.isEmpty { responses += 1 }
        return found
    }

    // MARK: - Answering

    private mutating func asked(
        _ questions: [DNSMessage.Question], at now: Duration, using random: inout some RandomNumberGenerator
    ) {
        let enumerates = Self.enumeration.map { name in
            questions.contains { $0.asks(for: .pointer, of: name) }
        }
        let isAsked = questions.contains { question in
            question.asks(for: .pointer, of: service) || question.asks(for: .text, of: instance)
        }
        guard isAsked || enumerates == true else { return }
        answersEnumeration = answersEnumeration || enumerates == true
        guard answerAt == nil else { return }
        let soon = now + .milliseconds(Int.random(in: limits.answerDelay, using: &random))
        answerAt = max(soon, lastAnswer.map { $0 + limits.answerInterval } ?? soon)
    }

    /// Nil when there is no address to tell.
    private func answer(_ addresses: [Multiaddr]) -> DNSMessage? {
        var strings: [[UInt8]] = []
        var room = limits.addressBytes
        for address in addresses where strings.count < limits.addresses {
            guard let address = address.naming(own), mayTell(address) else { continue }
            let string = Self.prefix + Array(address.description.utf8)
            guard string.count <= 255, string.count < room, !strings.contains(string) else { continue }
            strings.append(string)
            room -= string.count + 1
        }
        guard !strings.isEmpty else { return nil }
        let seconds = limits.timeToLive
        var answers = [DNSMessage.Record(name: service, timeToLive: seconds, content: .pointer(instance))]
        if answersEnumeration, let name = Self.enumeration {
            answers.append(DNSMessage.Record(name: name, timeToLive: seconds, content: .pointer(service)))
        }
        let text = DNSMessage.Record(name: instance, timeToLive: seconds, content: .text(strings))
        return DNSMessage(isResponse: true, answers: answers, additional: [text])
    }

    // MARK: - Reading answers

    private func peers(of message: DNSMessage) -> [Action] {
        var names: [DNSLabels] = []
        for record in message.answers where record.name == service && record.isOfInternet {
            guard case .pointer(let name) = record.content, name.parent == service, name != instance else { continue }
            if !names.contains(name) { names.append(name) }
        }
        let records = message.answers + message.additional
        return names.prefix(limits.peers).compactMap { name in
            var strings: [[UInt8]] = []
            for record in records where record.name == name && record.isOfInternet {
                if case .text(let more) = record.content { strings += more }
            }
            return found(strings)
        }
    }

    /// The peer that the first address names, and its addresses.
    private func found(_ strings: [[UInt8]]) -> Action? {
        var peer: PeerID?
        var addresses: [Multiaddr] = []
        for string in strings.prefix(4 * limits.addresses) where addresses.count < limits.addresses {
            guard string.starts(with: Self.prefix) else { continue }
            let text = String(decoding: string.dropFirst(Self.prefix.count), as: UTF8.self)
            guard let address = try? Multiaddr(text), let named = address.peerID, named != own else { continue }
            guard mayTell(address), peer == nil || peer == named, !addresses.contains(address) else { continue }
            peer = named
            addresses.append(address)
        }
        return peer.map { .found($0, addresses) }
    }

    private func mayTell(_ address: Multiaddr) -> Bool {
        AddressPolicy(allowsLoopback: true).mayShare(address, with: scope)
    }
}

extension DNSMessage.Record {
    /// Whether it holds, in the class for the Internet.
    fileprivate var isOfInternet: Bool { recordClass == 1 && timeToLive > 0 }
}
