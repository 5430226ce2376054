import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

@Suite("Precompiles: bounds and hostile input")
struct PrecompilesBoundsTests {
    @Test("Addresses 1 to 9 and no others")
    func addresses() {
        for index in UInt8(0)...255 {
            #expect(Precompiles.isPrecompile(Precompile.address(index)) == (1...9).contains(index))
        }
        #expect(Precompiles.addresses == (UInt8(1)...9).map(Precompile.address))
        for position in 0..<19 {
            var bytes = [UInt8](repeating: 0, count: 20)
            bytes[19] = 4
            bytes[position] = 1
            guard let address = Address(bytes) else {
                Issue.record("20 bytes are no address")
                continue
            }
            #expect(!Precompiles.isPrecompile(address))
        }
        #expect(Precompile.run(0, []) == .failure)
        #expect(Precompile.run(10, [1], gasLimit: .max) == .failure)
    }

    /// Nothing is allocated for lengths that were not paid for.
    @Test("Modexp: lengths beyond any gas limit fail")
    func modexpLengths() {
        let huge: [UInt256] = [
            UInt256(1 << 25), UInt256(1 << 40), UInt256(UInt64(Int64.max)), UInt256(.max), UInt256(1) << 64,
            UInt256(1) << 255, .max,
        ]
        for length in huge {
            for position in 0..<3 {
                var lengths: [UInt256] = [UInt256(32), UInt256(32), UInt256(32)]
                lengths[position] = length
                let input = lengths.flatMap(\.bigEndianBytes) + [UInt8](repeating: 0xFF, count: 96)
                #expect(Precompile.run(5, input, gasLimit: 30_000_000) == .failure)
            }
            #expect(Precompile.run(5, [UInt256](repeating: length, count: 3).flatMap(\.bigEndianBytes)) == .failure)
            // EIP-2565: nothing to compute costs the least price however long the exponent.
            let nothing = [.zero, length, UInt256.zero].flatMap(\.bigEndianBytes)
            #expect(Precompile.run(5, nothing) == .success(gasUsed: 200, output: []))
        }
    }

    @Test("Modexp: an exponent that continues far after the input's end")
    func modexpZeros() {
        // 3 ^ (256 ^ 9999) mod 65537: the order of 3 is 65536 = 256², so 1.
        let lengths = UInt256.word(1) + UInt256.word(10_000) + UInt256.word(3)
        #expect(Precompile.output(5, lengths + [3, 1] + [UInt8](repeating: 0, count: 9999) + [1, 0, 1]) == [0, 0, 1])
        // The modulus lies after the end too: 0.
        #expect(Precompile.output(5, lengths + [3, 1]) == [0, 0, 0])
    }

    @Test("Prices beyond Int64 and negative gas limits fail")
    func gasLimits() {
        for index in UInt8(1)...9 {
            for limit in [Int64.min, -1] { #expect(Precompile.run(index, [], gasLimit: limit) == .failure) }
        }
        for index in [UInt8(1), 2, 3, 4, 5, 6, 7, 8] { #expect(Precompile.run(index, [], gasLimit: 0) == .failure) }
    }

    @Test("Random input of random length never traps and has one result", arguments: UInt8(1)...9)
    func random(index: UInt8) {
        var random = DeterministicRandom(seed: UInt64(index))
        for _ in 0..<3000 {
            let input = hostileInput(&random, index)
            let gasLimit = Int64(random.below(200_000))
            let result = Precompile.run(index, input, gasLimit: gasLimit)
            #expect(result == Precompile.run(index, input, gasLimit: gasLimit))
            guard case .success(let gas, _) = result else { continue }
            #expect(gas >= 0 && gas <= gasLimit)
            #expect(Precompile.run(index, input, gasLimit: gas - 1) == .failure)
        }
    }

    /// Random bytes, mostly zeros or ones in whole words, of near to interesting lengths.
    private func hostileInput(_ random: inout DeterministicRandom, _ index: UInt8) -> [UInt8] {
        let lengths = [0, 1, 31, 32, 96, 128, 191, 192, 213, 256, 384]
        let count = max(0, lengths[random.below(lengths.count)] + random.below(3) - 1)
        var input: [UInt8] = []
        while input.count < count {
            switch random.below(6) {
            case 0: input += random.bytes(32)
            case 1: input += UInt256.max.bigEndianBytes
            case 2: input += UInt256.word(UInt64(random.below(3)))
            case 3: input += UInt256.word(UInt64(random.below(600)))
            case 4: input += (UInt256.one << random.below(256)).bigEndianBytes
            default: input += UInt256.word(0)
            }
        }
        input.removeLast(input.count - count)
        if index == 9, count == 213 { input[212] = UInt8(random.below(3)) }
        return input
    }
}
