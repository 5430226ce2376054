import PoAIChain
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// A stored block whose quiz is asked for.
struct QuizBlock {
    let header: BlockHeader
    let target: UInt256
    /// What the header claims of its forward pass.
    let seal: Seal

    /// The canonical block at `height`.
    init(height: UInt64, in reader: ChainReader) throws {
        guard let header = try reader.header(at: height) else {
            let head = try reader.head().header.number
            throw Failure("block \(height): there is none, the chain ends at \(head) (choose another --height)")
        }
        try self.init(header, in: reader)
    }

    /// A known block, canonical or not.
    init(hash: Hash32, in reader: ChainReader) throws {
        guard let header = try reader.header(hash) else {
            throw Failure("block \(hash): the data folder has none with this hash (check --block and --data-dir)")
        }
        try self.init(header, in: reader)
    }

    private init(_ header: BlockHeader, in reader: ChainReader) throws {
        guard header.number > 0, let expected = try reader.expectations(after: header.parentHash) else {
            throw Failure("block \(header.number): it is the genesis block, which has no quiz (choose a later one)")
        }
        self.header = header
        target = expected.target
        seal = Seal(header: header, epochKey: expected.epochKey)
    }
}
