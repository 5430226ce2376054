import PoAIPrimitives
import PoAITypes

/// The machine of a block: the journal, and what running code needs. Calls are frames on a stack of our own, so that depth
/// takes no room on the thread's stack.
struct Machine: ~Copyable {
    var journal: Journal
    let environment: BlockEnvironment

    var words = WordStack()
    var frames = FrameStack()
    /// Call data of the transaction, then the memories of all frames.
    var memory = ByteBuffer()
    /// What the last call or creation left: RETURNDATA.
    var output = ByteBuffer()
    var outputSize = 0

    /// ORIGIN, GASPRICE and BASEFEE of the transaction.
    var origin = UInt256.zero
    var gasPrice = UInt256.zero
    var baseFee = UInt256.zero
    /// How the frame of the transaction ended, and the gas it left.
    var outcome = (status: Status.stopped, gas: Int64(0))
    /// Hashes that BLOCKHASH asked for, by distance.
    var blockHashes = [Hash32?](repeating: nil, count: 257)

    init(reader: ViewReader, environment: BlockEnvironment) {
        journal = Journal(reader: reader)
        self.environment = environment
    }

    /// Runs frames until that of the transaction has ended.
    mutating func run<T: EVMTracer>(_ tracer: inout T) {
        while frames.count > 0 {
            let status = journal.reader.hasFailed ? .viewFailed : interpret(frames.top, &tracer)
            if status != .entered { finish(status, &tracer) }
        }
    }

    /// The current frame ended: keeps or undoes what it did, and tells its caller.
    private mutating func finish<T: EVMTracer>(_ status: Status, _ tracer: inout T) {
        let frame = frames.top.pointee
        takeOutput(status, frame)
        var status = status
        var gas = frame.registers.gas
        if frame.isCreate, status == .stopped || status == .returned {
            status = deposit(frame, &gas)
        }
        frame.initcode?.release()
        frames.pop()
        settle(status, gas, checkpoint: frame.checkpoint)
        if T.isActive { traceExit(status, used: frame.gasLimit - outcome.gas, &tracer) }
        guard frames.count > 0 else { return }
        let hasSucceeded = status == .stopped || status == .returned
        if frame.isCreate {
            if hasSucceeded { outputSize = 0 }
            resume(with: hasSucceeded ? frame.address : .zero)
        } else {
            resume(with: hasSucceeded ? .one : .zero, outputAt: frame.outputOffset, atMost: frame.outputSize)
        }
    }

    /// Pays for the code that a creation returned, and puts it in place (EIP-170, EIP-3541).
    private mutating func deposit(_ frame: Frame, _ gas: inout Int64) -> Status {
        guard outputSize <= Self.codeLimit else { return .codeTooLarge }
        if outputSize > 0, output.start[0] == 0xef { return .codePrefix }
        gas &-= 200 &* Int64(truncatingIfNeeded: outputSize)
        guard gas >= 0 else { return .outOfGas }
        journal.setCode(UnsafeRawBufferPointer(start: output.start, count: outputSize), of: frame.account)
        return .returned
    }

    /// Most bytes of a contract's code (EIP-170).
    private static let codeLimit = 24_576

    /// Copies what the frame returned out of its memory.
    private mutating func takeOutput(_ status: Status, _ frame: Frame) {
        outputSize = status == .returned || status == .reverted ? frame.resultSize : 0
        output.reserve(outputSize, keeping: 0)
        output.start.update(from: memory.start + frame.memoryBase + frame.resultOffset, count: outputSize)
    }

    /// Keeps or undoes the changes since the checkpoint, and notes status and gas.
    mutating func settle(_ status: Status, _ gas: Int64, checkpoint: Checkpoint) {
        switch status {
        case .stopped, .returned:
            journal.commit(checkpoint)
            outcome = (status, gas)
        case .reverted:
            journal.revert(checkpoint)
            outcome = (status, gas)
        default:
            journal.revert(checkpoint)
            outputSize = 0
            outcome = (status, 0)
        }
    }

    /// Gives the current frame the outcome of what it called: gas, output and a word.
    mutating func resume(with word: UInt256, outputAt offset: Int = 0, atMost size: Int = 0) {
        let frame = frames.top
        // The callee may have moved the memory. What the caller had above its end is void.
        frame.pointee.registers.memory = memory.start + frame.pointee.memoryBase
        (frame.pointee.registers.memory + offset).update(from: output.start, count: min(size, outputSize))
        frame.pointee.registers.gas &+= outcome.gas
        // Every call takes more words than it leaves.
        frame.pointee.registers.sp.initialize(to: word)
        frame.pointee.registers.sp += 1
    }

    // MARK: Memory

    /// Grows the frame's memory to `end` bytes, at most 2³³, at its price (yellow paper, appendix H).
    @inline(never)
    mutating func grow(_ frame: UnsafeMutablePointer<Frame>, to end: Int) -> Bool {
        let size = (end &+ 31) & ~31
        let old = frame.pointee.registers.memorySize
        let price = Self.memoryPrice(size &>> 5) &- Self.memoryPrice(old &>> 5)
        guard frame.pointee.registers.charge(price) else { return false }
        let base = frame.pointee.memoryBase
        memory.reserve(base + size, keeping: base + old)
        frame.pointee.registers.memory = memory.start + base
        (memory.start + base + old).update(repeating: 0, count: size - old)
        frame.pointee.registers.memorySize = size
        return true
    }

    private static func memoryPrice(_ words: Int) -> Int64 {
        Int64(truncatingIfNeeded: words &* 3 &+ (words &* words) &>> 9)
    }

    /// Sizes and offsets from here on cost more gas than there ever is.
    static let memoryLimit = 1 << 32
}
