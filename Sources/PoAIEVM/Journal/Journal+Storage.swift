import PoAIPrimitives

extension Journal {
    /// Number of a slot of the account's storage.
    @inline(__always)
    package mutating func slot(_ word: UInt256, of account: Int) -> Int {
        let key = RecordKey(word: word, scope: UInt32(truncatingIfNeeded: account))
        let index = slots.find(key) ?? load(key)
        if slots[index].originalOf != transaction {
            slots[index].originalOf = transaction
            slots[index].original = slots[index].value
        }
        return index
    }

    @inline(never)
    private mutating func load(_ key: RecordKey) -> Int {
        let account = Int(key.scope)
        let isKnown = !accounts[account].isInView || accounts[account].isStorageCleared
        let value = isKnown ? .zero : reader.storage(accounts[account].address, key.word)
        let index = slots.insert(
            SlotRecord(
                key: key, valueInView: value, value: value, original: value, next: accounts[account].firstSlot))
        accounts[account].firstSlot = Int32(truncatingIfNeeded: index)
        return index
    }

    /// What the slot holds, and what it held when the transaction began.
    package func values(slot index: Int) -> (now: UInt256, original: UInt256) {
        (slots[index].value, slots[index].original)
    }

    /// Marks the slot as accessed (EIP-2929).
    /// - Returns: whether it was not before.
    @inline(__always)
    package mutating func warm(slot index: Int) -> Bool {
        if slots[index].warmIn == transaction { return false }
        slots[index].warmIn = transaction
        save(.warmSlot, index)
        return true
    }

    /// Writes a slot. Only the first write after a checkpoint needs an entry.
    @inline(__always)
    package mutating func set(_ value: UInt256, slot index: Int) {
        if slots[index].savedAfter != checkpointInForce {
            save(.slot, index, slots[index].value)
            slots[index].savedAfter = checkpointInForce
        }
        slots[index].value = value
    }

    /// Reads transient storage.
    package func transient(_ word: UInt256, of account: Int) -> UInt256 {
        let key = RecordKey(word: word, scope: UInt32(truncatingIfNeeded: account))
        guard let index = transients.find(key) else { return .zero }
        return transients[index].value
    }

    /// Writes transient storage.
    package mutating func setTransient(_ value: UInt256, _ word: UInt256, of account: Int) {
        let key = RecordKey(word: word, scope: UInt32(truncatingIfNeeded: account))
        let index = transients.find(key) ?? transients.insert(TransientRecord(key: key, value: .zero))
        save(.transient, index, transients[index].value)
        transients[index].value = value
    }
}
