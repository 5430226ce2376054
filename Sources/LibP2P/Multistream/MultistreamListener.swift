/// The side that takes a proposal. After an error the connection or stream is of no use.
public struct MultistreamListener: Sendable {
    /// How many proposals a peer may make, those that are refused included.
    public static let maximumProposals = 32

    private enum State { case ready, header, proposal, finished }

    private var state = State.ready
    private var refused = 0
    private var buffer = MultistreamBuffer()
    private let isSpoken: @Sendable (String) -> Bool

    /// Takes the first proposal that `isSpoken` says yes to.
    public init(isSpoken: @escaping @Sendable (String) -> Bool) { self.isSpoken = isSpoken }

    /// Takes the first proposal that is one of `protocols`.
    public init(_ protocols: [String]) {
        let names = Set(protocols)
        self.init { names.contains($0) }
    }

    /// The first bytes: the header. To be called once.
    public mutating func start() -> [UInt8] {
        guard state == .ready else { return [] }
        state = .header
        return MultistreamLine.encode(MultistreamLine.header)
    }

    /// Takes bytes of the peer, cut anywhere.
    /// - Throws: `MultistreamError`.
    public mutating func receive(_ bytes: [UInt8]) throws(MultistreamError) -> [MultistreamAction] {
        buffer.append(bytes)
        var actions: [MultistreamAction] = []
        do throws(MultistreamError) {
            guard state == .header || state == .proposal else { throw .finished }
            while state != .finished, let line = try buffer.line() { try take(line, &actions) }
        } catch {
            state = .finished
            throw error
        }
        return actions
    }

    private mutating func take(_ line: String, _ actions: inout [MultistreamAction]) throws(MultistreamError) {
        guard state == .proposal else {
            guard line == MultistreamLine.header else { throw .notMultistream }
            state = .proposal
            return
        }
        if isSpoken(line) {
            state = .finished
            actions.append(.send(MultistreamLine.encode(line)))
            actions.append(.agreed(protocol: line, leftOver: buffer.takeRest()))
            return
        }
        refused += 1
        guard refused < Self.maximumProposals else { throw .tooManyProposals }
        actions.append(.send(MultistreamLine.encode(MultistreamLine.notAvailable)))
    }
}
