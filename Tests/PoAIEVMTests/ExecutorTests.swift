import PoAIEVM
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Transactions of a block")
struct ExecutorTests {
    typealias Fault = ExecutionFault<MemoryState.Failed>

    static let rich = UInt256(1) << 100
    static let other = Address(truncating: 0x99)

    private func executor(
        _ code: [UInt8] = [], baseFee: UInt256 = .zero, gasLimit: UInt64 = 30_000_000
    ) -> BlockExecutor<MemoryState> {
        var environment = EVM.environment
        environment.baseFee = baseFee
        environment.gasLimit = gasLimit
        return BlockExecutor(view: EVM.state(code), environment: environment)
    }

    // MARK: What makes a transaction invalid

    @Test func invalidTransactionsLeaveNoTrace() throws {
        let cost = UInt256(30_000) &* 10 &+ Self.rich
        let cases: [(TransactionFields, Fault)] = [
            (EVM.fields(nonce: 1, fee: 10), .state(.nonceTooHigh(got: 1, expected: 0))),
            (EVM.fields(nonce: .max, fee: 10), .transaction(.nonceTooHigh)),
            (EVM.fields(fee: 6), .state(.maxFeeBelowBaseFee(got: 6, baseFee: 7))),
            (EVM.fields(fee: 10, tip: 11), .transaction(.priorityFeeAboveMaxFee(priority: 11, maximum: 10))),
            (EVM.fields(gas: 20_999, fee: 10), .transaction(.intrinsicGas(got: 20_999, needed: 21_000))),
            (EVM.fields(gas: 52_999, to: nil, fee: 10), .transaction(.intrinsicGas(got: 52_999, needed: 53_000))),
            (EVM.fields(gas: 21_015, data: [1], fee: 10), .transaction(.intrinsicGas(got: 21_015, needed: 21_016))),
            (
                EVM.fields(gas: 30_000_001, fee: 10),
                .state(.gasLimitAboveBlock(got: 30_000_001, left: 30_000_000))
            ),
            (
                EVM.fields(gas: 30_000, value: Self.rich, fee: 10),
                .state(.insufficientFunds(balance: Self.rich, needed: cost))
            ),
            (EVM.fields(value: .max, fee: 10), .state(.insufficientFunds(balance: Self.rich, needed: nil))),
            (EVM.fields(fee: .max), .transaction(.feeOverflow(gasLimit: 1_000_000, price: .max))),
            (
                EVM.fields(gas: 10_000_000, to: nil, data: [UInt8](repeating: 0, count: 49_153), fee: 10),
                .transaction(.initcodeTooLong(got: 49_153, limit: 49_152))
            ),
            (
                .dynamicFee(
                    chainID: 2, nonce: 0, maxPriorityFeePerGas: 0, maxFeePerGas: 10, gasLimit: 30_000, to: EVM.contract),
                .transaction(.chainID(got: 2, expected: 1))
            ),
        ]
        var executor = executor(EVM.code("push1 01 push0 sstore"), baseFee: 7)
        for (fields, fault) in cases {
            #expect(throws: fault) { try executor.execute(EVM.transaction(fields)) }
        }
        #expect(throws: Fault.state(.senderHasCode)) {
            try executor.execute(EVM.transaction(EVM.fields(nonce: 1, fee: 10), from: EVM.contract))
        }
        #expect(executor.gasUsed == 0)
        #expect(try executor.diff() == StateDiff())
        // A valid one still goes, and after it its own nonce is too low.
        #expect(try executor.execute(EVM.transaction(EVM.fields(fee: 10))).succeeded)
        #expect(throws: Fault.state(.nonceTooLow(got: 0, expected: 1))) {
            try executor.execute(EVM.transaction(EVM.fields(fee: 10)))
        }
    }

    @Test func faultsAreOneLine() {
        let faults: [Fault] = [
            .transaction(.nonceTooHigh), .state(.senderHasCode), .state(.nonceTooLow(got: 1, expected: 2)),
            .state(.nonceTooHigh(got: 3, expected: 2)), .state(.insufficientFunds(balance: 5, needed: 6)),
            .state(.insufficientFunds(balance: 5, needed: nil)), .state(.gasLimitAboveBlock(got: 7, left: 6)),
            .state(.maxFeeBelowBaseFee(got: 1, baseFee: 2)), .view(MemoryState.Failed()),
        ]
        for fault in faults { #expect(!fault.description.isEmpty && !fault.description.contains("\n")) }
        #expect("\(Fault.state(.nonceTooHigh(got: 3, expected: 2)))".contains("got 3, expected 2"))
    }

    @Test func gasOfTheBlockIsShared() throws {
        var executor = executor(gasLimit: 50_000)
        #expect(try executor.execute(EVM.transaction(EVM.fields(gas: 50_000, to: Self.other))).gasUsed == 21_000)
        #expect(executor.gasLeft == 29_000)
        #expect(throws: Fault.state(.gasLimitAboveBlock(got: 29_001, left: 29_000))) {
            try executor.execute(EVM.transaction(EVM.fields(nonce: 1, gas: 29_001, to: Self.other)))
        }
        #expect(try executor.execute(EVM.transaction(EVM.fields(nonce: 1, gas: 29_000, to: Self.other))).succeeded)
    }

    @Test func aFailingViewIsReportedForGood() throws {
        var state = EVM.state([0x00])
        state.broken = Self.other
        var executor = BlockExecutor(view: state, environment: EVM.environment)
        let transfer = EVM.transaction(EVM.fields(to: Self.other))
        #expect(throws: Fault.view(MemoryState.Failed())) { try executor.execute(transfer) }
        #expect(throws: Fault.view(MemoryState.Failed())) { try executor.execute(EVM.transaction(EVM.fields())) }
        #expect(throws: Fault.view(MemoryState.Failed())) { try executor.diff() }
        #expect(throws: Fault.view(MemoryState.Failed())) { try executor.account(EVM.caller) }
    }

    @Test func aViewThatFailsWithinCodeIsReported() throws {
        var state = EVM.state(EVM.code("jumpdest push1 99 balance pop push0 jump"))
        state.broken = Self.other
        var executor = BlockExecutor(view: state, environment: EVM.environment)
        #expect(throws: Fault.view(MemoryState.Failed())) { try executor.execute(EVM.transaction(EVM.fields())) }
    }

    // MARK: Fees

    @Test func theBaseFeeIsBurntAndTheTipPaid() throws {
        var executor = executor(baseFee: 7)
        let result = try executor.execute(
            EVM.transaction(EVM.fields(gas: 100_000, to: Self.other, value: 5, fee: 12, tip: 3)))
        #expect(result.gasUsed == 21_000)
        let balance = try executor.account(EVM.caller)?.balance
        #expect(balance == Self.rich &- 210_005)
        #expect(try executor.account(EVM.miner)?.balance == 63_000)
        #expect(try executor.account(Self.other)?.balance == 5)
    }

    @Test func theTipIsWhatTheMaximumLeaves() throws {
        var executor = executor(baseFee: 7)
        _ = try executor.execute(EVM.transaction(EVM.fields(to: Self.other, fee: 8, tip: 3)))
        #expect(try executor.account(EVM.miner)?.balance == 21_000)
    }

    @Test func aHaltTakesAllGasAndUndoesTheRest() throws {
        var executor = executor(EVM.code("push1 01 push0 sstore push0 push0 log0 invalid"))
        let result = try executor.execute(EVM.transaction(EVM.fields(gas: 60_000, value: 9, fee: 2, tip: 2)))
        #expect(result.status == .halted(.invalidOpcode) && result.gasUsed == 60_000 && result.logs.isEmpty)
        let diff = try executor.diff()
        #expect(diff.accounts.map(\.address) == [EVM.miner, EVM.caller].sorted())
        #expect(try executor.account(EVM.caller) == AccountState(nonce: 1, balance: Self.rich &- 120_000))
    }

    @Test func subsidiesAreCredited() throws {
        var executor = executor()
        try executor.credit(EVM.miner, 5)
        try executor.credit(EVM.miner, 6)
        try executor.credit(Self.other, 0)
        #expect(try executor.diff().accounts == [AccountDiff(address: EVM.miner, state: AccountState(balance: 11))])
    }

    // MARK: Contracts

    @Test func aCreationMakesAContract() throws {
        var executor = executor()
        // Returns the two bytes 5b 00.
        let initcode = EVM.code("push2 5b00 push0 mstore push1 02 push1 1e return")
        let result = try executor.execute(EVM.transaction(EVM.fields(to: nil, value: 3, data: initcode)))
        let address = ContractAddress.create(EVM.caller, nonce: 0)
        #expect(result.succeeded && result.createdAddress == address && result.output == [0x5b, 0x00])
        let change = try #require(try executor.diff().accounts.first { $0.address == address })
        #expect(change.code == [0x5b, 0x00])
        #expect(change.state == AccountState(nonce: 1, balance: 3, codeHash: Keccak256.hash([0x5b, 0x00])))
        #expect(!change.isStorageCleared)
    }

    @Test(arguments: [
        ("push1 ef push0 mstore8 push1 01 push0 return", HaltReason.codePrefix),
        ("push2 6001 push0 return", .codeTooLarge), ("push2 6000 push0 return", .outOfGas),
    ]) func aCreationThatReturnsWrongCodeFails(text: String, reason: HaltReason) throws {
        var executor = executor()
        let result = try executor.execute(EVM.transaction(EVM.fields(gas: 200_000, to: nil, data: EVM.code(text))))
        #expect(result.status == .halted(reason) && result.createdAddress == nil && result.gasUsed == 200_000)
        #expect(try executor.diff().accounts.map(\.address) == [EVM.caller])
    }

    @Test func whereSomethingIsNothingIsCreated() throws {
        let address = ContractAddress.create(EVM.caller, nonce: 0)
        for kind in 0..<4 {
            var state = EVM.state([])
            state.put(
                address, nonce: kind == 0 ? 1 : 0, balance: 7, code: kind == 1 ? [0x00] : [],
                storage: kind == 2 ? [1: 1] : [:])
            var executor = BlockExecutor(view: state, environment: EVM.environment)
            let result = try executor.execute(EVM.transaction(EVM.fields(to: nil)))
            // Wei alone do not stand in the way.
            #expect(result.status == (kind == 3 ? .succeeded : .halted(.addressTaken)), "\(kind)")
        }
    }

    /// EIP-6780: only a contract of the same transaction is deleted.
    @Test func selfDestructionDeletesNewContractsOnly() throws {
        var executor = executor(EVM.code("push1 99 selfdestruct"))
        _ = try executor.execute(EVM.transaction(EVM.fields(value: 4)))
        #expect(try executor.account(EVM.contract)?.nonce == 1)
        #expect(try executor.account(Self.other)?.balance == 4)
        let born = try executor.execute(
            EVM.transaction(
                EVM.fields(nonce: 1, to: nil, value: 5, data: EVM.code("push1 01 push0 sstore push1 99 selfdestruct"))))
        let address = try #require(born.createdAddress)
        #expect(try executor.account(address) == nil)
        #expect(try executor.account(Self.other)?.balance == 9)
        #expect(try !executor.diff().accounts.contains { $0.address == address })
    }

    /// Created, destroyed and created again by CREATE2 in one block: the second has nothing of the first.
    @Test func aContractComesBackEmpty() throws {
        // Creates from its call data with salt 0 and no wei.
        let factory = EVM.code(
            "calldatasize push0 push0 calldatacopy push0 calldatasize push0 push0 create2 push0 sstore")
        // Stores at slot 1 if it is empty, else at slot 2; destroys itself if it was sent wei.
        let initcode = EVM.code("push1 01 sload push1 01 add push1 01 sstore push0 selfdestruct")
        var executor = executor(factory)
        for nonce in UInt64(0)..<2 {
            let result = try executor.execute(EVM.transaction(EVM.fields(nonce: nonce, data: initcode)))
            #expect(result.succeeded)
        }
        let address = initcode.withUnsafeBytes { ContractAddress.create2(EVM.contract, salt: .zero, initcode: $0) }
        let diff = try executor.diff()
        #expect(!diff.accounts.contains { $0.address == address })
        let made = diff.accounts.first { $0.address == EVM.contract }?.storage.first?.value
        #expect(made == UInt256(address))
    }

    /// EIP-161: an empty account disappears when touched, and does not come to be by being touched.
    @Test func emptyAccountsDisappear() throws {
        var state = EVM.state([])
        state.put(Self.other)
        var executor = BlockExecutor(view: state, environment: EVM.environment)
        _ = try executor.execute(EVM.transaction(EVM.fields(to: EVM.contract)))
        #expect(try executor.diff().accounts.map(\.address) == [EVM.caller])
        _ = try executor.execute(EVM.transaction(EVM.fields(nonce: 1, to: Self.other)))
        _ = try executor.execute(EVM.transaction(EVM.fields(nonce: 2, to: Address(truncating: 0x77))))
        let diff = try executor.diff()
        #expect(diff.accounts.map(\.address) == [Self.other, EVM.caller].sorted())
        #expect(diff.accounts.first { $0.address == Self.other } == AccountDiff(address: Self.other, state: nil))
    }

    @Test func whatIsSetBackIsNoChange() throws {
        var executor = executor(EVM.code("calldatasize push0 sstore"))
        _ = try executor.execute(EVM.transaction(EVM.fields(data: [1, 2])))
        #expect(
            try executor.diff().accounts.first { $0.address == EVM.contract }?.storage == [
                SlotChange(slot: 0, value: 2)
            ])
        _ = try executor.execute(EVM.transaction(EVM.fields(nonce: 1)))
        #expect(try executor.diff().accounts.map(\.address) == [EVM.caller])
    }

    @Test func transientStorageEndsWithTheTransaction() throws {
        var executor = executor(EVM.code("push0 tload push0 sstore push1 07 push0 tstore"))
        for nonce in UInt64(0)..<2 {
            #expect(try executor.execute(EVM.transaction(EVM.fields(nonce: nonce))).succeeded)
        }
        #expect(try executor.diff().accounts.map(\.address) == [EVM.caller])
    }

    // MARK: Calls without transaction

    @Test func aCallChangesNothing() throws {
        let code = EVM.code("push1 01 push0 sstore basefee push0 mstore gasprice push1 20 mstore push1 40 push0 return")
        var executor = executor(code, baseFee: 7)
        let free = try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: 100_000))
        #expect(free.succeeded && free.output == [UInt8](repeating: 0, count: 64))
        let paid = try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: 100_000, gasPrice: 9))
        #expect(paid.output[31] == 7 && paid.output[63] == 9)
        #expect(try executor.diff() == StateDiff())
        #expect(executor.gasUsed == 0)
        // The second call paid for a cold slot as the first did.
        #expect(free.gasUsed == paid.gasUsed)
    }

    @Test func aCallSeesTheTransactionsBefore() throws {
        var executor = executor(EVM.code("push0 sload push0 mstore push1 2a push0 sstore push1 20 push0 return"))
        _ = try executor.execute(EVM.transaction(EVM.fields()))
        #expect(
            try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: 100_000)).output.last == 0x2a)
    }

    @Test func impossibleCallsAreRefused() throws {
        var executor = executor()
        #expect(throws: Fault.state(.insufficientFunds(balance: 0, needed: 1))) {
            try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: 100_000, value: 1))
        }
        #expect(throws: Fault.transaction(.intrinsicGas(got: 20_999, needed: 21_000))) {
            try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: 20_999))
        }
        let long = [UInt8](repeating: 0, count: 49_153)
        #expect(throws: Fault.transaction(.initcodeTooLong(got: 49_153, limit: 49_152))) {
            try executor.call(CallRequest(from: Self.other, to: nil, gasLimit: 10_000_000, data: long))
        }
        // More gas than can be counted is as good as what can be.
        let all = try executor.call(CallRequest(from: Self.other, to: EVM.contract, gasLimit: .max))
        #expect(all.succeeded && all.gasUsed == 21_000)
    }

    @Test func aContractMayCall() throws {
        var executor = executor(EVM.code("caller push0 mstore push1 20 push0 return"))
        let result = try executor.call(CallRequest(from: EVM.contract, to: EVM.contract, gasLimit: 100_000))
        #expect(UInt256(bigEndianBytes: result.output) == UInt256(EVM.contract))
    }
}
