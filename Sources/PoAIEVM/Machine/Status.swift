/// Why the interpreter left its loop; `running` is none. Anything from `outOfGas` on is an exceptional halt, which takes all
/// gas of the frame and undoes what it did.
enum Status: UInt8 {
    case running
    /// A frame was pushed that runs next.
    case entered
    case stopped, returned, reverted
    case outOfGas, stackUnderflow, stackOverflow, invalidJump, invalidOpcode, staticViolation, returnDataOutOfBounds
    case codeTooLarge, codePrefix, addressTaken, precompileFailed
    /// Not an outcome of the rules: reading the state failed.
    case viewFailed

    @inline(__always) var isRunning: Bool { self == .running }
}

/// Why a call or transaction halted exceptionally: all its gas is gone and its changes are undone.
public enum HaltReason: Hashable, Sendable, CustomStringConvertible {
    /// An instruction, or the deposit of the created code, costs more than was left.
    case outOfGas
    /// An instruction takes more words than the stack holds.
    case stackUnderflow
    /// The stack would have more than 1024 words.
    case stackOverflow
    /// A jump to elsewhere than a JUMPDEST.
    case invalidJump
    /// No instruction of Cancun has this byte, or it is INVALID.
    case invalidOpcode
    /// A change of state within a static call (EIP-214).
    case staticViolation
    /// RETURNDATACOPY beyond the end of the data (EIP-211).
    case returnDataOutOfBounds
    /// Created code of more than 24576 bytes (EIP-170), or initcode of more than 49152 (EIP-3860).
    case codeTooLarge
    /// Created code that begins with 0xEF (EIP-3541).
    case codePrefix
    /// There is an account with nonce, code or storage where a contract was to be created (EIP-684, EIP-7610).
    case addressTaken
    /// A precompiled contract refused its input or got too little gas.
    case precompileFailed

    /// One line.
    public var description: String {
        switch self {
        case .outOfGas: "out of gas"
        case .stackUnderflow: "stack underflow"
        case .stackOverflow: "stack overflow: more than 1024 words"
        case .invalidJump: "invalid jump destination"
        case .invalidOpcode: "invalid opcode"
        case .staticViolation: "write protection: a static call must not change the state"
        case .returnDataOutOfBounds: "return data out of bounds"
        case .codeTooLarge: "max code size exceeded (EIP-170, EIP-3860)"
        case .codePrefix: "invalid code: must not begin with 0xef (EIP-3541)"
        case .addressTaken: "contract address collision"
        case .precompileFailed: "precompiled contract failed"
        }
    }

    init?(_ status: Status) {
        switch status {
        case .outOfGas: self = .outOfGas
        case .stackUnderflow: self = .stackUnderflow
        case .stackOverflow: self = .stackOverflow
        case .invalidJump: self = .invalidJump
        case .invalidOpcode: self = .invalidOpcode
        case .staticViolation: self = .staticViolation
        case .returnDataOutOfBounds: self = .returnDataOutOfBounds
        case .codeTooLarge: self = .codeTooLarge
        case .codePrefix: self = .codePrefix
        case .addressTaken: self = .addressTaken
        case .precompileFailed: self = .precompileFailed
        case .running, .entered, .stopped, .returned, .reverted, .viewFailed: return nil
        }
    }
}
