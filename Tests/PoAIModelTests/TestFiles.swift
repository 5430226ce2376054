import Foundation
import PoAIModel
import PoAITestSupport

/// Files that the tests of this module read.
enum TestFiles {
    /// A committed file of this module's tests.
    static func fixture(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: PackageRoot.file("Tests/Fixtures/PoAIModel/\(name)")))
    }

    /// Where to write the tiny model, for making reference data with other programs.
    static let tinyOutput = ProcessInfo.processInfo.environment["POAI_WRITE_TINY"]

    static func write(_ bytes: [UInt8], to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// The tokenizer of the tiny vocabulary.
    static func tinyTokenizer(
        _ change: (inout GGUFBuilder) -> Void = { _ in }
    ) throws -> BytePairTokenizer {
        var builder = GGUFBuilder()
        TinyVocabulary.write(to: &builder)
        change(&builder)
        let scratch = ScratchFile(builder.file())
        return try BytePairTokenizer(gguf: GGUFFile(path: scratch.path))
    }
}

/// A corpus line with the ids that llama.cpp gave for it; how they were made is said in `reference_ids.c`.
struct ReferenceLine {
    let text: [UInt8]
    let plain: [UInt32]
    let special: [UInt32]

    /// All lines of the corpus with the ids in `expected`.
    static func read(expected: String) throws -> [ReferenceLine] {
        let texts = try TestFiles.fixture("corpus.txt").split(separator: 0x0A, omittingEmptySubsequences: false)
        let ids = try TestFiles.fixture(expected).split(separator: 0x0A, omittingEmptySubsequences: false)
        guard texts.count == ids.count else { throw CocoaError(.fileReadCorruptFile) }
        return zip(texts.dropLast(), ids.dropLast()).map { text, ids in
            let halves = String(decoding: ids, as: UTF8.self).split(separator: "|", omittingEmptySubsequences: false)
            func numbers(_ half: Substring) -> [UInt32] { half.split(separator: " ").compactMap { UInt32($0) } }
            return ReferenceLine(text: unescape(text), plain: numbers(halves[0]), special: numbers(halves[1]))
        }
    }

    private static func unescape(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = line
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                result.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "x"):
                result.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
                rest = rest.dropFirst(2)
            default: result.append(kind)
            }
        }
        return result
    }
}
