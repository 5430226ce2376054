import PoAIPrimitives

/// How a precompiled contract ended.
public enum PrecompileResult: Hashable, Sendable {
    /// Ran for `gasUsed`, at most the gas limit given.
    case success(gasUsed: Int64, output: [UInt8])
    /// Out of gas or invalid input: all gas given is consumed.
    case failure
}

/// The contracts at addresses 1 to 9 that are part of the machine, at the prices of Cancun (yellow paper, appendix E;
/// EIP-152, EIP-196, EIP-197, EIP-198, EIP-1108, EIP-2565). None keeps or reads state.
public enum Precompiles {
    /// The addresses of all, ascending.
    public static let addresses: [Address] = (UInt8(1)...9).compactMap { index in
        Address([UInt8](repeating: 0, count: 19) + [index])
    }

    /// Whether `address` is 1 to 9.
    @inlinable
    public static func isPrecompile(_ address: Address) -> Bool { index(of: address) != nil }

    /// Runs the contract at `address` on any `input`; `.failure` for an address that is none. The price depends on the
    /// input only and is charged before the work. `input` is read during the call only.
    public static func run(_ address: Address, input: UnsafeRawBufferPointer, gasLimit: Int64) -> PrecompileResult {
        let input = PrecompileInput(bytes: input)
        return switch index(of: address) {
        case 1: Ecrecover.run(input, gasLimit)
        case 2: HashPrecompiles.sha256(input, gasLimit)
        case 3: HashPrecompiles.ripemd160(input, gasLimit)
        case 4: HashPrecompiles.identity(input, gasLimit)
        case 5: Modexp.run(input, gasLimit)
        case 6: BN254Precompiles.add(input, gasLimit)
        case 7: BN254Precompiles.multiply(input, gasLimit)
        case 8: BN254Precompiles.pair(input, gasLimit)
        case 9: BLAKE2F.run(input, gasLimit)
        default: .failure
        }
    }

    /// 1...9, nil for any other address.
    @usableFromInline
    static func index(of address: Address) -> UInt8? {
        let (first, second, last) = address.withUnsafeBytes { bytes in
            (
                bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
            )
        }
        return first | second == 0 && (1...9).contains(last) ? UInt8(truncatingIfNeeded: last) : nil
    }

    /// Charges `price`, nil for one beyond Int64, then runs `work`, whose nil says that the input is invalid.
    @inline(__always)
    static func charge(_ price: Int64?, _ gasLimit: Int64, _ work: () -> [UInt8]?) -> PrecompileResult {
        guard let price, price <= gasLimit, let output = work() else { return .failure }
        return .success(gasUsed: price, output: output)
    }
}
