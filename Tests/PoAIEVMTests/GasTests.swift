import PoAIEVM
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Gas")
struct GasTests {
    struct Change: Sendable, CustomStringConvertible {
        let code: String
        let used: UInt64
        let refund: UInt64
        let original: UInt64

        init(_ code: String, _ used: UInt64, _ refund: UInt64, _ original: UInt64) {
            (self.code, self.used, self.refund, self.original) = (code, used, refund, original)
        }

        var description: String { "\(code) from \(original)" }
    }

    /// The table of EIP-3529, where the slot is warm.
    static let changes: [Change] = [
        Change("60006000556000600055", 212, 0, 0), Change("60006000556001600055", 20_112, 0, 0),
        Change("60016000556000600055", 20_112, 19_900, 0), Change("60016000556002600055", 20_112, 0, 0),
        Change("60016000556001600055", 20_112, 0, 0), Change("60006000556000600055", 3012, 4800, 1),
        Change("60006000556001600055", 3012, 2800, 1), Change("60006000556002600055", 3012, 0, 1),
        Change("60026000556000600055", 3012, 4800, 1), Change("60026000556003600055", 3012, 0, 1),
        Change("60026000556001600055", 3012, 2800, 1), Change("60026000556002600055", 3012, 0, 1),
        Change("60016000556000600055", 3012, 4800, 1), Change("60016000556002600055", 3012, 0, 1),
        Change("60016000556001600055", 212, 0, 1), Change("600160005560006000556001600055", 40_118, 19_900, 0),
        Change("600060005560016000556000600055", 5918, 7600, 1),
    ]

    @Test(arguments: changes) func changesOfASlotCostWhatTheEIPSays(change: Change) throws {
        let storage: [UInt256: UInt256] = change.original == 0 ? [:] : [.zero: UInt256(change.original)]
        var executor = BlockExecutor(
            view: EVM.state(try Hex.decode(change.code), storage: storage), environment: EVM.environment)
        let result = try executor.call(
            CallRequest(
                from: EVM.caller, to: EVM.contract, gasLimit: 200_000,
                accessList: [AccessListEntry(address: EVM.contract, storageKeys: [.zero])]))
        let used = 21_000 + 2400 + 1900 + change.used
        #expect(result.gasRefunded == min(change.refund, used / 5))
        #expect(result.gasUsed == used - result.gasRefunded)
    }

    /// What code costs beyond the 21000 of a call.
    @Test(arguments: [
        ("stop", 0), ("", 0), ("push0 sload", 2102), ("push0 sload push0 sload", 2204),
        ("push1 01 push0 sstore", 22_105), ("push0 tload", 102), ("push1 01 push0 tstore", 105),
        ("push1 01 push0 tstore push0 tload", 207), ("push0 mload", 8), ("push1 01 mload", 12),
        ("push2 0400 mload", 3 + 3 + 33 * 3 + 2), ("push3 010000 mload", 3 + 3 + 2049 * 3 + 2049 * 2049 / 512),
        ("push0 push0 mcopy", -1), ("push0 push0 push0 mcopy", 9),
        ("push1 20 push0 push0 mcopy", 3 + 2 + 2 + 3 + 3 + 3),
        ("push1 21 push0 push0 mcopy", 3 + 2 + 2 + 3 + 6 + 6), ("push0 push0 keccak256", 34),
        ("push1 21 push0 keccak256", 3 + 2 + 30 + 12 + 6), ("push0 push1 02 exp", 15), ("push1 ff push1 02 exp", 66),
        ("push2 0100 push1 02 exp", 116), ("push0 push0 log0", 379), ("push1 08 push0 log0", 3 + 2 + 375 + 64 + 3),
        ("push0 push0 push0 push0 push0 push0 log4", 6 * 2 + 375 * 5), ("push1 64 balance", 2603),
        ("push1 64 balance push1 64 balance", 2706), ("address balance", 102), ("caller balance", 102),
        ("push1 01 balance", 103), ("coinbase balance", 102), ("push1 64 extcodesize", 2603),
        ("push1 64 extcodehash", 2603), ("push0 push0 push0 push1 64 extcodecopy", 2609), ("selfbalance", 5),
        ("push1 01 blockhash", 23), ("push0 blobhash", 5), ("blobbasefee", 2), ("jumpdest", 1),
        ("push0 calldataload", 5),
        ("push1 01 push1 06 jumpi stop jumpdest", 17),
        ("push1 04 jump stop jumpdest", 12), ("push0 push0 push0 create", 32_006),
        ("push0 push0 push0 push0 create2", 32_008), ("push1 21 push0 push0 create", 32_000 + 3 + 2 + 2 + 4 + 6),
        // A cold callee without code, gas given back; a precompiled contract, which is warm.
        ("push0 push0 push0 push0 push1 64 push2 2710 staticcall", 4 * 2 + 3 + 3 + 2600),
        ("push0 push0 push0 push0 push1 04 push2 2710 staticcall", 4 * 2 + 3 + 3 + 100 + 15),
        // Deletes nothing, as the contract is old; the heir is cold, and new if it gets wei.
        ("push1 64 selfdestruct", 3 + 5000 + 2600),
    ]) func codeCosts(text: String, expected: Int) throws {
        if expected < 0 {
            guard case .halted = try EVM.run(EVM.code(text)).status else {
                Issue.record("\(text) should halt")
                return
            }
            return
        }
        let result = try EVM.run(EVM.code(text), gas: 21_000 + UInt64(expected))
        #expect(result.succeeded, "\(text): \(result.status)")
        #expect(result.gasUsed == 21_000 + UInt64(expected))
        guard expected > 0 else { return }
        // One gas less is too little. SSTORE and calls may fail in another way, but not succeed at the same price.
        let less = try EVM.run(EVM.code(text), gas: 21_000 + UInt64(expected) - 1)
        #expect(less.status == .halted(.outOfGas) || less.gasUsed < result.gasUsed, "\(text): \(less.status)")
    }

