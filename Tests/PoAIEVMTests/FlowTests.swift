import Foundation
import PoAIEVM
import PoAIPrimitives
import Testing

@Suite("Control flow, memory and calls")
struct FlowTests {
    @Test(arguments: [
        ("push1 03 jump jumpdest", HaltReason?.none), ("push1 04 jump stop jumpdest", nil),
        ("push1 04 jump push1 5b jumpdest", .invalidJump),  // the 5b is data
        ("push1 00 jump", .invalidJump), ("push1 64 jump", .invalidJump), ("push0 not jump", .invalidJump),
        ("push9 010000000000000000 jump", .invalidJump), ("push0 push1 64 jumpi", nil),
        ("push1 01 push1 64 jumpi", .invalidJump), ("push0 not push1 05 jumpi jumpdest", nil),
        ("push1 20 push0 push0 returndatacopy", .returnDataOutOfBounds), ("push0 push0 push0 returndatacopy", nil),
        ("push0 push1 01 push0 returndatacopy", .returnDataOutOfBounds),
        ("push0 not push1 01 push0 returndatacopy", .returnDataOutOfBounds), ("push0 not mload", .outOfGas),
        ("push4 ffffffff mload", .outOfGas), ("push8 ffffffffffffffff mload", .outOfGas),
        ("push0 push0 not mstore", .outOfGas), ("push0 not push0 keccak256", .outOfGas),
        ("push0 push0 not keccak256", nil), ("push0 not push0 return", .outOfGas), ("push0 push0 not return", nil),
        ("push0 not push0 push0 mcopy", .outOfGas), ("push0 push0 not push0 not mcopy", nil),
        ("push0 not push0 log0", .outOfGas), ("push0 not push0 push0 calldatacopy", .outOfGas),
        ("push0 not push0 not push0 codecopy", .outOfGas), ("invalid", .invalidOpcode),
        ("push2 c001 push0 push0 create", .codeTooLarge),
        ("push0 push2 c001 push0 push0 create2", .codeTooLarge), ("push2 c000 push0 push0 create", nil),
    ]) func endsAsItShould(text: String, reason: HaltReason?) throws {
        let result = try EVM.run(EVM.code(text))
        if let reason {
            #expect(result.status == .halted(reason), "\(text)")
            #expect(result.gasUsed == 1_000_000)
        } else {
            #expect(result.succeeded, "\(text): \(result.status)")
        }
    }

    @Test func staticCallsChangeNothing() throws {
        // Each would succeed in a call of its own.
        let changing = [
            "push1 01 push0 sstore", "push1 01 push0 tstore", "push0 push0 log0", "push0 push0 push0 create",
            "push0 push0 push0 push0 create2", "push0 selfdestruct",
            "push0 push0 push0 push0 push1 01 push1 64 push0 call",
        ]
        for text in changing {
            var state = EVM.state(
                EVM.code("push0 push0 push0 push0 push1 99 gas staticcall push0 mstore push1 20 push0 return"))
            state.put(Address(truncating: 0x99), nonce: 1, balance: 5, code: EVM.code(text))
            var executor = BlockExecutor(view: state, environment: EVM.environment)
            let inStatic = try executor.call(CallRequest(from: EVM.caller, to: EVM.contract, gasLimit: 1_000_000))
            #expect(inStatic.succeeded && inStatic.output.last == 0, "\(text)")
            let direct = try executor.call(
                CallRequest(from: EVM.caller, to: Address(truncating: 0x99), gasLimit: 1_000_000))
            #expect(direct.succeeded, "\(text)")
        }
    }

    @Test func revertedDataComesBack() throws {
        let result = try EVM.run(EVM.code("push4 deadbeef push0 mstore push1 04 push1 1c revert"), gas: 100_000)
        #expect(result.status == .reverted)
        #expect(result.output == [0xde, 0xad, 0xbe, 0xef])
        #expect(result.gasUsed == 21_000 + 3 + 2 + 3 + 3 + 3 + 3)
    }

    @Test func callDataIsReadAndFilledUp() throws {
        let code = EVM.code("push1 02 calldataload push0 mstore push1 20 push0 return")
        let data = (UInt8(0)..<5).map { $0 }
        #expect(try EVM.run(code, data: data).output == [2, 3, 4] + [UInt8](repeating: 0, count: 29))
        let copy = EVM.code("push1 08 push1 03 push1 01 calldatacopy push1 20 push0 return")
        #expect(try EVM.run(copy, data: data).output == [0, 3, 4] + [UInt8](repeating: 0, count: 29))
    }

    /// MCOPY with overlap, in both directions.
    @Test func memoryCopiesOverlap() throws {
        let fill = EVM.code("push32 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f push0 mstore")
        let up = try EVM.run(fill + EVM.code("push1 08 push0 push1 04 mcopy push1 20 push0 return"))
        #expect(up.output.prefix(13) == [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 12])
        let down = try EVM.run(fill + EVM.code("push1 08 push1 04 push0 mcopy push1 20 push0 return"))
        #expect(down.output.prefix(13) == [4, 5, 6, 7, 8, 9, 10, 11, 8, 9, 10, 11, 12])
    }

    /// A contract that calls itself as deep as it may: the counter it stores is the number of frames. With little stack, so
    /// that frames on the thread's would overflow it.
    @Test func depthEndsAt1024OnASmallThread() throws {
        let code = EVM.code(
            """
            push0 sload push1 01 add push0 sstore
            push0 push0 push0 push0 push0 address gas call stop
            """)
        let outcome = Outcome()
        let thread = Thread {
            var environment = EVM.environment
            environment.gasLimit = .max
            var executor = BlockExecutor(view: EVM.state(code), environment: environment)
            let result = try? executor.execute(EVM.transaction(EVM.fields(gas: 1 << 60)))
            outcome.set(result?.succeeded == true ? (try? executor.diff())?.accounts : nil)
        }
        thread.stackSize = 256 * 1024
        thread.start()
        let accounts = try #require(outcome.wait())
        let storage = accounts.first { $0.address == EVM.contract }?.storage
        #expect(storage == [SlotChange(slot: .zero, value: 1025)])
    }

    /// What another thread found.
    private final class Outcome: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var accounts: [AccountDiff]?

        func set(_ accounts: [AccountDiff]?) {
            self.accounts = accounts
            done.signal()
        }

        func wait() -> [AccountDiff]? {
            done.wait()
            return accounts
        }
    }
}
