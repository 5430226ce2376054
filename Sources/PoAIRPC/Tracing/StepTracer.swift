import PoAIEVM
import PoAIJSON
import PoAIPrimitives

/// A tracer whose findings are the result of a call.
protocol ResultTracer: EVMTracer {
    /// What was found of an execution that ended so.
    func result(_ result: TransactionResult, gasLimit: UInt64) -> JSONValue
    /// Bytes that the result may still have, roughly; nothing is recorded from 0 on.
    var bytesLeft: Int { get }
}

/// Records every instruction, as geth's struct logger does.
///
/// `gasCost` is 0 for an instruction that halted its frame, which has an `error`.
struct StepTracer: ResultTracer {
    static var isActive: Bool { true }

    fileprivate struct Entry {
        let programCounter: Int
        let opcode: UInt8
        let gas: Int64
        let depth: Int
        let refund: Int64
        var cost: Int64 = 0
        var error: HaltReason?
        var stack: [UInt256]?
        var memory: [UInt8]?
        var returnData: [UInt8]?
        var storage: [UInt256: UInt256]?
    }

    private let options: TraceConfig.StepOptions
    private(set) var bytesLeft: Int
    private var entries: [Entry] = []
    /// Whether the last step is the last entry, and not one beyond the limit.
    private var isRecording = false
    /// For each frame that runs, its last entry.
    private var frames: [Int?] = []
    /// What was read and written, by account.
    private var storage: [Address: [UInt256: UInt256]] = [:]
    /// The SLOAD whose word the next step of its frame shows.
    private var load: (address: Address, slot: UInt256, entry: Int, depth: Int)?

    init(_ options: TraceConfig.StepOptions, byteLimit: Int) {
        self.options = options
        bytesLeft = byteLimit
    }

    mutating func step(_ step: EVMStep) {
        finishLoad(step)
        isRecording = bytesLeft > 0 && UInt64(entries.count) < options.limit ?? .max
        guard isRecording else { return }
        var entry = Entry(
            programCounter: step.programCounter, opcode: step.opcode, gas: step.gas, depth: step.depth,
            refund: step.refund)
        if options.hasStack { entry.stack = Array(step.stack) }
        if options.hasMemory { entry.memory = Array(step.memory) }
        if options.hasReturnData { entry.returnData = Array(step.returnData) }
        if options.hasStorage { noteStorage(step, &entry) }
        if !frames.isEmpty { frames[frames.count - 1] = entries.count }
        bytesLeft -= entry.byteCount
        entries.append(entry)
    }

    mutating func cost(_ gas: Int64) {
        if isRecording, let last = entries.indices.last { entries[last].cost = gas }
    }

    mutating func enter(_ call: EVMCall) { frames.append(nil) }

    mutating func exit(_ exit: EVMExit) {
        guard let last = frames.popLast(), let last, case .halted(let reason) = exit.status else { return }
        entries[last].error = reason
    }

    private mutating func noteStorage(_ step: EVMStep, _ entry: inout Entry) {
        guard let slot = step.top() else { return }
        switch step.opcode {
        case Opcode.sstore:
            guard let word = step.top(1) else { return }
            storage[step.address, default: [:]][slot] = word
            entry.storage = storage[step.address]
        case Opcode.sload: load = (step.address, slot, entries.count, step.depth)
        default: break
        }
    }

    private mutating func finishLoad(_ step: EVMStep) {
        guard let load else { return }
        self.load = nil
        guard step.depth == load.depth, let word = step.top(), entries.indices.contains(load.entry) else { return }
        storage[load.address, default: [:]][load.slot] = word
        entries[load.entry].storage = storage[load.address]
        bytesLeft -= (entries[load.entry].storage?.count ?? 0) * Entry.slotBytes
    }

    func result(_ result: TransactionResult, gasLimit: UInt64) -> JSONValue {
        [
            "gas": .integer(result.gasUsed), "failed": .bool(!result.succeeded), "returnValue": .data(result.output),
            "structLogs": .list(entries.map(\.object)),
        ]
    }
}

extension StepTracer.Entry {
    static var slotBytes: Int { 150 }

    /// What it takes, roughly.
    var byteCount: Int {
        200 + 70 * (stack?.count ?? 0) + 3 * (memory?.count ?? 0) + 2 * (returnData?.count ?? 0)
            + Self.slotBytes * (storage?.count ?? 0)
    }

    var object: JSONValue {
        var fields: [String: JSONValue] = [
            "pc": .integer(UInt64(clamping: programCounter)), "op": .text(Opcode.name(opcode)),
            "gas": .integer(UInt64(clamping: gas)), "gasCost": .integer(UInt64(clamping: cost)),
            "depth": .integer(UInt64(clamping: depth) + 1), "refund": .integer(UInt64(clamping: refund)),
        ]
        if let error { fields["error"] = .text("\(error)") }
        if let stack { fields["stack"] = .list(stack.map { .quantity($0) }) }
        if let memory {
            fields["memory"] = .list(
                stride(from: 0, to: memory.count, by: 32).map { .data(memory[$0..<min($0 + 32, memory.count)]) })
        }
        if let returnData { fields["returnData"] = .data(returnData) }
        if let storage {
            let words = storage.map { ($0.key.bigEndianHash.hex, JSONValue.word($0.value)) }
            fields["storage"] = .object(Dictionary(words, uniquingKeysWith: { first, _ in first }))
        }
        return .object(fields)
    }
}
