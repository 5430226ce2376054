import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A block's body as it is stored: the RLP list of what follows the header in the block's RLP.
enum BlockBody {
    /// The body of a block.
    static func bytes(of block: Block) -> [UInt8] {
        RLP.encode(listPayload: block.bodyLists())
    }

    /// The block that header and stored body make.
    static func block(header: BlockHeader, body: [UInt8]) throws(BlockDecodingError) -> Block {
        let lists: [ArraySlice<UInt8>]
        do throws(RLPError) {
            lists = try RLP.split(list: body[...])
        } catch {
            throw .body(error, blockHash: header.hash)
        }
        guard lists.count == 2 else { throw .partCount(got: lists.count + 1) }
        return try Block(header: header, transactionsList: lists[0], unclesList: lists[1])
    }
}
