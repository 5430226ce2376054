import Foundation
import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import PoAITrie
import PoAITypes
import Testing

/// A block of transactions to random contracts that call each other, against what Ethereum's execution specification made
/// of them (Tests/Vectors/make_evm_programs.py). POAI_EVM_PROGRAMS names another file of them.
@Suite("Programs")
struct ProgramVectorTests {
    /// A line of the file.
    struct Entry {
        let codes: [[UInt8]]
        let data: [UInt8]
        let gas: UInt64
        let value: UInt256
        let gasUsed: UInt64
        let hasSucceeded: Bool

        init(_ line: Substring) throws {
            let fields = line.split(separator: " ")
            try #require(fields.count == 7)
            let bytes = try fields[0...2].map { $0 == "-" ? [] : try Hex.decode(String($0)) }
            let numbers = try fields[3...5].map { try #require(UInt64($0)) }
            codes = [bytes[0], bytes[1]]
            data = bytes[2]
            (gas, value, gasUsed) = (numbers[0], UInt256(numbers[1]), numbers[2])
            hasSucceeded = fields[6] == "1"
        }
    }

    private let entries: [Entry]
    private let roots: [Hash32]
    private let sender: Address

    init() throws {
        let chosen = ProcessInfo.processInfo.environment["POAI_EVM_PROGRAMS"].map { URL(filePath: $0) }
        let text = try String(contentsOf: chosen ?? PackageRoot.file("Tests/Vectors/evm_programs.txt"), encoding: .utf8)
        let lines = text.split(separator: "\n").dropFirst()
        entries = try lines.dropLast(2).map(Entry.init)
        roots = try lines.suffix(2).map { try Hash32(hex: String($0.split(separator: " ")[1])) }
        sender = try PrivateKey(bytes: [UInt8](repeating: 0x45, count: 32)).publicKey.address
    }

    private func contract(_ index: Int, _ which: UInt64 = 0) -> Address {
        Address(truncating: UInt256(0xc0de00 + 2 * UInt64(index) + which))
    }

    private func state() -> MemoryState {
        var state = MemoryState()
        for (index, entry) in entries.enumerated() {
            for which in 0..<2 {
                state.put(
                    contract(index, UInt64(which)), nonce: 1, balance: 10_000, code: entry.codes[which],
                    storage: [0: 1, 2: 3, 4: 5])
            }
        }
        state.put(sender, balance: UInt256(1_000_000_000_000_000_000) &* 1_000_000)
        return state
    }

    private func transaction(_ index: Int) -> RecoveredTransaction {
        let entry = entries[index]
        return EVM.transaction(
            EVM.fields(
                nonce: UInt64(index), gas: entry.gas, to: contract(index), value: entry.value, data: entry.data, fee: 9,
                tip: 3),
            from: sender)
    }

    @Test func sameAsTheSpecification() throws {
        #expect(entries.count >= 300)
        let before = state()
        var environment = EVM.environment
        environment.baseFee = 7
        environment.timestamp = 0x6553_f100
        environment.gasLimit = 0xffff_ffff_ffff
        var executor = BlockExecutor(view: before, environment: environment)
        var receipts: [[UInt8]] = []
        for (index, entry) in entries.enumerated() {
            let result = try executor.execute(transaction(index))
            #expect(result.gasUsed == entry.gasUsed, "line \(index + 2)")
            #expect(result.succeeded == entry.hasSucceeded, "line \(index + 2): \(result.status)")
            receipts.append(
                Receipt(
                    kind: .dynamicFee, succeeded: result.succeeded, cumulativeGasUsed: executor.gasUsed,
                    logs: result.logs
                ).encoded())
        }
        #expect(try before.applying(executor.diff()).root() == roots[0])
        #expect(OrderedTrie.root(receipts) == roots[1])
    }
}
