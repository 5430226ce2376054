import PoAIEVM
import PoAIJSON
import PoAIPrimitives

/// What contracts revert with (Solidity's Error(string) and Panic(uint256)).
enum Revert {
    /// The error of a call that did not succeed: code 3 with the data for a revert, as wallets expect it.
    static func error(_ result: TransactionResult) -> RPCError {
        switch result.status {
        case .reverted:
            let reason = reason(result.output).map { ": \($0)" } ?? ""
            return RPCError(code: 3, message: "execution reverted\(reason)", data: .data(result.output))
        case .halted(let reason): return .server("\(reason)")
        case .succeeded: return .internal("the call succeeded")
        }
    }

    /// The reason in words, if the data says one.
    static func reason(_ data: [UInt8]) -> String? {
        if data.starts(with: errorSelector) { return text(data.dropFirst(4)) }
        guard data.starts(with: panicSelector), data.count >= 36,
            let code = UInt256(bigEndianBytes: data[4..<36])
        else { return nil }
        return panics[code.asUInt64 ?? .max] ?? "unknown panic code: \(code.hex)"
    }

    private static let errorSelector: [UInt8] = [0x08, 0xc3, 0x79, 0xa0]
    private static let panicSelector: [UInt8] = [0x4e, 0x48, 0x7b, 0x71]
    private static let longestReason = 4096
    private static let panics: [UInt64: String] = [
        0x00: "generic panic", 0x01: "assert(false)", 0x11: "arithmetic underflow or overflow",
        0x12: "division or modulo by zero", 0x21: "enum overflow", 0x22: "invalid encoded storage byte array accessed",
        0x31: "out-of-bounds array access; popping on an empty array",
        0x32: "out-of-bounds access of an array or bytesN",
        0x41: "out of memory", 0x51: "uninitialized function",
    ]

    /// An ABI-encoded string: offset, length, bytes.
    private static func text(_ arguments: ArraySlice<UInt8>) -> String? {
        guard let offset = word(arguments, at: 0), let count = word(arguments, at: offset) else { return nil }
        let start = offset + 32
        guard count <= arguments.count - start else { return nil }
        let bytes = arguments.dropFirst(start).prefix(min(count, longestReason))
        return String(validating: bytes, as: UTF8.self)
    }

    /// A word that counts bytes of the same data.
    private static func word(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Int? {
        guard offset >= 0, bytes.count >= 32, offset <= bytes.count - 32 else { return nil }
        let word = bytes.dropFirst(offset).prefix(32)
        guard let value = UInt256(bigEndianBytes: word)?.asUInt64 else { return nil }
        return value <= UInt64(bytes.count) ? Int(value) : nil
    }
}
