import PoAITypes

/// The reader of exported chains: the blocks it gives are, one after another, the bytes of the file up to where it stops.
enum ChainFileTarget {
    @Sendable static func run(_ input: [UInt8]) {
        var taken = 0
        do throws(BlockFileError) {
            var reader = try BlockFileReader(path: ScratchFile.path(holding: input))
            while let (block, offset) = try reader.next() {
                let encoding = block.rlpEncoded()
                require(offset == UInt64(taken), "the place of a block: \(offset) instead of \(taken)")
                require(input.dropFirst(taken).starts(with: encoding), "the block at byte \(offset) is in the file")
                taken += encoding.count
                require(reader.offset == UInt64(taken), "the place of the next block")
            }
            require(taken == input.count, "the reader ended without an error at byte \(taken) of \(input.count)")
        } catch {
            requireOneLine(error)
            require(taken < input.count, "an error after the last byte: \(error)")
            require(place(of: error) == UInt64(taken), "the error is about byte \(taken): \(error)")
        }
    }

    private static func place(of error: BlockFileError) -> UInt64? {
        switch error {
        case .notABlock(_, let offset, _, _), .truncated(_, let offset, _, _), .tooLarge(_, let offset, _, _): offset
        case .system, .refused, .empty, .exists: nil
        }
    }
}
