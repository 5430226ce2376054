import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import Testing

/// The committed vectors, which other programs computed.
@Suite("Precompiles: reference vectors")
struct PrecompilesReferenceTests {
    /// Tests/Vectors/precompiles.txt, by Python's integers and hashlib.
    @Test("SHA-256, RIPEMD-160, modexp and BLAKE2 F: output and price")
    func numbersAndHashes() throws {
        var counts: [UInt8: Int] = [:]
        for line in try PackageRoot.vectorLines("precompiles.txt") {
            let columns = line.split(separator: " ").map(String.init)
            try #require(columns.count == 4)
            let index = try #require(UInt8(columns[0]))
            let gas = try #require(Int64(columns[1]))
            let input = try bytes(columns[2])
            let expected = PrecompileResult.success(gasUsed: gas, output: try bytes(columns[3]))
            #expect(Precompile.run(index, input) == expected, "\(index) \(columns[2])")
            #expect(Precompile.run(index, input, gasLimit: gas) == expected)
            if gas > 0 { #expect(Precompile.run(index, input, gasLimit: gas - 1) == .failure) }
            counts[index, default: 0] += 1
        }
        #expect(counts.keys.sorted() == [2, 3, 5, 9])
        #expect(counts.values.allSatisfy { $0 >= 25 })
    }

    /// Tests/Vectors/bn254.txt, by py-ecc.
    @Test("BN254: output")
    func bn254() throws {
        var counts: [String: Int] = [:]
        for line in try PackageRoot.vectorLines("bn254.txt") {
            // An empty input leaves its column empty.
            let columns = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            try #require(columns.count == 3)
            counts[columns[0], default: 0] += 1
            let input = try bytes(columns[1])
            guard let index = UInt8(columns[0]) else {
                #expect(try coefficients(ofPairing: input) == bytes(columns[2]))
                continue
            }
            let expected = columns[2] == "fail" ? nil : try bytes(columns[2])
            #expect(Precompile.output(index, input) == expected, "\(line)")
        }
        #expect(counts.keys.sorted() == ["6", "7", "8", "value"])
    }

    private func coefficients(ofPairing input: [UInt8]) throws -> [UInt8] {
        let n = stride(from: 0, to: 192, by: 32).compactMap { UInt256(bigEndianBytes: input[$0..<$0 + 32]) }
        let p = try #require(BN254.G1(x: n[0], y: n[1]))
        let q = try #require(BN254.G2(x0: n[3], x1: n[2], y0: n[5], y1: n[4]))
        let value = BN254.pairing([(p, q)])
        let (even, odd) = (value.c0, value.c1)
        return [even.c0, odd.c0, even.c1, odd.c1, even.c2, odd.c2].flatMap {
            $0.c0.value.bigEndianBytes + $0.c1.value.bigEndianBytes
        }
    }

    private func bytes(_ column: String) throws -> [UInt8] { column == "-" ? [] : try Hex.decode(column) }
}
