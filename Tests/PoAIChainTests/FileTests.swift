import PoAIChain
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import PoAITypes
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct FileTests {
    private let spec: ChainSpec
    private let source: ChainFixture
    private let file: String
    private let bytes: [UInt8]
    /// Where each block begins, and the end.
    private let offsets: [Int]

    init() throws {
        spec = try testSpec()
        var fixture = try ChainFixture(spec)
        let blocks = try fixture.grow(30)
        source = fixture
        file = fixture.folder.path("blocks.rlp")
        #expect(try fixture.chain.reader.export(path: file) == 30)
        bytes = try #require(TestFile.read(file))
        var offsets = [0]
        for block in blocks { offsets.append(offsets[offsets.count - 1] + block.rlpEncoded().count) }
        self.offsets = offsets
        #expect(bytes == blocks.flatMap { $0.rlpEncoded() })
    }

    private func importing(_ bytes: [UInt8], batchCount: Int = 8) throws -> (head: UInt64, error: ChainError?) {
        let folder = try TemporaryDirectory()
        let path = folder.path("in.rlp")
        #expect(TestFile.write(bytes, to: path))
        let chain = try ChainFixture.open(folder, spec)
        var error: ChainError?
        do throws(ChainError) {
            let result = try chain.importFile(path: path, batchCount: batchCount)
            #expect(result.head == chain.head.reference)
            #expect(result.added == chain.head.header.number)
        } catch let thrown {
            error = thrown
            #expect("\(thrown)".contains(path))
        }
        #expect(
            try chain.reader.verify(evaluator: HashEvaluator(), clock: { ChainFixture.now }).ok)
        return (chain.head.header.number, error)
    }

    @Test(arguments: [1, 7, 30, 100]) func exportedBlocksComeBack(batchCount: Int) throws {
        let (head, error) = try importing(bytes, batchCount: batchCount)
        #expect(error == nil)
        #expect(head == 30)
    }

    @Test func importingTwiceAddsNothing() throws {
        let result = try source.chain.importFile(path: file)
        #expect(result.read == 30)
        #expect(result.added == 0)
        #expect(result.head == source.chain.head.reference)
    }

    @Test func rangesAreExported() throws {
        let path = source.folder.path("some.rlp")
        #expect(try source.chain.reader.export(path: path, from: 3, to: 5) == 3)
        #expect(TestFile.read(path) == Array(bytes[offsets[2]..<offsets[5]]))
        #expect(throws: ChainError.file(.exists(path: path))) { try source.chain.reader.export(path: path) }
        let other = source.folder.path("other.rlp")
        #expect(throws: ChainError.noBlock(height: 31, head: 30)) {
            try source.chain.reader.export(path: other, to: 31)
        }
        #expect(access(other, F_OK) != 0 && access(other + ".part", F_OK) != 0)
        let genesis = source.folder.path("genesis.rlp")
        #expect(try source.chain.reader.export(path: genesis, from: 0) == 31)
        let (head, error) = try importing(try #require(TestFile.read(genesis)))
        #expect(head == 30 && error == nil)
    }

    @Test func aCutFileGivesTheBlocksBeforeTheCut() throws {
        for size in stride(from: 1, to: bytes.count, by: 397) {
            let whole = offsets.lastIndex { $0 <= size } ?? 0
            let (head, error) = try importing(Array(bytes[..<size]))
            #expect(head == UInt64(whole))
            if offsets[whole] == size {
                #expect(error == nil)
            } else if case .file(.truncated(_, let offset, let after, _)) = error {
                #expect(offset == UInt64(offsets[whole]))
                #expect(after == (whole == 0 ? nil : UInt64(whole)))
            } else {
                Issue.record("cut at \(size): \(error.map { "\($0)" } ?? "no error")")
            }
        }
    }

    @Test func aChangedBitIsFoundAndNamed() throws {
        var random = DeterministicRandom(seed: 8)
        for _ in 0..<60 {
            var changed = bytes
            let place = random.below(bytes.count)
            changed[place] ^= 1 << UInt8(random.below(8))
            let whole = offsets.lastIndex { $0 <= place } ?? 0
            let (head, error) = try importing(changed)
            #expect(head == UInt64(whole), "byte \(place)")
            switch error {
            case .file(.refused(_, let offset, _, _)), .file(.notABlock(_, let offset, _, _)),
                .file(.truncated(_, let offset, _, _)), .file(.tooLarge(_, let offset, _, _)):
                // A changed seal of a block that is right in itself shows when the next one misses its parent.
                #expect(offset >= UInt64(offsets[whole]))
                #expect(offset <= UInt64(offsets[min(whole + 1, 30)]))
            default: Issue.record("byte \(place): \(error.map { "\($0)" } ?? "no error")")
            }
        }
    }

    @Test func otherFilesAreRefused() throws {
        let missing = source.folder.path("missing.rlp")
        #expect(throws: ChainError.file(.system(path: missing, operation: "open", code: ENOENT))) {
            try source.chain.importFile(path: missing)
        }
        #expect(try importing([]).error != nil)
        #expect(try importing(Array("hello, world".utf8)).error != nil)
        #expect(try importing([0xBB, 0xFF, 0xFF, 0xFF, 0xFF]).error != nil)
        #expect(try importing([UInt8](repeating: 0xC0, count: 100)).error != nil)
        // Blocks whose ancestors are missing, and blocks of another network.
        let tail = try importing(Array(bytes[offsets[10]...]))
        #expect(tail.head == 0)
        #expect("\(tail.error.map { "\($0)" } ?? "")".contains("block 11 at byte 0 was refused"))
        let other = try ChainModel(try testSpec(chainID: 99))
        let foreign = try other.branch(on: other.head, count: 1, miner: testAddress(1))
        #expect(try importing(foreign.flatMap { $0.rlpEncoded() }).error != nil)
    }
}
