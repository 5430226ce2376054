import PoAIPrimitives
import PoAITypes

/// The block decoder: what it accepts is a header, transactions and no uncles; what it refuses it refuses for a reason that is
/// true.
enum BlockTarget {
    @Sendable static func run(_ input: [UInt8]) {
        do throws(BlockDecodingError) {
            let block = try Block(rlp: input)
            require(block.rlpEncoded() == input, "what was accepted encodes to the same bytes")
            require(block.hash == block.header.hash, "the hash is the header's")
            HeaderTarget.check(block.header, encoding: block.header.rlpEncoded())
            let body: [RLPItem] = [.list(block.transactions.map(\.rlpItem)), .list([])]
            require(parts(input).map { Array($0.dropFirst()) } == body, "the body is the transactions")
        } catch {
            requireOneLine(error)
            check(error, of: input)
        }
    }

    private static func parts(_ input: [UInt8]) -> [RLPItem]? { try? RLP.decode(input).list() }

    private static func check(_ error: BlockDecodingError, of input: [UInt8]) {
        let split = try? RLP.split(list: input[...])
        switch error {
        case .notAList: require(parts(input) == nil && split == nil, "a list is a list")
        case .partCount(let got): require(got != 3 && split?.count == got, "\(got) parts")
        case .header(let fault):
            guard let first = split?.first else { break }
            require((try? BlockHeader(rlp: first)) == nil, "the header is good, yet: \(fault)")
        case .body(_, let hash), .transaction(_, _, let hash), .uncles(_, let hash):
            require(split?.count == 3, "three parts")
            require(split?.first.map { Keccak256.hash($0) } == hash, "the hash of the header")
            checkBody(error, of: split ?? [])
        }
    }

    private static func checkBody(_ error: BlockDecodingError, of parts: [ArraySlice<UInt8>]) {
        guard parts.count == 3 else { return }
        let transactions = try? RLP.split(list: parts[1])
        switch error {
        case .body: require(transactions == nil || (try? RLP.split(list: parts[2])) == nil, "both are lists")
        case .uncles(let count, _): require(count > 0, "uncles: 0")
        case .transaction(let index, let fault, _):
            guard let items = transactions, index < items.count else { fatalError("broken: no transaction \(index)") }
            let item = try? RLP.decode(items[index])
            let again = item.flatMap { try? Transaction(rlpItem: $0) }
            require(again == nil, "the transaction is good, yet: \(fault)")
        default: break
        }
    }
}
