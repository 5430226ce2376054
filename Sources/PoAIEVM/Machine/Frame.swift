import PoAIPrimitives

/// What the loop keeps in registers of the processor.
struct Registers: BitwiseCopyable {
    /// The next byte of code.
    var ip: UnsafePointer<UInt8>
    /// Behind the top word of the stack.
    var sp: UnsafeMutablePointer<UInt256>
    /// Below 0: out of gas.
    var gas: Int64
    /// The lowest word of the frame's stack.
    var bottom: UnsafeMutablePointer<UInt256>
    /// The frame's memory and its size, a multiple of 32.
    var memory: UnsafeMutablePointer<UInt8>
    var memorySize: Int
    let code: UnsafePointer<UInt8>
    let codeSize: Int
    let destinations: UnsafePointer<UInt8>
}

/// A call or creation that runs or waits for one it made.
struct Frame: BitwiseCopyable {
    /// Calls within calls at most (yellow paper, 9.4.2): the frame of the transaction has depth 0.
    static let depthLimit = 1024

    var registers: Registers
    /// Where the frame's memory begins in the memory of all frames.
    let memoryBase: Int
    /// Call data in the memory of all frames.
    let inputOffset: Int
    let inputSize: Int
    /// Number of the account whose storage is used.
    let account: Int
    let address: UInt256
    let caller: UInt256
    let value: UInt256
    let isStatic: Bool
    let isCreate: Bool
    let kind: CallKind
    /// Gas at the begin.
    let gasLimit: Int64
    let checkpoint: Checkpoint
    /// Where in the caller's memory the output goes, and at most how much.
    let outputOffset: Int
    let outputSize: Int
    /// Holds the initcode; nil where the journal holds the code.
    let initcode: Unmanaged<Code>?
    /// What a return or revert left, in the frame's memory.
    var resultOffset = 0
    var resultSize = 0
}

/// How a frame was made. The names are those of the instructions.
public enum CallKind: UInt8, Hashable, Sendable, BitwiseCopyable {
    case call, callCode, delegateCall, staticCall, create, create2

    /// Whether it makes a contract.
    public var isCreation: Bool { self == .create || self == .create2 }
}

/// What a new frame needs to know.
struct Message: BitwiseCopyable {
    let kind: CallKind
    let caller: UInt256
    /// The account whose storage is used.
    let target: UInt256
    /// The account whose code runs.
    let codeAddress: UInt256
    /// Wei that the frame sees.
    let value: UInt256
    let gas: Int64
    let isStatic: Bool
    let inputOffset: Int
    let inputSize: Int
    let outputOffset: Int
    let outputSize: Int
}