    /// EIP-2200: with 2300 gas or less left nothing is stored, however cheap it would be.
    @Test func aStipendDoesNotStore() throws {
        // 4 gas for pushes, then 2300 left.
        let result = try EVM.run(EVM.code("push0 push0 sstore"), gas: 21_000 + 4 + 2300)
        #expect(result.status == .halted(.outOfGas))
        #expect(try EVM.run(EVM.code("push0 push0 sstore"), gas: 21_000 + 4 + 2301).succeeded)
    }

    @Test func aRefundIsAtMostAFifth() throws {
        // Clears ten slots: 10 * 4800 would be more.
        let clear: [UInt8] = (UInt8(0)..<10).flatMap { slot -> [UInt8] in [0x5f, 0x60, slot, 0x55] }
        let storage = Dictionary(uniqueKeysWithValues: (UInt64(0)..<10).map { (UInt256($0), UInt256.one) })
        let result = try EVM.run(clear, storage: storage)
        let before: UInt64 = 21_000 + 10 * (2 + 3 + 5000)
        #expect(result.gasRefunded == before / 5)
        #expect(result.gasUsed == before - before / 5)
    }

    /// EIP-150: a callee gets all but a 64th, whatever is asked for.
    @Test func aCalleeGetsAllButA64th() throws {
        let inner = EVM.code("gas push0 mstore push1 20 push0 return")
        var state = EVM.state(EVM.code("push1 20 push0 push0 push0 push1 99 gas staticcall push1 20 push0 return"))
        state.put(Address(truncating: 0x99), nonce: 1, code: inner)
        var executor = BlockExecutor(view: state, environment: EVM.environment)
        let result = try executor.call(CallRequest(from: EVM.caller, to: EVM.contract, gasLimit: 121_000))
        // Five pushes of 2 or 3, GAS, a cold account, and 32 bytes of memory.
        let left: UInt64 = 100_000 - (3 + 2 + 2 + 2 + 3 + 2) - 2600 - 3
        #expect(UInt256(bigEndianBytes: result.output) == UInt256(left - left / 64 - 2))
    }

    @Test func callsPayForWeiAndNewAccounts() throws {
        func used(_ target: String, _ value: String) throws -> UInt64 {
            let code = EVM.code("push0 push0 push0 push0 push1 \(value) push1 \(target) push0 call")
            var executor = BlockExecutor(view: EVM.state(code, balance: 10), environment: EVM.environment)
            let result = try executor.call(CallRequest(from: EVM.caller, to: EVM.contract, gasLimit: 200_000))
            #expect(result.succeeded)
            return result.gasUsed - 21_000 - 16
        }
        #expect(try used("64", "00") == 2600)
        // The stipend of 2300 comes back, as there is no code to use it.
        #expect(try used("64", "01") == 2600 + 9000 + 25_000 - 2300)
        #expect(try used("04", "00") == 100 + 0)
    }
}
