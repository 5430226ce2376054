import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes

import struct LibP2P.PeerID

/// A branch of headers that obey every rule but the forward pass, on a stored block; none of them is stored.
struct PendingHeaders: HeaderContext {
    typealias Failure = ChainError

    let reader: ChainReader
    /// The stored block below the first header, its hash, and the work up to it.
    private(set) var base: BlockHeader
    private(set) var baseHash: Hash32
    private var baseWork: UInt256
    /// Upwards from the child of `base`.
    private(set) var headers: [BlockHeader] = []
    private(set) var hashes: [Hash32] = []
    /// Who sent each header; nil when it was read from a file.
    private(set) var sources: [PeerID?] = []
    private var works: [UInt256] = []
    private var places: [Hash32: Int] = [:]
    /// How many headers were taken off below; places count them.
    private var removed = 0

    /// An empty branch on a stored block; nil if there is none with this hash.
    init?(on hash: Hash32, _ reader: ChainReader) throws(ChainError) {
        guard let base = try reader.header(hash), let work = try reader.totalWork(hash) else { return nil }
        (self.reader, self.base, baseHash, baseWork) = (reader, base, hash, work)
    }

    /// Work of the branch up to and with the last header.
    var totalWork: UInt256 { works.last ?? baseWork }
    var tip: BlockHeader { headers.last ?? base }
    var tipHash: Hash32 { hashes.last ?? baseHash }
    func contains(_ hash: Hash32) -> Bool { places[hash] != nil }
    /// The place of a header, from 0 for the child of `base`.
    func place(of hash: Hash32) -> Int? { places[hash].map { $0 - removed } }

    /// Hashes from the tip down: ten, then at distances that double.
    var locator: [Hash32] {
        var result: [Hash32] = []
        var (place, distance) = (hashes.count - 1, 1)
        while place >= 0 {
            result.append(hashes[place])
            if result.count >= 10 { distance *= 2 }
            place -= distance
        }
        return result + [baseHash]
    }

    func header(_ hash: Hash32) throws(ChainError) -> BlockHeader? {
        if let place = place(of: hash) { return headers[place] }
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
        _ header: BlockHeader, hash: Hash32, from source: PeerID?, _ rules: HeaderRules, now: UInt64
    ) throws(ChainError) -> BlockRejection? {
        guard header.parentHash == tipHash else { return .missingParent(header.parentHash) }
        if case .failure(let rejection) = try rules.check(header, in: self, now: now) { return rejection }
        guard let work = ForkChoice.totalWork(parentTotal: totalWork, bits: header.bits) else {
            return .invalid(.totalWorkOverflow)
        }
        places[hash] = removed + headers.count
        headers.append(header)
        hashes.append(hash)
        sources.append(source)
        works.append(work)
        return nil
    }

    /// The lowest `count` are stored now.
    mutating func removeFirst(_ count: Int) {
        guard count > 0, count <= headers.count else { return }
        (base, baseHash, baseWork) = (headers[count - 1], hashes[count - 1], works[count - 1])
        for hash in hashes[..<count] { places[hash] = nil }
        headers.removeFirst(count)
        hashes.removeFirst(count)
        sources.removeFirst(count)
        works.removeFirst(count)
        removed += count
    }

    /// Leaves the lowest `count`; gives the hashes of the others.
    mutating func truncate(to count: Int) -> [Hash32] {
        guard count >= 0, count < headers.count else { return [] }
        let dropped = Array(hashes[count...])
        for hash in dropped { places[hash] = nil }
        headers.removeLast(dropped.count)
        hashes.removeLast(dropped.count)
        sources.removeLast(dropped.count)
        works.removeLast(dropped.count)
        return dropped
    }
}
