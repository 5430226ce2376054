import PoAIModel
import PoAITestSupport
import Testing

/// Whatever bytes stand in a file, the reader succeeds or throws; it never traps.
@Suite struct GGUFCorruptionTests {
    /// Reads everything that can be read. True when the file was accepted as a whole, tokenizer included.
    static func exercise(_ bytes: [UInt8]) -> Bool {
        let scratch = ScratchFile(bytes)
        do {
            let gguf = try GGUFFile(path: scratch.path)
            for key in gguf.metadata.keys {
                guard case .array(let array)? = gguf.metadata.value(key) else { continue }
                try? array.forEachString { (_, _) in }
                _ = try? array.integers()
            }
            var sum: UInt8 = 0
            for tensor in gguf.tensors { for byte in gguf.bytes(of: tensor) { sum &+= byte } }
            _ = sum
            let config = try LlamaConfig(gguf: gguf)
            let tokenizer = try BytePairTokenizer(gguf: gguf)
            let text = Array("a abab 1é\u{3000}<|im_end|>\n".utf8) + bytes.suffix(40)
            let ids = tokenizer.encode(text, parseSpecial: true)
            return config.vocabulary == tokenizer.vocabularySize && ids.allSatisfy { $0 < config.vocabulary }
        } catch {
            return false
        }
    }

    private static let good = TinyLlama.smallest().file()
    private static let headerLength = TinyLlama.smallest().header().count

    @Test func goodFileIsAccepted() { #expect(Self.exercise(Self.good)) }

    @Test func everyTruncationIsAnError() {
        // The last tensor is a norm of 32 floats, which ends with the file.
        for length in 0..<Self.good.count {
            let scratch = ScratchFile(Array(Self.good.prefix(length)))
            #expect(throws: GGUFError.self, "length \(length)") { try GGUFFile(path: scratch.path) }
        }
    }

    @Test(arguments: 0..<8) func everyHeaderBitFlipIsSurvived(bit: Int) {
        var accepted = 0
        for index in 0..<Self.headerLength {
            var bytes = Self.good
            bytes[index] ^= 1 << bit
            accepted += Self.exercise(bytes) ? 1 : 0
        }
        // A flip in a free text, a weight's place in the list or an unused number is legal; most flips are not.
        #expect(accepted < Self.headerLength / 2)
    }

    @Test(arguments: [UInt8(0x00), 0xFF, 0x7F, 0x80]) func everyHeaderByteReplacedIsSurvived(value: UInt8) {
        for index in 0..<Self.headerLength {
            var bytes = Self.good
            bytes[index] = value
            _ = Self.exercise(bytes)
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func randomMutationsAreSurvived(seed: UInt64) {
        var random = DeterministicRandom(seed: seed)
        for _ in 0..<500 {
            var bytes = Self.good
            for _ in 0...random.next() % 4 { Self.mutate(&bytes, headerLength: Self.headerLength, &random) }
            _ = Self.exercise(bytes)
        }
    }

    /// One change of a kind that breaks parsers: numbers at their limits, and parts removed, repeated or inserted.
    private static func mutate(_ bytes: inout [UInt8], headerLength: Int, _ random: inout DeterministicRandom) {
        guard !bytes.isEmpty else { return }
        let start = Int(random.next() % UInt64(min(bytes.count, headerLength)))
        let end = min(bytes.count, start + 1 + Int(random.next() % 40))
        switch random.next() % 5 {
        case 0:
            let limits: [UInt64] = [0, 1, .max, 1 << 63, 1 << 31, UInt64(bytes.count), 0x1_0000_0001, .max - 31]
            withUnsafeBytes(of: limits[Int(random.next() % 8)].littleEndian) {
                for (index, byte) in zip(start..<min(bytes.count, start + 8), $0) { bytes[index] = byte }
            }
        case 1: bytes.removeSubrange(start..<end)
        case 2: bytes.insert(contentsOf: Array(bytes[start..<end]), at: end)
        case 3: bytes[start] = UInt8(truncatingIfNeeded: random.next())
        default:
            bytes.insert(contentsOf: (start..<end).map { _ in UInt8(truncatingIfNeeded: random.next()) }, at: start)
        }
    }

    /// Inputs that once made the reader or the tokenizer trap or hang.
    @Test func regressionsStayFixed() throws {
        for (_, bytes) in try Regressions.inputs(module: "PoAIModel", target: "gguf") { _ = Self.exercise(bytes) }
    }
}
