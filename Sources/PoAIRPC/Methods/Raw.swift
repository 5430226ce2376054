import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// debug_getRaw*: blocks and what is in them as they are encoded.
extension RPCMethods {
    func addRaw(to table: inout RPCMethodTable) {
        table.add("debug_getRawHeader", 1...1) { (arguments) throws(RPCError) in
            .data(try require(try arguments[0].block()).header.rlpEncoded())
        }
        table.add("debug_getRawBlock", 1...1) { (arguments) throws(RPCError) in
            let place = try require(try arguments[0].block())
            guard let block = try body(place.hash) else { throw .internal("block \(place.hash) has no body") }
            return .data(block.rlpEncoded())
        }
        table.add("debug_getRawReceipts", 1...1) { (arguments) throws(RPCError) in
            let place = try require(try arguments[0].block())
            guard let executed = try executed(place.hash) else {
                throw .server("block \(place.hash) never was canonical: it has no receipts")
            }
            return .list(executed.receipts.map { .data($0.encoded()) })
        }
        table.add("debug_getRawTransaction", 1...1) { (arguments) throws(RPCError) in
            let hash = try arguments[0].hash()
            if let (block, place) = try locate(hash) { return .data(block.transactions[place.index].encoded()) }
            return backend.pool?.transaction(hash).map { .data($0.transaction.encoded()) } ?? .data([])
        }
    }
}
