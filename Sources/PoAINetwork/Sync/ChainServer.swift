import PoAIChain
import PoAIPrimitives
import PoAITypes

/// Answers what peers ask of the stored chain; every answer is bounded.
public struct ChainServer: Sendable {
    /// Headers in one answer.
    public static let headerLimit = WireLimits.headers
    /// Bodies in one answer.
    public static let bodyLimit = 64
    /// Bytes of bodies after which an answer ends.
    public static let byteLimit = WireLimits.softAnswer

    private let reader: ChainReader

    /// A server of the chain that `reader` reads.
    public init(_ reader: ChainReader) { self.reader = reader }

    /// The canonical headers above the first canonical hash of `locator`, of which 64 are looked at; above genesis if
    /// there is none.
    /// - Throws: when the chain cannot be read.
    public func headers(after locator: [Hash32], limit: Int) throws(ChainError) -> [BlockHeader] {
        var start: UInt64 = 1
        for hash in locator.prefix(64) {
            guard let header = try reader.header(hash), header.number < .max,
                try reader.canonicalHash(at: header.number) == hash
            else { continue }
            start = header.number + 1
            break
        }
        return try headers(from: start, count: limit)
    }

    /// The canonical headers from a height on.
    /// - Throws: when the chain cannot be read.
    public func headers(from start: UInt64, count: Int) throws(ChainError) -> [BlockHeader] {
        var headers: [BlockHeader] = []
        var height = start
        while headers.count < min(count, Self.headerLimit), let header = try reader.header(at: height) {
            headers.append(header)
            guard height < .max else { break }
            height += 1
        }
        return headers
    }

    /// The blocks of these hashes; those unknown or pruned are left out.
    /// - Throws: when the chain cannot be read.
    public func blocks(_ hashes: [Hash32]) throws(ChainError) -> [Block] {
        var blocks: [Block] = []
        var bytes = 0
        for hash in hashes.prefix(Self.bodyLimit) where bytes < Self.byteLimit {
            do throws(ChainError) {
                guard let block = try reader.block(hash) else { continue }
                bytes += block.rlpEncoded().count
                blocks.append(block)
            } catch {
                guard case .storage(.pruned) = error else { throw error }
            }
        }
        return blocks
    }
}
