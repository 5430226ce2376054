import PoAIJSON
import PoAIPrimitives

extension Parameter {
    /// `0x` and hex digits without leading zeros, below 2^256.
    func quantity() throws(RPCError) -> UInt256 {
        guard let digits = hexDigits, (1...64).contains(digits.count), digits.first != 0x30 || digits.count == 1,
            let value = try? UInt256(hex: String(decoding: digits, as: UTF8.self))
        else { throw expected("a quantity: 0x and 1 to 64 hex digits without leading zeros") }
        return value
    }

    /// As `quantity()`, below 2^64.
    func quantity64() throws(RPCError) -> UInt64 {
        guard let value = try quantity().asUInt64 else { throw expected("a quantity below 2^64") }
        return value
    }

    /// As `quantity64()`, or a JSON number.
    func count() throws(RPCError) -> UInt64 {
        if case .integer(let value) = value { return value }
        return try quantity64()
    }

    /// `0x` and an even number of hex digits, for at most `limit` bytes.
    func data(limit: Int = .max) throws(RPCError) -> [UInt8] {
        guard let digits = hexDigits, let bytes = try? Hex.decode(String(decoding: digits, as: UTF8.self)) else {
            throw expected("data: 0x and an even number of hex digits")
        }
        guard bytes.count <= limit else {
            throw .invalidParams("invalid \(path): expected at most \(limit) bytes, got \(bytes.count)")
        }
        return bytes
    }

    /// 32 bytes.
    func hash() throws(RPCError) -> Hash32 {
        guard let digits = hexDigits, digits.count == 64, let hash = Hash32((try? data()) ?? []) else {
            throw expected("a hash: 0x and 64 hex digits")
        }
        return hash
    }

    /// 20 bytes; digits of any case.
    func address() throws(RPCError) -> Address {
        guard let digits = hexDigits, digits.count == 40, let address = Address((try? data()) ?? []) else {
            throw expected("an address: 0x and 40 hex digits")
        }
        return address
    }

    /// The key of a storage slot: at most 32 bytes, leading zeros or not.
    func slot() throws(RPCError) -> UInt256 {
        guard let digits = hexDigits, !digits.isEmpty else { throw expected("a storage key: 0x and hex digits") }
        guard digits.count <= 64 else { throw expected("a storage key of at most 32 bytes") }
        guard let slot = try? UInt256(hex: String(decoding: digits, as: UTF8.self)) else {
            throw expected("a storage key: 0x and hex digits")
        }
        return slot
    }

    /// A JSON number from 0 to 100.
    func percentile() throws(RPCError) -> Double {
        let number: Double? =
            switch value {
            case .integer(let whole): Double(whole)
            case .number(let digits): Double(digits)
            default: nil
            }
        guard let number, (0...100).contains(number) else { throw expected("a number from 0 to 100") }
        return number
    }

    /// The ASCII of a string after its `0x`; nil without that.
    private var hexDigits: ArraySlice<UInt8>? {
        guard case .text(let text) = value, text.utf8.starts(with: [0x30, 0x78]) else { return nil }
        return Array(text.utf8)[2...]
    }
}
