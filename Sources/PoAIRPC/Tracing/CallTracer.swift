import PoAIEVM
import PoAIJSON
import PoAIPrimitives

/// Records calls and creations within each other, as geth's callTracer does.
struct CallTracer: ResultTracer {
    static var isActive: Bool { true }

    fileprivate struct Entry {
        let call: EVMCall
        var exit: EVMExit?
        var calls: [Entry] = []
        /// With the number of calls before each.
        var logs: [(log: [String: JSONValue], position: Int)] = []
    }

    private let options: TraceConfig.CallOptions
    private(set) var bytesLeft: Int
    /// Those that run, outermost first.
    private var running: [Entry] = []
    private var outermost: Entry?
    /// Calls that run and are not recorded, within those recorded.
    private var unrecorded = 0

    init(_ options: TraceConfig.CallOptions, byteLimit: Int) {
        self.options = options
        bytesLeft = byteLimit
    }

    mutating func enter(_ call: EVMCall) {
        let isWanted = running.isEmpty || !options.isTopOnly
        guard unrecorded == 0, isWanted, bytesLeft > 0 else {
            unrecorded += 1
            return
        }
        bytesLeft -= 500 + 2 * call.input.count
        running.append(Entry(call: call))
    }

    mutating func exit(_ exit: EVMExit) {
        if unrecorded > 0 {
            unrecorded -= 1
            return
        }
        guard var entry = running.popLast() else { return }
        bytesLeft -= 2 * exit.output.count
        entry.exit = exit
        if running.isEmpty { outermost = entry } else { running[running.count - 1].calls.append(entry) }
    }

    mutating func step(_ step: EVMStep) {
        guard options.hasLogs, unrecorded == 0, bytesLeft > 0, let current = running.indices.last,
            (Opcode.log0...Opcode.log4).contains(step.opcode), let log = Self.log(step)
        else { return }
        bytesLeft -= 500 + 2 * log.size
        running[current].logs.append((log.fields, running[current].calls.count))
    }

    mutating func cost(_ gas: Int64) {}

    /// What the instruction would log; nil where it will fail anyway.
    private static func log(_ step: EVMStep) -> (fields: [String: JSONValue], size: Int)? {
        let topicCount = Int(step.opcode - Opcode.log0)
        guard step.stack.count >= 2 + topicCount, let start = step.top()?.asUInt64, let size = step.top(1)?.asUInt64,
            size <= maxLogBytes, start <= .max - size
        else { return nil }
        // Memory not used yet is zero.
        let bytes = (start..<start + size).map { offset in
            offset < UInt64(step.memory.count) ? step.memory[Int(offset)] : 0
        }
        let topics = (0..<topicCount).compactMap { step.top(2 + $0) }
        let fields: [String: JSONValue] = [
            "address": .address(step.address), "topics": .list(topics.map { .word($0) }), "data": .data(bytes),
        ]
        return (fields, bytes.count)
    }

    /// Far more than gas can pay for.
    private static var maxLogBytes: UInt64 { 8 << 20 }

    func result(_ result: TransactionResult, gasLimit: UInt64) -> JSONValue {
        guard let outermost else { return .null }
        var number = 0
        guard case .object(var fields) = outermost.object(&number, keepsLogs: true) else { return .null }
        // Of the transaction, not of its outermost call: with the intrinsic gas and after the refund.
        fields["gas"] = .quantity(gasLimit)
        fields["gasUsed"] = .quantity(result.gasUsed)
        return .object(fields)
    }
}

extension CallTracer.Entry {
    /// - Parameter number: that of the next log in the transaction.
    func object(_ number: inout Int, keepsLogs: Bool) -> JSONValue {
        let status = exit?.status ?? .succeeded
        let keepsLogs = keepsLogs && status == .succeeded
        var fields: [String: JSONValue] = [
            "type": .text(call.kind.name), "from": .address(call.from), "to": .address(call.to),
            "gas": .quantity(UInt64(clamping: call.gas)), "gasUsed": .quantity(UInt64(clamping: exit?.gasUsed ?? 0)),
            "input": .data(call.input),
        ]
        if call.kind != .staticCall { fields["value"] = .quantity(call.value) }
        if let output = exit?.output, !output.isEmpty { fields["output"] = .data(output) }
        switch status {
        case .succeeded: break
        case .reverted:
            fields["error"] = "execution reverted"
            if let reason = Revert.reason(exit?.output ?? []) { fields["revertReason"] = .text(reason) }
        case .halted(let reason): fields["error"] = .text("\(reason)")
        }
        addInner(to: &fields, &number, keepsLogs: keepsLogs)
        return .object(fields)
    }

    /// Calls and logs, numbered in the order in which they happened.
    private func addInner(to fields: inout [String: JSONValue], _ number: inout Int, keepsLogs: Bool) {
        var (inner, written): ([JSONValue], [JSONValue]) = ([], [])
        var next = 0
        for position in 0...calls.count {
            while next < logs.count, logs[next].position == position {
                var log = logs[next].log
                log["position"] = .quantity(position)
                log["index"] = .quantity(number)
                if keepsLogs {
                    written.append(.object(log))
                    number += 1
                }
                next += 1
            }
            if position < calls.count { inner.append(calls[position].object(&number, keepsLogs: keepsLogs)) }
        }
        if !inner.isEmpty { fields["calls"] = .list(inner) }
        if !written.isEmpty { fields["logs"] = .list(written) }
    }
}

extension CallKind {
    fileprivate var name: String {
        switch self {
        case .call: "CALL"
        case .callCode: "CALLCODE"
        case .delegateCall: "DELEGATECALL"
        case .staticCall: "STATICCALL"
        case .create: "CREATE"
        case .create2: "CREATE2"
        }
    }
}
