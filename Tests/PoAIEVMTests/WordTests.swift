import Foundation
import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite("Instructions on words")
struct WordTests {
    /// Python's integers say what is right (Tests/Vectors/make_evm_words.py).
    @Test func sameAsPython() throws {
        let text = try String(contentsOf: PackageRoot.file("Tests/Vectors/evm_words.txt"), encoding: .utf8)
        var names: Set<Substring> = []
        for line in text.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: " ")
            let words = try fields.dropFirst().map { try UInt256(hex: String($0)) }
            let expected = try #require(words.last)
            #expect(try result(String(fields[0]), words.dropLast()) == expected, "\(line)")
            names.insert(fields[0])
        }
        #expect(names.count == 25)
    }

    /// What the instruction leaves of these arguments, the first of which is on top.
    private func result(_ name: String, _ arguments: some BidirectionalCollection<UInt256>) throws -> UInt256? {
        let pushes: [UInt8] = arguments.reversed().flatMap { word -> [UInt8] in [0x7f] + word.bigEndianBytes }
        let run = try EVM.run(pushes + EVM.code("\(name) push0 mstore push1 20 push0 return"))
        #expect(run.succeeded)
        return UInt256(bigEndianBytes: run.output)
    }

    @Test(arguments: 1...32) func pushesTakeTheirBytes(size: Int) throws {
        let data = Array(1...UInt8(size))
        let run = try EVM.run([UInt8(0x5f + size)] + data + EVM.code("push0 mstore push1 20 push0 return"))
        #expect(run.output == [UInt8](repeating: 0, count: 32 - size) + data)
    }

    /// Data beyond the end of the code are zeros.
    @Test(arguments: 1...32) func pushesAtTheEndAreFilledUp(size: Int) throws {
        // The contract runs its own last instruction: a jump over the return leads there.
        let run = try EVM.run(EVM.code("push1 01 push1 07 jumpi stop stop jumpdest") + [UInt8(0x5f + size)])
        #expect(run.succeeded)
        let half = try EVM.run([UInt8(0x5f + size)] + [UInt8](repeating: 0xff, count: size / 2))
        #expect(half.succeeded)
    }

    @Test(arguments: 1...16) func dupAndSwapReachTheirDepth(depth: Int) throws {
        let pushes: [UInt8] = (UInt8(0)..<17).flatMap { number -> [UInt8] in [0x60, number] }
        let top = EVM.code("push0 mstore push1 20 push0 return")
        let duplicated = try EVM.run(pushes + [UInt8(0x7f + depth)] + top)
        #expect(duplicated.output.last == UInt8(17 - depth))
        let swapped = try EVM.run(pushes + [UInt8(0x8f + depth)] + top)
        #expect(swapped.output.last == UInt8(16 - depth))
        let pops = [UInt8](repeating: 0x50, count: depth)
        let bottom = try EVM.run(pushes + [UInt8(0x8f + depth)] + pops + top)
        #expect(bottom.output.last == 16)
    }
}
