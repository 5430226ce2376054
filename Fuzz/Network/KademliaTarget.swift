import LibP2P
import PoAIPrimitives

/// Requests and answers of the DHT, what a server says to the requests, and what a lookup makes of the answers.
enum KademliaTarget {
    private static let hash: KademliaHash = { KademliaKey(digest: Keccak256.hash($0).bytes) }

    @Sendable static func run(_ input: [UInt8]) {
        if let request = request(input) { serve([request]) }
        checkResponse(input)
        lookUp(input)
    }

    private static func request(_ bytes: [UInt8]) -> KademliaRequest? {
        guard let request = try? bounded(bytes, factor: 192, { try KademliaRequest(encoded: bytes) }) else {
            return nil
        }
        require((try? KademliaRequest(encoded: request.encoded)) == request, "a request is read back")
        return request
    }

    private static func checkResponse(_ bytes: [UInt8]) {
        guard let response = try? bounded(bytes, factor: 192, { try KademliaResponse(encoded: bytes) }) else { return }
        require((try? KademliaResponse(encoded: response.encoded)) == response, "an answer is read back")
        let limits = KademliaLimits()
        for peers in peers(in: response) {
            require(peers.count <= limits.bucketSize, "few peers")
            for peer in peers {
                require((1...limits.idBytes).contains(peer.id.count), "a short id")
                require(peer.addresses.count <= limits.addresses, "few addresses")
                require(peer.addresses.allSatisfy { (1...limits.addressBytes).contains($0.count) }, "short addresses")
            }
        }
    }

    private static func peers(in response: KademliaResponse) -> [[KademliaPeer]] {
        switch response {
        case .nodes(let peers): [peers]
        case .pong: []
        case .value(_, let closer): [closer]
        case .providers(let peers, let closer): [peers, closer]
        }
    }

    private static let table: KademliaTable = {
        var table = KademliaTable(ownID: [0], hash: hash)
        for number in 1...UInt8(30) {
            let address: [UInt8] = [4, number, 1, 1, 1, 6, 1, 1]
            _ = table.insert(KademliaPeer(id: [number], addresses: [address]), reachedAt: address, at: .zero)
        }
        return table
    }()

    private static func serve(_ requests: [KademliaRequest]) {
        var server = KademliaServer()
        for request in requests {
            guard let answer = try? server.answer(request, from: [3], table: table, at: .zero) else { continue }
            for peer in peers(in: answer).joined() { require(peer.id != [3], "nobody is told of itself") }
            require((try? KademliaResponse(encoded: answer.encoded)) == answer, "an answer is read back")
        }
    }

    /// Each query of a lookup is answered by a part of the input; then the table takes in who was found.
    private static func lookUp(_ input: [UInt8]) {
        var (script, now, table) = (InputScript(input), Duration.zero, table)
        var lookup = KademliaLookup(script.bytes(4), goal: script.below(2) == 0 ? .closest : .peer, in: table, at: now)
        var actions = lookup.start(at: now)
        var asked: [[UInt8]] = []
        while !actions.isEmpty, asked.count < 200 {
            var next: [KademliaLookupAction] = []
            for action in actions {
                guard case .query(let peer) = action else { continue }
                asked.append(peer.id)
                now += .milliseconds(script.byte())
                let answer = script.isEmpty ? nil : try? KademliaResponse(encoded: script.run())
                guard case .nodes(let closer)? = answer else {
                    next += lookup.failed(peer.id, at: now)
                    continue
                }
                next += lookup.answered(peer.id, closer: closer, at: now)
                if let address = peer.addresses.first { _ = table.insert(peer, reachedAt: address, at: now) }
            }
            require(lookup.brokenInvariants.isEmpty, "\(lookup.brokenInvariants)")
            actions = next
        }
        require(lookup.isFinished, "a lookup ends")
        require(table.brokenInvariants.isEmpty, "\(table.brokenInvariants)")
    }
}
