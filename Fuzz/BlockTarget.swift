import PoAIPrimitives
import PoAITypes

/// The block decoder: what it accepts is a header and two empty lists; what it refuses it refuses for a reason that is true.
enum BlockTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(BlockDecodingError) {
            let block = try Block(rlp: input)
            require(block.rlpEncoded() == input, "what was accepted encodes to the same bytes")
            require(block.hash == block.header.hash, "the hash is the header's")
            HeaderTarget.check(block.header, encoding: block.header.rlpEncoded())
            require(parts(input)?.dropFirst() == [.list([]), .list([])], "the body is empty")
        } catch {
            requireOneLine(error)
            check(error, of: input)
        }
    }

    private static func parts(_ input: [UInt8]) -> [RLPItem]? { try? RLP.decode(input).list() }

    private static func check(_ error: BlockDecodingError, of input: [UInt8]) {
        switch error {
        case .notAList: require(parts(input) == nil, "a list is a list")
        case .partCount(let got): require(got != 3 && parts(input)?.count == got, "\(got) parts")
        case .header(let fault):
            guard let first = parts(input)?.first else { break }
            let header = RLP.encode(first)
            require((try? BlockHeader(rlp: header)) == nil, "the header is good, yet: \(fault)")
        case .bodyNotLists(let hash), .transactions(_, let hash), .uncles(_, let hash):
            require(parts(input)?.count == 3, "three parts")
            require(parts(input)?.first.map { Keccak256.hash(RLP.encode($0)) } == hash, "the hash of the header")
            if case .transactions(let count, _) = error { require(count > 0, "transactions: 0") }
            if case .uncles(let count, _) = error { require(count > 0, "uncles: 0") }
        }
    }
}
