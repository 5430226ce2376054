/// The side that proposes protocols, first choice first. After an error the connection or stream is of no use.
public struct MultistreamDialer: Sendable {
    private enum State { case ready, header, answer, finished }

    private var state = State.ready
    private var proposals: ArraySlice<String>
    private var buffer = MultistreamBuffer()

    /// Proposes `protocols`, at least one, each allowed as a line.
    public init(_ protocols: [String]) {
        precondition(!protocols.isEmpty && protocols.allSatisfy(MultistreamLine.isAllowed), "protocol names")
        proposals = protocols[...]
    }

    /// The first bytes: the header, and the first proposal without waiting for an answer. To be called once.
    public mutating func start() -> [UInt8] {
        guard state == .ready, let first = proposals.first else { return [] }
        state = .header
        return MultistreamLine.encode(MultistreamLine.header) + MultistreamLine.encode(first)
    }

    /// Takes bytes of the peer, cut anywhere.
    /// - Throws: `MultistreamError`.
    public mutating func receive(_ bytes: [UInt8]) throws(MultistreamError) -> [MultistreamAction] {
        buffer.append(bytes)
        var actions: [MultistreamAction] = []
        do throws(MultistreamError) {
            guard state == .header || state == .answer else { throw .finished }
            while state != .finished, let line = try buffer.line() { try take(line, &actions) }
        } catch {
            state = .finished
            throw error
        }
        return actions
    }

    private mutating func take(_ line: String, _ actions: inout [MultistreamAction]) throws(MultistreamError) {
        guard state == .answer else {
            guard line == MultistreamLine.header else { throw .notMultistream }
            state = .answer
            return
        }
        if line == proposals.first {
            state = .finished
            actions.append(.agreed(protocol: line, leftOver: buffer.takeRest()))
            return
        }
        guard line == MultistreamLine.notAvailable else { throw .unexpectedAnswer }
        proposals = proposals.dropFirst()
        guard let next = proposals.first else { throw .nothingInCommon }
        actions.append(.send(MultistreamLine.encode(next)))
    }
}
