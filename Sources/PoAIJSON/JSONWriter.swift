/// Writes JSON (RFC 8259): UTF-8, no space between tokens, the keys of an object in ascending order of their UTF-8 bytes,
/// so that equal values give equal bytes.
public enum JSONWriter {
    /// The bytes of `value`.
    public static func bytes(_ value: JSONValue) -> [UInt8] {
        var output: [UInt8] = []
        append(value, to: &output)
        return output
    }

    /// Appends the bytes of `value`.
    public static func append(_ value: JSONValue, to output: inout [UInt8]) {
        switch value {
        case .null: output += "null".utf8
        case .bool(let flag): output += (flag ? "true" : "false").utf8
        case .integer(let number): output += String(number).utf8
        case .number(let digits): output += digits.utf8
        case .text(let text): append(text: text, to: &output)
        case .list(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                append(item, to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let fields):
            output.append(UInt8(ascii: "{"))
            for (index, field) in fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }).enumerated()
            {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                append(text: field.key, to: &output)
                output.append(UInt8(ascii: ":"))
                append(field.value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private static func append(text: String, to output: inout [UInt8]) {
        let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
        output.append(quote)
        for byte in text.utf8 {
            switch byte {
            case quote, backslash: output += [backslash, byte]
            case 0x0a: output += [backslash, UInt8(ascii: "n")]
            case 0x0d: output += [backslash, UInt8(ascii: "r")]
            case 0x09: output += [backslash, UInt8(ascii: "t")]
            case 0..<0x20: output += [backslash] + "u00".utf8 + hexDigits(of: byte)
            default: output.append(byte)
            }
        }
        output.append(quote)
    }

    private static func hexDigits(of byte: UInt8) -> [UInt8] {
        [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
    }
}
