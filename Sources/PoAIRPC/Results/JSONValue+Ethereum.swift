import PoAIJSON
import PoAIPrimitives
import PoAITypes

/// Values in the forms that Ethereum's JSON-RPC gives them: lower-case hex.
extension JSONValue {
    /// `0x` and hex digits without leading zeros.
    static func quantity(_ value: UInt256) -> JSONValue { .text(value.hex) }
    /// `0x` and hex digits without leading zeros.
    static func quantity(_ value: UInt64) -> JSONValue { .text("0x" + String(value, radix: 16)) }
    /// A count, which is never negative.
    static func quantity(_ value: Int) -> JSONValue { quantity(UInt64(clamping: value)) }
    /// `0x` and two digits per byte.
    static func data(_ bytes: some Collection<UInt8>) -> JSONValue { .text("0x" + Hex.encode(bytes)) }
    /// `0x` and 64 digits.
    static func hash(_ hash: Hash32) -> JSONValue { .text(hash.hex) }
    /// `0x` and 64 digits.
    static func word(_ word: UInt256) -> JSONValue { .hash(word.bigEndianHash) }
    /// `0x` and 40 digits.
    static func address(_ address: Address) -> JSONValue { .text("0x" + address.hex) }
    /// `0x` and 40 digits, or null.
    static func address(_ address: Address?) -> JSONValue { address.map { .address($0) } ?? .null }
    /// 8 bytes big-endian.
    static func nonce(_ nonce: UInt64) -> JSONValue {
        .data((0..<8).map { UInt8(truncatingIfNeeded: nonce >> UInt64(56 - 8 * $0)) })
    }

    /// The entries of an access list.
    static func accessList(_ entries: [AccessListEntry]) -> JSONValue {
        .list(
            entries.map {
                ["address": .address($0.address), "storageKeys": .list($0.storageKeys.map { .hash($0) })]
            })
    }
}
