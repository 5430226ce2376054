import PoAIPrimitives

extension Journal {
    /// The account as it is now; also of one that does not exist.
    package func state(_ index: Int) -> AccountState {
        let account = accounts[index]
        return AccountState(nonce: account.nonce, balance: account.balance, codeHash: account.codeHash)
    }

    /// Whether the account is part of the state, as of the end of the last transaction.
    package func exists(_ index: Int) -> Bool { accounts[index].exists }

    /// Marks the account as accessed (EIP-2929).
    /// - Returns: whether it was not before.
    @inline(__always)
    package mutating func warm(account index: Int) -> Bool {
        if accounts[index].warmIn == transaction { return false }
        accounts[index].warmIn = transaction
        save(.warmAccount, index)
        return true
    }

    /// Counts the account as touched, so that it is deleted at the end if it is empty (EIP-161).
    package mutating func touch(_ index: Int) {
        if accounts[index].touchedIn == transaction { return }
        accounts[index].touchedIn = transaction
        touched.append(UInt32(truncatingIfNeeded: index))
        // The machine's own contract 3 stays touched when its call fails, as on the main network since block 2675119.
        if accounts[index].address != Self.ripemd160 { save(.touched, index) }
    }

    private static let ripemd160 = Address(truncating: 3)

    /// Gives wei to the account. Sums beyond 2^256 wrap: more wei than that never exists.
    package mutating func add(_ wei: UInt256, to index: Int) {
        touch(index)
        if wei.isZero { return }
        save(.balance, index, accounts[index].balance)
        accounts[index].balance = accounts[index].balance &+ wei
    }

    /// Takes wei from the account.
    /// - Returns: false, and nothing is changed, if it has too little.
    package mutating func subtract(_ wei: UInt256, from index: Int) -> Bool {
        let (rest, isTooLittle) = accounts[index].balance.subtractingReportingOverflow(wei)
        if isTooLittle { return false }
        touch(index)
        if wei.isZero { return true }
        save(.balance, index, accounts[index].balance)
        accounts[index].balance = rest
        return true
    }

    /// Gives the account another nonce.
    package mutating func setNonce(_ nonce: UInt64, of index: Int) {
        touch(index)
        save(.nonce, index, UInt256(accounts[index].nonce))
        accounts[index].nonce = nonce
    }

    /// Notes that a contract is created here in this transaction (EIP-6780).
    package mutating func markCreated(_ index: Int) {
        touch(index)
        if accounts[index].createdIn == transaction { return }
        accounts[index].createdIn = transaction
        save(.created, index)
    }

    /// Whether the contract was created in this transaction.
    package func isNew(_ index: Int) -> Bool { accounts[index].createdIn == transaction }

    /// Has the account deleted at the end of the transaction.
    package mutating func destroy(_ index: Int) {
        touch(index)
        if accounts[index].destroyedIn == transaction { return }
        accounts[index].destroyedIn = transaction
        save(.destroyed, index)
    }

    /// Whether a contract cannot be created here: there is one, or a sender, or storage (EIP-684, EIP-7610).
    package func isTaken(_ index: Int) -> Bool {
        if accounts[index].nonce != 0 || !accounts[index].hasNoCode { return true }
        guard accounts[index].isInView, !accounts[index].isStorageCleared else { return false }
        return reader.hasStorage(accounts[index].address)
    }

    // MARK: Code

    /// Gives an account without code its code.
    package mutating func setCode(_ bytes: UnsafeRawBufferPointer, of index: Int) {
        touch(index)
        if bytes.isEmpty { return }
        let hash = Keccak256.hash(bytes)
        let number: Int32
        if let known = codeNumbers[hash] {
            number = known
        } else {
            number = keep(Code(bytes), hash)
        }
        save(.code, index)
        accounts[index].codeHash = hash
        accounts[index].code = number
    }

    /// The account's code, loaded if need be.
    mutating func code(of index: Int) -> Code {
        let number = accounts[index].code
        if number >= 0 { return codes[Int(number)] }
        let hash = accounts[index].codeHash
        let found = codeNumbers[hash] ?? keep(Code.copy(of: reader.code(hash)), hash)
        accounts[index].code = found
        return codes[Int(found)]
    }

    private mutating func keep(_ code: Code, _ hash: Hash32) -> Int32 {
        codes.append(code)
        let number = Int32(truncatingIfNeeded: codes.count - 1)
        codeNumbers[hash] = number
        return number
    }
}
