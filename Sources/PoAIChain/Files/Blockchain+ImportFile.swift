import PoAIPrimitives
import PoAITypes

/// What importing a file did so far.
public struct BlockFileImport: Hashable, Sendable {
    /// Blocks read.
    public var read: UInt64 = 0
    /// Blocks that were not known before.
    public var added: UInt64 = 0
    /// The head.
    public var head: BlockReference
}

extension Blockchain {
    /// Takes in a file of blocks, RLP one after another, parents first, in batches.
    ///
    /// - Parameters:
    ///   - batchCount: blocks checked and stored together.
    ///   - progress: called after every batch with what was done so far.
    /// - Throws: `ChainError.file` naming block and byte offset of the first thing wrong; all blocks before it are stored.
    public func importFile(
        path: String, batchCount: Int = 64, progress: (BlockFileImport) -> Void = { _ in }
    ) throws(ChainError) -> BlockFileImport {
        var result = BlockFileImport(head: head.reference)
        var reader: BlockFileReader
        do throws(BlockFileError) { reader = try BlockFileReader(path: path) } catch { throw .file(error) }
        while true {
            let (places, failure) = Self.readBatch(&reader, count: max(1, batchCount))
            if !places.isEmpty {
                try takeIn(places, path, &result)
                progress(result)
            }
            if let failure { throw .file(failure) }
            if places.isEmpty { break }
        }
        if result.read == 0 { throw .file(.empty(path: path)) }
        return result
    }

    private typealias PlacedBlock = (block: Block, offset: UInt64)

    /// The next blocks, and why there are fewer than `count` if that is an error.
    private static func readBatch(
        _ reader: inout BlockFileReader, count: Int
    ) -> (places: [PlacedBlock], failure: BlockFileError?) {
        var places: [PlacedBlock] = []
        do throws(BlockFileError) {
            while places.count < count, let next = try reader.next() { places.append(next) }
        } catch {
            return (places, error)
        }
        return (places, nil)
    }

    private func takeIn(
        _ places: [PlacedBlock], _ path: String, _ result: inout BlockFileImport
    ) throws(ChainError) {
        let outcomes = try importBatch(places.map(\.block))
        result.head = head.reference
        for (place, outcome) in zip(places, outcomes) {
            switch outcome {
            case .newHead, .sideBranch: result.added += 1
            case .alreadyKnown: break
            case .orphan, .rejected, .reorgTooDeep:
                throw .file(
                    .refused(
                        path: path, offset: place.offset, number: place.block.header.number, reason: "\(outcome)"))
            }
            result.read += 1
        }
    }
}
