import PoAIChain
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Chain files that fuzzing found")
struct BlockFileRegressionTests {
    @Test("The blocks read are the file's bytes up to the first error")
    func regressions() throws {
        let folder = try TemporaryDirectory()
        for (name, bytes) in try Regressions.inputs(module: "PoAIChain", target: "chain_file") {
            let path = folder.path(name)
            try #require(TestFile.write(bytes, to: path))
            var taken = 0
            do throws(BlockFileError) {
                var reader = try BlockFileReader(path: path)
                while let (block, offset) = try reader.next() {
                    #expect(offset == UInt64(taken), "\(name)")
                    #expect(bytes.dropFirst(taken).starts(with: block.rlpEncoded()), "\(name)")
                    taken += block.rlpEncoded().count
                }
                #expect(taken == bytes.count, "\(name)")
            } catch {
                #expect(taken < bytes.count && !"\(error)".contains("\n"), "\(name)")
            }
        }
    }
}
