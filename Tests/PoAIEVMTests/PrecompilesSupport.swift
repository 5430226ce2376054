import PoAIEVM
import PoAIPrimitives

/// Short ways to run a precompile in tests.
enum Precompile {
    static func address(_ index: UInt8) -> Address {
        Address(lastBytesOf: UInt256(UInt64(index)).bigEndianHash)
    }

    static func run(_ index: UInt8, _ input: [UInt8], gasLimit: Int64 = .max) -> PrecompileResult {
        input.withUnsafeBytes { Precompiles.run(address(index), input: $0, gasLimit: gasLimit) }
    }

    /// The output, nil for a failure.
    static func output(_ index: UInt8, _ input: [UInt8]) -> [UInt8]? {
        guard case .success(_, let output) = run(index, input) else { return nil }
        return output
    }

    /// The price, nil for a failure.
    static func price(_ index: UInt8, _ input: [UInt8]) -> Int64? {
        guard case .success(let gas, _) = run(index, input) else { return nil }
        return gas
    }
}

extension UInt256 {
    /// 32 bytes.
    static func word(_ value: UInt64) -> [UInt8] { UInt256(value).bigEndianBytes }
}
