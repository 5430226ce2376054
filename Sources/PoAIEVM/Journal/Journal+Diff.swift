import PoAIPrimitives

extension Journal {
    /// What the finished transactions changed.
    package func diff() -> StateDiff {
        var changes: [AccountDiff] = []
        for index in 0..<accounts.count {
            if let change = change(index) { changes.append(change) }
        }
        changes.sort { $0.address < $1.address }
        return StateDiff(accounts: changes)
    }

    private func change(_ index: Int) -> AccountDiff? {
        let account = accounts[index]
        guard account.exists else {
            return account.isInView ? AccountDiff(address: account.address, state: nil) : nil
        }
        let isCleared = account.isStorageCleared && account.isInView
        let storage = changedSlots(of: account, isCleared: isCleared)
        let hasNewCode = account.codeHash != account.codeHashInView
        let isSame =
            account.isInView && account.nonce == account.nonceInView && account.balance == account.balanceInView
            && !hasNewCode && !isCleared && storage.isEmpty
        if isSame { return nil }
        let isDeployed = hasNewCode && account.code > 0
        return AccountDiff(
            address: account.address,
            state: AccountState(nonce: account.nonce, balance: account.balance, codeHash: account.codeHash),
            code: isDeployed ? codes[Int(account.code)].array : nil, isStorageCleared: isCleared, storage: storage)
    }

    private func changedSlots(of account: AccountRecord, isCleared: Bool) -> [SlotChange] {
        var changes: [SlotChange] = []
        var index = Int(account.firstSlot)
        while index >= 0 {
            let slot = slots[index]
            if slot.value != (isCleared ? .zero : slot.valueInView) {
                changes.append(SlotChange(slot: slot.key.word, value: slot.value))
            }
            index = Int(slot.next)
        }
        changes.sort { $0.slot < $1.slot }
        return changes
    }
}
