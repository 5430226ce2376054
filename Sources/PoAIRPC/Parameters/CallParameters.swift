import PoAIEVM
import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// The transaction object of eth_call and its like: what is given of it.
struct CallParameters {
    var from: Address
    var to: Address?
    var gas: UInt64?
    var gasPrice: UInt256?
    var maxFeePerGas: UInt256?
    var maxPriorityFeePerGas: UInt256?
    var value: UInt256
    var data: [UInt8]
    var accessList: [AccessListEntry]

    /// Most entries, and most keys of an entry, in an access list.
    private static let accessListLimit = 10_000

    init(_ parameter: Parameter, chainID: UInt64) throws(RPCError) {
        let object = try parameter.object()
        try Self.refuseUnsupported(object, chainID: chainID)
        from = try object["from"].ifGiven?.address() ?? .zero
        to = try object["to"].ifGiven?.address()
        gas = try object["gas"].ifGiven?.quantity64()
        gasPrice = try object["gasPrice"].ifGiven?.quantity()
        maxFeePerGas = try object["maxFeePerGas"].ifGiven?.quantity()
        maxPriorityFeePerGas = try object["maxPriorityFeePerGas"].ifGiven?.quantity()
        value = try object["value"].ifGiven?.quantity() ?? .zero
        data = try Self.data(object)
        accessList = try object["accessList"].ifGiven?.accessList(limit: Self.accessListLimit) ?? []
        if gasPrice != nil, maxFeePerGas != nil || maxPriorityFeePerGas != nil {
            throw .invalidParams(
                "invalid \(object.path): both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
        }
        if let most = maxFeePerGas, let tip = maxPriorityFeePerGas, tip > most {
            throw .invalidParams(
                "invalid \(object.path): maxPriorityFeePerGas (\(tip)) is above maxFeePerGas (\(most))")
        }
    }

    /// Most wei per gas that the caller says to pay; nil if it says nothing.
    var feeCap: UInt256? { gasPrice ?? maxFeePerGas ?? maxPriorityFeePerGas }

    /// What GASPRICE gives: 0 unless a price is given.
    ///
    /// - Throws: a price that does not cover the base fee.
    func effectiveGasPrice(baseFee: UInt256) throws(RPCError) -> UInt256 {
        guard let cap = gasPrice ?? maxFeePerGas, !cap.isZero else { return .zero }
        guard cap >= baseFee else {
            throw .server("max fee per gas less than block base fee: got \(cap), the block's base fee is \(baseFee)")
        }
        if gasPrice != nil { return cap }
        return baseFee &+ min(maxPriorityFeePerGas ?? .zero, cap &- baseFee)
    }

    /// The call with a gas limit of its own or `gasCap`, whichever is less.
    func request(gasCap: UInt64, baseFee: UInt256) throws(RPCError) -> CallRequest {
        CallRequest(
            from: from, to: to, gasLimit: min(gas ?? gasCap, gasCap),
            gasPrice: try effectiveGasPrice(baseFee: baseFee), value: value, data: data, accessList: accessList)
    }

    private static func data(_ object: Parameter) throws(RPCError) -> [UInt8] {
        let input = try object["input"].ifGiven?.data()
        let data = try object["data"].ifGiven?.data()
        if let input, let data, input != data {
            throw .invalidParams("invalid \(object.path): both data and input are set and not equal")
        }
        return input ?? data ?? []
    }

    private static func refuseUnsupported(_ object: Parameter, chainID: UInt64) throws(RPCError) {
        for key in ["blobVersionedHashes", "blobs", "maxFeePerBlobGas", "authorizationList"] {
            guard object[key].ifGiven == nil else {
                throw .invalidParams("invalid \(object.path): \(key): this chain has no transactions of this type")
            }
        }
        if let type = object["type"].ifGiven, try type.quantity64() > 2 { throw type.expected("0x0, 0x1 or 0x2") }
        if let id = object["chainId"].ifGiven, try id.quantity() != UInt256(chainID) {
            throw .invalidParams("invalid \(id.path): expected \(UInt256(chainID).hex), got \(id.value)")
        }
    }
}

extension Parameter {
    func accessList(limit: Int) throws(RPCError) -> [AccessListEntry] {
        try list("access list entries", limit: limit) { (item) throws(RPCError) in
            let entry = try item.object()
            return AccessListEntry(
                address: try entry["address"].address(),
                storageKeys: try entry["storageKeys"].ifGiven?.list("storage keys", limit: limit) {
                    (key) throws(RPCError) in try key.hash()
                } ?? [])
        }
    }
}
