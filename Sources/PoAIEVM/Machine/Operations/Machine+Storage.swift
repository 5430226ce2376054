import PoAIPrimitives
import PoAITypes

// Storage, logs and the end of a frame.
extension Machine {
    mutating func loadStorage(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(1, frame) else { return .stackUnderflow }
        let slot = journal.slot(arguments[0], of: frame.pointee.account)
        let price: Int64 = journal.warm(slot: slot) ? 2100 : 100
        guard frame.pointee.registers.charge(price) else { return .outOfGas }
        arguments[0] = journal.slots[slot].value
        frame.pointee.registers.sp += 1
        return .running
    }

    /// SSTORE (EIP-2200, EIP-2929, EIP-3529).
    mutating func store(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        if frame.pointee.isStatic { return .staticViolation }
        guard frame.pointee.registers.gas > 2300 else { return .outOfGas }
        guard let arguments = take(2, frame) else { return .stackUnderflow }
        let slot = journal.slot(arguments[1], of: frame.pointee.account)
        let new = arguments[0]
        let old = journal.slots[slot].value
        let original = journal.slots[slot].original
        var price: Int64 = journal.warm(slot: slot) ? 2100 : 0
        if new == old || old != original {
            price &+= 100
        } else {
            price &+= original.isZero ? 20_000 : 2900
        }
        guard frame.pointee.registers.charge(price) else { return .outOfGas }
        if new == old { return .running }
        journal.refund &+= Self.refund(original: original, old: old, new: new)
        journal.set(new, slot: slot)
        return .running
    }

    /// What a change of a slot adds to the refund. `old` differs from `new`.
    private static func refund(original: UInt256, old: UInt256, new: UInt256) -> Int64 {
        let forClearing: Int64 = 4800
        if original == old { return new.isZero ? forClearing : 0 }
        var refund: Int64 = 0
        if !original.isZero {
            if old.isZero { refund &-= forClearing }
            if new.isZero { refund &+= forClearing }
        }
        if original == new { refund &+= original.isZero ? 20_000 - 100 : 5000 - 2100 - 100 }
        return refund
    }

    mutating func storeTransient(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        if frame.pointee.isStatic { return .staticViolation }
        guard frame.pointee.registers.charge(100) else { return .outOfGas }
        guard let arguments = take(2, frame) else { return .stackUnderflow }
        journal.setTransient(arguments[0], arguments[1], of: frame.pointee.account)
        return .running
    }

    mutating func log(_ frame: UnsafeMutablePointer<Frame>, topics count: Int) -> Status {
        if frame.pointee.isStatic { return .staticViolation }
        guard frame.pointee.registers.charge(375 &+ 375 &* Int64(count)) else { return .outOfGas }
        guard let arguments = take(2 + count, frame) else { return .stackUnderflow }
        guard let span = span(frame, arguments[count + 1], arguments[count]) else { return .outOfGas }
        guard frame.pointee.registers.charge(8 &* Int64(truncatingIfNeeded: span.size)) else { return .outOfGas }
        var topics: [Hash32] = []
        for index in 0..<count { topics.append(arguments[count - 1 - index].bigEndianHash) }
        let data = UnsafeBufferPointer(start: frame.pointee.registers.memory + span.offset, count: span.size)
        journal.logs.append(
            Log(address: Address(truncating: frame.pointee.address), topics: topics, data: Array(data)))
        return .running
    }

    /// RETURN and REVERT.
    mutating func end(_ status: Status, _ frame: UnsafeMutablePointer<Frame>) -> Status {
        guard let arguments = take(2, frame) else { return .stackUnderflow }
        guard let span = span(frame, arguments[1], arguments[0]) else { return .outOfGas }
        frame.pointee.resultOffset = span.offset
        frame.pointee.resultSize = span.size
        return status
    }

    /// SELFDESTRUCT: sends the balance; deletes the account only if it was created in this transaction (EIP-6780).
    mutating func selfDestruct(_ frame: UnsafeMutablePointer<Frame>) -> Status {
        if frame.pointee.isStatic { return .staticViolation }
        guard let arguments = take(1, frame) else { return .stackUnderflow }
        let own = frame.pointee.account
        let heir = journal.account(word: Self.address(arguments[0]))
        let wei = journal.accounts[own].balance
        var price: Int64 = 5000
        if journal.warm(account: heir) { price &+= 2600 }
        if !wei.isZero, journal.accounts[heir].isEmpty { price &+= 25_000 }
        guard frame.pointee.registers.charge(price) else { return .outOfGas }
        let isNew = journal.isNew(own)
        if heir != own {
            _ = journal.subtract(wei, from: own)
            journal.add(wei, to: heir)
        } else if isNew {
            _ = journal.subtract(wei, from: own)
        }
        if isNew { journal.destroy(own) }
        return .stopped
    }
}
