#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension GGUFError.Fault {
    /// What was found, and what was expected.
    var explanation: String {
        switch self {
        case .system(let call, let code): "\(call) failed: \(String(cString: strerror(code))) (errno \(code))"
        case .notARegularFile: "not a regular file"
        case .truncated(let thing, let offset, let needs, let has):
            "truncated or corrupt: \(thing) at byte \(offset) needs \(needs) bytes, \(has) are left"
        case .badMagic(let got): "not a GGUF file: it starts with bytes \(got), expected [71, 71, 85, 70] (\"GGUF\")"
        case .bigEndian: "written for big-endian machines, expected little-endian"
        case .unsupportedVersion(let got): "GGUF version \(got), expected 3"
        case .outOfRange(let thing, let got, let expected): "\(thing) is \(got), expected \(expected)"
        case .badName(let thing, let offset): "\(thing) at byte \(offset) is empty or not printable ASCII"
        case .duplicate(let thing, let name): "\(thing) \(name) appears twice"
        case .unknownValueType(let thing, let got): "\(thing) has value type \(got), expected 0 to 12"
        case .nestedTooDeep(let key, let limit): "\(key) nests arrays deeper than \(limit)"
        case .unknownTensorType(let tensor, let got): "tensor \(tensor) has unknown type number \(got)"
        case .overlap(let tensor, let other): "tensors \(tensor) and \(other) overlap in the file"
        case .missingKey(let key): "metadata \(key) is missing"
        case .wrongValueType(let key, let got, let expected): "metadata \(key) is of type \(got), expected \(expected)"
        case .badValue(let key, let got, let expected): "metadata \(key) is \(shown(got)), expected \(expected)"
        case .unsupportedArchitecture(let got): "architecture \(shown(got)), expected llama"
        case .unsupportedFeature(let name): "uses \(name), which this engine does not compute"
        case .missingTensor(let name): "tensor \(name) is missing"
        case .wrongShape(let tensor, let got, let expected):
            "tensor \(tensor) has dimensions \(got), expected \(expected)"
        case .wrongTensorType(let tensor, let got, let expected):
            "tensor \(tensor) is of type \(got), expected \(expected)"
        case .badVocabulary(let what): "vocabulary: \(what)"
        }
    }

    /// What a person can do about it.
    var wayOut: String {
        switch self {
        case .system, .notARegularFile:
            "check the path and its permissions, name another file with --model-path, or fetch the default model with `poaid model fetch`"
        case .bigEndian, .unsupportedVersion:
            "convert it to little-endian GGUF version 3 with llama.cpp's tools, or fetch the default model with `poaid model fetch`"
        case .unsupportedArchitecture, .unsupportedFeature, .wrongTensorType:
            "use the model that the chain spec names; `poaid model fetch` gets it"
        default:
            "the file is damaged or not meant for this program: fetch it again with `poaid model fetch`"
        }
    }

    /// Text from the file for a one-line message: at most 64 characters, printable ASCII only.
    private func shown(_ text: String) -> String {
        let scalars = text.unicodeScalars.prefix(64).map { (" "..."~").contains($0) ? Character($0) : "?" }
        return String(scalars) + (text.unicodeScalars.count > 64 ? "..." : "")
    }
}
