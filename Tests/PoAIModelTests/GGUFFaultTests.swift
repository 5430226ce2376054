import PoAIModel
import PoAITestSupport
import Testing

/// Every fault the reader names, each made by one change to a good file.
@Suite struct GGUFFaultTests {
    /// A change and the fault it must give.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let change: @Sendable (inout GGUFBuilder) -> Void
        let fault: GGUFError.Fault
        var testDescription: String { name }
    }

    static func base() -> GGUFBuilder {
        var builder = GGUFBuilder()
        builder.set("k.a", .uint32(1))
        builder.tensors = [
            .init(name: "t.a", type: 0, dimensions: [8], data: [UInt8](repeating: 1, count: 32)),
            .init(name: "t.b", type: 3, dimensions: [32, 2], data: [UInt8](repeating: 2, count: 40)),
        ]
        return builder
    }

    static let cases: [Case] = [
        Case(name: "magic", change: { $0.magic = Array("GGML".utf8) }, fault: .badMagic(got: Array("GGML".utf8))),
        Case(name: "version 2", change: { $0.version = 2 }, fault: .unsupportedVersion(got: 2)),
        Case(name: "big-endian", change: { $0.version = 0x0300_0000 }, fault: .bigEndian),
        Case(
            name: "tensor count", change: { $0.tensorCountOverride = 65_537 },
            fault: .outOfRange(thing: "number of tensors", got: 65_537, expected: "at most 65536")),
        Case(
            name: "entry count", change: { $0.entryCountOverride = .max },
            fault: .outOfRange(thing: "number of metadata entries", got: .max, expected: "at most 65536")),
        Case(
            name: "duplicate key", change: { $0.entries.append(("k.a", .bool(true))) },
            fault: .duplicate(thing: "metadata key", name: "k.a")),
        Case(
            name: "empty key", change: { $0.entries.append(("", .bool(true))) },
            fault: .badName(thing: "metadata key", offset: 43)),
        Case(
            name: "key with escape", change: { $0.entries.append(("a\u{1B}[31m", .bool(true))) },
            fault: .badName(thing: "metadata key", offset: 43)),
        Case(
            name: "value type", change: { $0.set("k.x", .raw(type: 13, bytes: [])) },
            fault: .unknownValueType(thing: "metadata k.x", got: 13)),
        Case(
            name: "element type", change: { $0.set("k.x", .raw(type: 9, bytes: [99, 0, 0, 0])) },
            fault: .unknownValueType(thing: "array k.x", got: 99)),
        Case(
            name: "bool 2", change: { $0.set("k.x", .raw(type: 7, bytes: [2])) },
            fault: .outOfRange(thing: "bool k.x", got: 2, expected: "0 or 1")),
        Case(
            name: "nesting",
            change: { $0.set("k.x", .nested([.nested([.nested([.nested([.nested([.uint8(1)])])])])])) },
            fault: .nestedTooDeep(key: "k.x", limit: 4)),
        Case(
            name: "alignment not a power of two", change: { $0.set("general.alignment", .uint32(48)) },
            fault: .badValue(key: "general.alignment", got: "48", expected: "a power of two from 8 to 1048576")),
        Case(
            name: "alignment zero", change: { $0.set("general.alignment", .uint32(0)) },
            fault: .badValue(key: "general.alignment", got: "0", expected: "a power of two from 8 to 1048576")),
        Case(
            name: "alignment type", change: { $0.set("general.alignment", .string("32")) },
            fault: .wrongValueType(key: "general.alignment", got: "string", expected: "integer")),
        Case(
            name: "duplicate tensor", change: { $0.tensors[1].name = "t.a" },
            fault: .duplicate(thing: "tensor", name: "t.a")),
        Case(
            name: "long tensor name", change: { $0.tensors[0].name = String(repeating: "n", count: 65) },
            fault: .outOfRange(thing: "length of tensor name at byte 43", got: 65, expected: "at most 64")),
        Case(
            name: "no dimensions", change: { $0.tensors[0].dimensions = [] },
            fault: .outOfRange(thing: "number of dimensions of t.a", got: 0, expected: "1 to 4")),
        Case(
            name: "five dimensions", change: { $0.tensors[0].dimensions = [8, 1, 1, 1, 1] },
            fault: .outOfRange(thing: "number of dimensions of t.a", got: 5, expected: "1 to 4")),
        Case(
            name: "dimension 0", change: { $0.tensors[0].dimensions = [8, 0] },
            fault: .outOfRange(thing: "dimension 1 of t.a", got: 0, expected: "1 to 2^63-1")),
        Case(
            name: "dimension 2^63", change: { $0.tensors[0].dimensions = [1 << 63] },
            fault: .outOfRange(thing: "dimension 0 of t.a", got: 1 << 63, expected: "1 to 2^63-1")),
        Case(
            name: "product overflow", change: { $0.tensors[0].dimensions = [1 << 32, 1 << 32] },
            fault: .outOfRange(thing: "dimension 1 of t.a", got: 1 << 32, expected: "a 63-bit product")),
        Case(
            name: "byte count overflow", change: { $0.tensors[0].dimensions = [1 << 62] },
            fault: .outOfRange(thing: "elements of t.a", got: 1 << 62, expected: "a 63-bit byte count")),
        Case(
            name: "tensor type", change: { $0.tensors[0].type = 4 },
            fault: .unknownTensorType(tensor: "t.a", got: 4)),
        Case(
            name: "row not a multiple of the block", change: { $0.tensors[1].dimensions = [16, 4] },
            fault: .outOfRange(thing: "row length of t.b", got: 16, expected: "a multiple of 32 for Q4_1")),
        Case(
            name: "unaligned offset", change: { $0.tensors[1].offsetOverride = 33 },
            fault: .outOfRange(thing: "offset of t.b", got: 33, expected: "a multiple of 32")),
        Case(
            name: "offset 2^64 - 32", change: { $0.tensors[1].offsetOverride = UInt64.max - 31 },
            fault: .outOfRange(thing: "offset of t.b", got: UInt64.max - 31, expected: "a multiple of 32")),
        Case(
            name: "offset behind the end", change: { $0.tensors[1].offsetOverride = 1 << 62 },
            fault: .truncated(thing: "tensor t.b", offset: 128, needs: 40, has: 0)),
        Case(
            name: "overlap", change: { $0.tensors[1].offsetOverride = 0 },
            fault: .overlap(tensor: "t.a", with: "t.b")),
        Case(
            name: "larger than the file", change: { $0.tensors[1].dimensions = [32, 400] },
            fault: .truncated(thing: "tensor t.b", offset: 128, needs: 8000, has: 64)),
        Case(
            name: "string longer than the file",
            change: { $0.set("k.x", .raw(type: 8, bytes: [UInt8](repeating: 0xFF, count: 8))) },
            fault: .truncated(thing: "k.x", offset: 66, needs: .max, has: 190)),
        Case(
            name: "array longer than the file",
            change: { $0.set("k.x", .raw(type: 9, bytes: [10, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8))) },
            fault: .truncated(thing: "array k.x", offset: 70, needs: .max, has: 186)),
    ]

    @Test(arguments: cases) func isNamed(_ fault: Case) throws {
        var builder = Self.base()
        let good = ScratchFile(builder.file())
        _ = try GGUFFile(path: good.path)

        fault.change(&builder)
        let bad = ScratchFile(builder.file())
        #expect(throws: GGUFError(path: bad.path, fault: fault.fault)) { try GGUFFile(path: bad.path) }
    }

    @Test func filesThatCannotBeMapped() {
        #expect(throws: GGUFError(path: "/nonexistent/m.gguf", fault: .system(call: "open", errno: 2))) {
            try GGUFFile(path: "/nonexistent/m.gguf")
        }
        #expect(throws: GGUFError(path: "/", fault: .notARegularFile)) { try GGUFFile(path: "/") }
        let empty = ScratchFile([])
        #expect(
            throws: GGUFError(path: empty.path, fault: .truncated(thing: "magic", offset: 0, needs: 4, has: 0))
        ) { try GGUFFile(path: empty.path) }
    }

    @Test func messagesAreOneLineWithFileThingAndWayOut() throws {
        for fault in Self.cases.map(\.fault) + [.system(call: "open", errno: 2), .notARegularFile] {
            let text = GGUFError(path: "m.gguf", fault: fault).description
            #expect(text.hasPrefix("model m.gguf: ") && text.contains("; ") && !text.contains("\n"))
        }
        let error = GGUFError(path: "m.gguf", fault: .wrongShape(tensor: "t", got: [2], expected: [3]))
        #expect(
            error.description == "model m.gguf: tensor t has dimensions [2], expected [3]; the file is damaged or not "
                + "meant for this program: fetch it again with `poaid model fetch`")
    }

    @Test func textFromTheFileCannotBreakTheLine() {
        let hostile = "a\n\u{1B}[2Jb" + String(repeating: "x", count: 100)
        for fault: GGUFError.Fault in [
            .unsupportedArchitecture(got: hostile), .badValue(key: "k", got: hostile, expected: "gpt2"),
        ] {
            let text = GGUFError(path: "m.gguf", fault: fault).description
            #expect(text.contains("a??[2Jbxx") && text.contains("x..., expected"))
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 } && text.count < 250)
        }
    }
}
