import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// A block that was asked for.
struct BlockPlace {
    let header: BlockHeader
    let hash: Hash32
    /// Asked for was the next block, which this is the parent of.
    var isPending = false
}

extension RPCMethods {
    /// Reads from the chain.
    func reading<T>(_ body: () throws(ChainError) -> T) throws(RPCError) -> T {
        do throws(ChainError) { return try body() } catch { throw .chain(error) }
    }

    /// The block; nil if there is none.
    func find(_ choice: BlockChoice) throws(RPCError) -> BlockPlace? {
        switch choice {
        case .latest:
            let head = chain.head
            return BlockPlace(header: head.header, hash: head.hash)
        case .pending:
            let head = chain.head
            return BlockPlace(header: head.header, hash: head.hash, isPending: true)
        case .number(let number):
            guard let hash = try reading({ () throws(ChainError) in try reader.canonicalHash(at: number) }) else {
                return nil
            }
            return try find(.hash(hash, requireCanonical: false))
        case .hash(let hash, let requireCanonical):
            guard let header = try reading({ () throws(ChainError) in try reader.header(hash) }) else { return nil }
            if requireCanonical, try canonicalHash(at: header.number) != hash {
                throw .server("block \(hash) is not canonical")
            }
            return BlockPlace(header: header, hash: hash)
        case .unknowable(let tag):
            throw RPCError(
                code: -39001, message: "unknown block: proof of work has no \(tag) block; ask for latest or a number")
        }
    }

    /// The block.
    /// - Throws: if there is none.
    func require(_ choice: BlockChoice) throws(RPCError) -> BlockPlace {
        guard let place = try find(choice) else { throw .unknownBlock(choice) }
        return place
    }

    func canonicalHash(at number: UInt64) throws(RPCError) -> Hash32? {
        try reading { () throws(ChainError) in try reader.canonicalHash(at: number) }
    }

    /// A known block with its body; nil if there is none.
    func body(_ hash: Hash32) throws(RPCError) -> Block? {
        try reading { () throws(ChainError) in try reader.block(hash) }
    }

    /// A block with its receipts; nil if it is unknown or never was canonical.
    func executed(_ hash: Hash32) throws(RPCError) -> ExecutedBlock? {
        guard let block = try body(hash),
            let receipts = try reading({ () throws(ChainError) in try reader.receipts(of: hash) })
        else { return nil }
        return ExecutedBlock(block: block, hash: hash, receipts: receipts)
    }

    /// The place of a canonical transaction and its block; nil if there is none.
    func locate(_ hash: Hash32) throws(RPCError) -> (block: Block, place: TransactionPlace)? {
        guard let location = try reading({ () throws(ChainError) in try reader.transactionLocation(hash) }),
            let blockHash = try canonicalHash(at: location.height), let block = try body(blockHash)
        else { return nil }
        let index = Int(location.index)
        // Between the two look-ups the chain may have changed.
        guard block.transactions.indices.contains(index), block.transactions[index].hash == hash else { return nil }
        return (block, TransactionPlace(blockHash: blockHash, header: block.header, index: index))
    }

    /// Reads the state after a block; for `pending` that of the head.
    func withState<R>(
        _ choice: BlockChoice, _ body: (ChainState, BlockPlace) throws(RPCError) -> R
    ) throws(RPCError) -> R {
        var place = try require(choice)
        for _ in 0..<Self.headRetries {
            let result = try reading { () throws(ChainError) in
                try reader.withState(at: place.hash) { (state) throws(StorageError) -> Result<R, RPCError> in
                    Result { () throws(RPCError) in try body(state, place) }
                }
            }
            if let result { return try result.get() }
            // The head may have been replaced since it was looked up.
            guard choice == .latest || choice == .pending else { break }
            place = try require(choice)
        }
        throw .server("block \(place.hash) is not canonical: its state is not kept")
    }

    private static var headRetries: Int { 3 }

    /// The sender of a transaction of a stored block.
    func sender(of transaction: Transaction) throws(RPCError) -> Address {
        do throws(TransactionFault) {
            return try transaction.recoverSender()
        } catch {
            throw .internal("a stored transaction has no sender: \(error)")
        }
    }
}

/// Reads from a state within `withState`.
func fromState<T>(_ body: () throws(StorageError) -> T) throws(RPCError) -> T {
    do throws(StorageError) { return try body() } catch { throw .storage(error) }
}

extension RPCError {
    static func chain(_ error: ChainError) -> RPCError {
        if case .storage(let error) = error { return .storage(error) }
        return .internal("\(error)")
    }

    /// What was pruned has a code of its own.
    static func storage(_ error: StorageError) -> RPCError {
        if case .pruned(let wanted, let oldest) = error {
            return RPCError(
                code: 4444,
                message:
                    "pruned history unavailable: block \(wanted) was asked for, this node keeps \(oldest) and later")
        }
        return .internal("\(error)")
    }

    static func unknownBlock(_ choice: BlockChoice) -> RPCError {
        switch choice {
        case .number(let number): .notFound("unknown block: there is no block \(number)")
        case .hash(let hash, _): .notFound("unknown block: there is none with hash \(hash)")
        default: .notFound("unknown block")
        }
    }
}
