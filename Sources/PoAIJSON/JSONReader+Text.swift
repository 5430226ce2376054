extension JSONReader {
    /// A string in quotes.
    mutating func text() throws(JSONFault) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw JSONFault(offset: start, expected: "a string in UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): content += try escape().utf8
            case 0..<0x20: throw JSONFault(offset: position - 1, expected: "no control characters in a string")
            default: content.append(byte)
            }
        }
        throw fault("a closing quote")
    }

    /// What follows a backslash.
    private mutating func escape() throws(JSONFault) -> String {
        guard let byte = next else { throw fault("a closing quote") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(Unicode.Scalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw fault("an escape")
        }
        var units = [try codeUnit()]
        if UTF16.isLeadSurrogate(units[0]), take("\\"), take("u") { units.append(try codeUnit()) }
        guard let text = String(validating: units, as: UTF16.self) else { throw fault("a pair of surrogates") }
        return text
    }

    /// Four hex digits.
    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw fault("a hex digit")
            }
            value = value << 4 | UInt16(digit)
            position += 1
        }
        return value
    }
}
