import Foundation
import PoAINetwork
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite struct HeadersFileTests {
    private let folder: TemporaryDirectory
    private let file: HeadersFile

    init() throws {
        folder = try TemporaryDirectory()
        file = HeadersFile(folder: folder.path, genesis: .zero)
    }

    private func headers(_ count: UInt64) -> [BlockHeader] {
        (0..<count).map { number in
            BlockHeader(
                parentHash: Keccak256.hash([UInt8(truncatingIfNeeded: number)]), miner: .zero, stateRoot: .zero,
                bits: 0x2100_ffff, number: number, gasLimit: 30_000_000, timestamp: 5 * number,
                baseFeePerGas: UInt256(7))
        }
    }

    @Test func whatIsWrittenIsRead() throws {
        #expect(try file.read() == [])
        for count in [3, 200, 0] as [UInt64] {
            try file.write(headers(count))
            #expect(try file.read() == headers(count))
        }
        file.remove()
        #expect(try file.read() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func anyFlippedBitIsNoticed() throws {
        try file.write(headers(3))
        let path = folder.path(HeadersFile.name)
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= 1 << UInt8(place % 8)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(throws: HeadersFileError.self) { try file.read() }
        }
        try Data(whole.dropLast()).write(to: URL(fileURLWithPath: path))
        #expect(throws: HeadersFileError.self) { try file.read() }
        try Data(whole).write(to: URL(fileURLWithPath: path))
        #expect(try file.read() == headers(3))
    }

    @Test func theHeadersOfAnotherChainAreNotTaken() throws {
        try HeadersFile(folder: folder.path, genesis: Keccak256.hash([])).write(headers(3))
        #expect(throws: HeadersFileError.self) { try file.read() }
    }

    @Test func randomBytesAreRefused() throws {
        var random = DeterministicRandom(seed: 5)
        for length in 1..<300 {
            try Data(random.bytes(length)).write(to: URL(fileURLWithPath: folder.path(HeadersFile.name)))
            #expect(throws: HeadersFileError.self) { try file.read() }
        }
    }
}
