import PoAIPrimitives
import PoAIStorage
import PoAITypes

/// Records that must be there; their absence is damage.
extension Snapshot {
    func inconsistent(_ detail: String) -> StorageError { .damaged(file: file, detail: detail) }

    func requireHeader(_ hash: Hash32) throws(StorageError) -> BlockHeader {
        guard let header = try ChainTables.headers.get(hash, in: self) else {
            throw inconsistent("the header of block \(hash) is missing")
        }
        return header
    }

    func requireWork(_ hash: Hash32) throws(StorageError) -> UInt256 {
        guard let work = try ChainTables.work.get(hash, in: self) else {
            throw inconsistent("the work of block \(hash) is missing")
        }
        return work
    }

    func requireUndo(_ height: UInt64) throws(StorageError) -> UndoRecord {
        guard let undo = try ChainTables.undo.get(height, in: self) else {
            let oldest = try ChainTables.oldestKept(in: self)
            if height < oldest { throw .pruned(wanted: height, oldest: oldest) }
            throw inconsistent("the undo record of height \(height) is missing")
        }
        return undo
    }

    func requireCanonical(_ height: UInt64) throws(StorageError) -> Hash32 {
        guard let hash = try ChainTables.canonical.get(height, in: self) else {
            throw inconsistent("the hash of height \(height) is missing")
        }
        return hash
    }

    /// A block, put together from header and body as stored.
    func requireBlock(_ hash: Hash32) throws(StorageError) -> Block {
        let header = try requireHeader(hash)
        guard let body = try ChainTables.bodies.get(hash, in: self) else {
            let oldest = try ChainTables.oldestKept(in: self)
            if header.number < oldest { throw .pruned(wanted: header.number, oldest: oldest) }
            throw inconsistent("the body of block \(hash) is missing")
        }
        do throws(BlockDecodingError) {
            return try BlockBody.block(header: header, body: body.bytes)
        } catch {
            throw inconsistent("\(error)")
        }
    }
}
