import PoAIJSON
import PoAIPrimitives

/// What a call is told to assume of an account instead of what the state says.
struct StateOverride {
    var nonce: UInt64?
    var balance: UInt256?
    var code: [UInt8]?
    /// The whole storage, or some slots of it.
    var storage: [UInt256: UInt256] = [:]
    /// Whether slots that `storage` does not name are zero.
    var isWholeStorage = false

    /// Most accounts, and most slots of an account.
    private static let limit = 10_000

    /// Reads the object of accounts by address.
    static func all(_ parameter: Parameter) throws(RPCError) -> [Address: StateOverride] {
        guard case .object(let fields) = parameter.value else { throw parameter.expected("an object") }
        try bound(fields.count, parameter)
        var overrides: [Address: StateOverride] = [:]
        for key in fields.keys {
            let address = try Parameter(.text(key), "\(parameter.path): key").address()
            overrides[address] = try StateOverride(parameter[key])
        }
        return overrides
    }

    private init(_ parameter: Parameter) throws(RPCError) {
        let object = try parameter.object()
        nonce = try object["nonce"].ifGiven?.quantity64()
        balance = try object["balance"].ifGiven?.quantity()
        code = try object["code"].ifGiven?.data()
        guard object["movePrecompileToAddress"].ifGiven == nil else {
            throw .invalidParams("invalid \(parameter.path): movePrecompileToAddress is not supported")
        }
        let (whole, part) = (object["state"].ifGiven, object["stateDiff"].ifGiven)
        if whole != nil, part != nil {
            throw .invalidParams("invalid \(parameter.path): expected state or stateDiff, got both")
        }
        isWholeStorage = whole != nil
        guard let slots = whole ?? part else { return }
        guard case .object(let fields) = slots.value else { throw slots.expected("an object") }
        try Self.bound(fields.count, slots)
        for key in fields.keys {
            storage[try Parameter(.text(key), "\(slots.path): key").slot()] = try slots[key].slot()
        }
    }

    private static func bound(_ count: Int, _ parameter: Parameter) throws(RPCError) {
        guard count <= limit else {
            throw .invalidParams("invalid \(parameter.path): expected at most \(limit) entries, got \(count)")
        }
    }
}
