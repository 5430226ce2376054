import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes

/// A branch of headers that obey every rule but the forward pass, on a stored block; none of them is stored.
struct PendingHeaders: HeaderContext {
    typealias Failure = ChainError

    let reader: ChainReader
    /// The stored block below the first header.
    private(set) var base: BlockHeader
    /// Upwards from the child of `base`.
    private(set) var headers: [BlockHeader] = []
    private(set) var hashes: [Hash32] = []
    /// Work of the branch up to and with the last header.
    private(set) var totalWork: UInt256
    private var places: [Hash32: Int] = [:]
    /// How many headers were taken off below; places count them.
    private var removed = 0

    /// An empty branch on a stored block; nil if there is none with this hash.
    init?(on hash: Hash32, _ reader: ChainReader) throws(ChainError) {
        guard let base = try reader.header(hash), let work = try reader.totalWork(hash) else { return nil }
        (self.reader, self.base, totalWork) = (reader, base, work)
    }

    var tip: BlockHeader { headers.last ?? base }
    func contains(_ hash: Hash32) -> Bool { places[hash] != nil }

    func header(_ hash: Hash32) throws(ChainError) -> BlockHeader? {
        if let place = places[hash] { return headers[place - removed] }
        return try reader.header(hash)
    }

    func ancestor(of tip: BlockHeader, at number: UInt64) throws(ChainError) -> BlockHeader? {
        if number == tip.number { return tip }
        guard number < tip.number else { return nil }
        guard tip.number > base.number else { return try reader.ancestor(of: tip, at: number) }
        if number > base.number {
            let index = Int(clamping: number - base.number - 1)
            return index < headers.count ? headers[index] : nil
        }
        return try reader.ancestor(of: base, at: number)
    }

    /// Takes a child of the tip; the rejection if it is none or breaks a rule.
    mutating func append(
        _ header: BlockHeader, hash: Hash32, _ rules: HeaderRules, now: UInt64
    ) throws(ChainError) -> BlockRejection? {
        let tipHash = hashes.last ?? base.hash
        guard header.parentHash == tipHash else { return .missingParent(header.parentHash) }
        if case .failure(let rejection) = try rules.check(header, in: self, now: now) { return rejection }
        guard let work = ForkChoice.totalWork(parentTotal: totalWork, bits: header.bits) else {
            return .invalid(.totalWorkOverflow)
        }
        places[hash] = removed + headers.count
        headers.append(header)
        hashes.append(hash)
        totalWork = work
        return nil
    }

    /// The lowest `count` are stored now.
    mutating func removeFirst(_ count: Int) {
        guard count > 0, count <= headers.count else { return }
        base = headers[count - 1]
        for hash in hashes[..<count] { places[hash] = nil }
        headers.removeFirst(count)
        hashes.removeFirst(count)
        removed += count
    }
}
