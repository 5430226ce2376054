import PoAIPrimitives

/// Watches an execution. The machine is specialised for its tracer: for `NoTracer` nothing is left of it.
public protocol EVMTracer {
    /// Whether the tracer wants to be told anything.
    static var isActive: Bool { get }
    /// An instruction comes next.
    mutating func step(_ step: EVMStep)
    /// What the announced instruction takes, with the gas it hands to a call or creation. Not told if the frame halts.
    mutating func cost(_ gas: Int64)
    /// A call or creation begins, the transaction's own first. Also told where no code runs. Not told of a call that fails
    /// before it begins, for want of wei or depth.
    mutating func enter(_ call: EVMCall)
    /// The call or creation entered last and not left yet ends.
    mutating func exit(_ exit: EVMExit)
}

/// Watches nothing, at no cost.
public struct NoTracer: EVMTracer {
    /// There is but one.
    public init() {}
    /// False.
    @inlinable public static var isActive: Bool { false }
    /// Does nothing.
    @inlinable public mutating func step(_ step: EVMStep) {}
    /// Does nothing.
    @inlinable public mutating func cost(_ gas: Int64) {}
    /// Does nothing.
    @inlinable public mutating func enter(_ call: EVMCall) {}
    /// Does nothing.
    @inlinable public mutating func exit(_ exit: EVMExit) {}
}

/// The machine just before an instruction. The buffers are valid during the tracer's call only.
public struct EVMStep {
    /// Place of the instruction in the code, in bytes.
    public let programCounter: Int
    /// The instruction.
    public let opcode: UInt8
    /// Left in this frame.
    public let gas: Int64
    /// 0 for the frame of the transaction.
    public let depth: Int
    /// The account whose storage is used.
    public let address: Address
    /// Words, the top last.
    public let stack: UnsafeBufferPointer<UInt256>
    /// The frame's memory; its size is a multiple of 32.
    public let memory: UnsafeRawBufferPointer
    /// What the last call returned.
    public let returnData: UnsafeRawBufferPointer
    /// Refund so far in the transaction.
    public let refund: Int64
}

/// A call or creation that begins.
public struct EVMCall: Sendable {
    /// How.
    public let kind: CallKind
    /// 0 for that of the transaction.
    public let depth: Int
    /// Who calls.
    public let from: Address
    /// Whose code runs, or what is created.
    public let to: Address
    /// Wei the callee sees; for a delegate call those of its caller.
    public let value: UInt256
    /// Handed to the callee.
    public let gas: Int64
    /// Call data or initcode.
    public let input: [UInt8]
}

/// A call or creation that ends.
public struct EVMExit: Sendable {
    /// How.
    public let status: ExecutionStatus
    /// 0 for that of the transaction.
    public let depth: Int
    /// Of what was handed to the callee.
    public let gasUsed: Int64
    /// Returned or reverted data; for a creation that succeeded the code.
    public let output: [UInt8]
}
