import LibP2P
import PoAIChain
import PoAITypes

import struct PoAIPrimitives.Hash32

/// Asks peers for headers and bodies.
package struct SyncClient: SyncTransport {
    let host: any PeerHost
    let names: NetworkNames
    /// How long an answer may take.
    static let answerTime = Duration.seconds(14)

    package init(host: any PeerHost, names: NetworkNames) { (self.host, self.names) = (host, names) }

    package func headers(after locator: [Hash32], limit: Int, from peer: PeerID) async throws -> [BlockHeader] {
        let request = SyncRequest.headersAfter(locator: locator, limit: UInt64(clamping: limit))
        guard case .headers(let headers) = try await ask(request, peer) else { throw StreamError.malformed }
        return headers
    }

    package func bodies(
        _ hashes: [Hash32], from peer: PeerID
    ) async throws -> [(hash: Hash32, transactions: [Transaction])] {
        guard case .bodies(let bodies) = try await ask(.bodies(hashes), peer) else { throw StreamError.malformed }
        return bodies.map { ($0.hash, $0.transactions) }
    }

    /// A block by its hash; nil when the peer does not have it.
    package func block(_ hash: Hash32, from peer: PeerID) async throws -> Block? {
        guard case .blocks(let blocks) = try await ask(.blocks([hash]), peer) else { throw StreamError.malformed }
        return blocks.first { $0.hash == hash }
    }

    private func ask(_ request: SyncRequest, _ peer: PeerID) async throws -> SyncAnswer {
        let answer = try await Exchange.ask(
            peer, names.sync, request.encoded(), limit: WireLimits.answer, within: Self.answerTime, on: host)
        return try SyncAnswer(answer)
    }
}

/// Answers what peers ask of the stored chain.
package struct SyncServing: Sendable {
    private let server: ChainServer
    /// How long a peer may take with its request and with reading the answer.
    static let time = Duration.seconds(60)

    package init(server: ChainServer) { self.server = server }

    /// nil: no request of the protocol, or the chain cannot be read.
    package func answer(_ bytes: [UInt8]) -> [UInt8]? {
        guard let request = try? SyncRequest(bytes) else { return nil }
        return (try? answer(request))?.encoded()
    }

    private func answer(_ request: SyncRequest) throws(ChainError) -> SyncAnswer {
        switch request {
        case .headersAfter(let locator, let limit):
            .headers(try server.headers(after: locator, limit: Int(clamping: limit)))
        case .headers(let from, let count): .headers(try server.headers(from: from, count: Int(clamping: count)))
        case .bodies(let hashes):
            .bodies(try server.blocks(hashes).map { NamedBody(hash: $0.hash, transactions: $0.transactions) })
        case .blocks(let hashes): .blocks(try server.blocks(hashes))
        }
    }
}
