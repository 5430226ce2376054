import PoAIEVM
import PoAIPrimitives
import PoAITypes

/// Collects the accounts and slots that a call touches and that are not warm anyway.
struct AccessListTracer: EVMTracer {
    static var isActive: Bool { true }

    private var slots: [Address: Set<Hash32>] = [:]
    /// Accounts that are warm from the begin; their slots are not.
    private let known: Set<Address>

    /// - Parameter announced: the begin, given back in sorted form by `entries` with what is touched besides.
    init(announced: [AccessListEntry], known: [Address]) {
        self.known = Set(known)
        for entry in announced { slots[entry.address, default: []].formUnion(entry.storageKeys) }
    }

    /// Ascending by address, keys ascending.
    var entries: [AccessListEntry] {
        slots.sorted { $0.key < $1.key }.map { AccessListEntry(address: $0.key, storageKeys: $0.value.sorted()) }
    }

    mutating func step(_ step: EVMStep) {
        switch step.opcode {
        case Opcode.sload, Opcode.sstore:
            guard let slot = step.top() else { return }
            slots[step.address, default: []].insert(slot.bigEndianHash)
        case Opcode.balance, Opcode.extcodesize, Opcode.extcodecopy, Opcode.extcodehash, Opcode.selfdestruct:
            add(step.top())
        case Opcode.call, Opcode.callcode, Opcode.delegatecall, Opcode.staticcall: add(step.top(1))
        default: break
        }
    }

    private mutating func add(_ word: UInt256?) {
        guard let word else { return }
        let address = Address(lastBytesOf: word.bigEndianHash)
        guard !known.contains(address) else { return }
        slots[address, default: []] = slots[address] ?? []
    }

    mutating func cost(_ gas: Int64) {}
    mutating func enter(_ call: EVMCall) {}
    mutating func exit(_ exit: EVMExit) {}
}

extension EVMStep {
    /// The word so many below the top of the stack.
    func top(_ depth: Int = 0) -> UInt256? {
        depth < stack.count ? stack[stack.count - 1 - depth] : nil
    }
}
