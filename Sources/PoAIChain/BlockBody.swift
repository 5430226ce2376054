import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A block's body as it is stored: the RLP list of what follows the header in the block's RLP.
enum BlockBody {
    /// The body of a block.
    static func bytes(of block: Block) -> [UInt8] {
        guard case .list(let parts)? = try? RLP.decode(block.rlpEncoded()) else { return RLP.encode(.list([])) }
        return RLP.encode(.list(Array(parts.dropFirst())))
    }

    /// The block that header and stored body make; decoded from the bytes it has on the wire.
    static func block(header: BlockHeader, body: [UInt8]) throws(BlockDecodingError) -> Block {
        let parts: [RLPItem]
        let headerItem: RLPItem
        do throws(RLPError) {
            parts = try RLP.decode(body).list()
            headerItem = try RLP.decode(header.rlpEncoded())
        } catch {
            throw .notAList(error)
        }
        return try Block(rlp: RLP.encode(.list([headerItem] + parts)))
    }
}
