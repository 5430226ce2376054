import Foundation
import PoAIJSON

/// JSON for scripts: one line, keys in alphabetical order, a blank after each colon and comma.
enum JSONLine {
    /// The JSON text of `value`, without a line break.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: spaced(try encoder.encode(value)), as: UTF8.self)
    }

    /// Prints `value` as one line.
    static func print(_ value: some Encodable) throws {
        Output.line(try text(value))
    }

    /// Prints `value` as one line.
    static func print(json value: JSONValue) {
        Output.line(String(decoding: spaced(Data(JSONWriter.bytes(value))), as: UTF8.self))
    }

    private static func spaced(_ compact: Data) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(compact.count + compact.count / 4)
        var isInString = false
        var isEscaped = false
        for byte in compact {
            result.append(byte)
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\"") {
                isInString.toggle()
            } else if isInString {
                isEscaped = byte == UInt8(ascii: "\\")
            } else if byte == UInt8(ascii: ":") || byte == UInt8(ascii: ",") {
                result.append(UInt8(ascii: " "))
            }
        }
        return result
    }
}
