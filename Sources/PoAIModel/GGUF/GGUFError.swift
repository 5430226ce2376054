/// Why a model file cannot be used. One line: the file, the thing in it, what was found and expected, and what to do.
public struct GGUFError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as it was named by the caller.
    public let path: String
    /// What is wrong with it.
    public let fault: Fault

    package init(path: String, fault: Fault) {
        self.path = path
        self.fault = fault
    }

    /// The kinds of fault, from opening the file to the meaning of its metadata.
    public enum Fault: Equatable, Sendable {
        /// `open`, `fstat` or `mmap` failed with this `errno`.
        case system(call: String, errno: Int32)
        /// A folder, pipe or device stands at the path.
        case notARegularFile
        /// The file ends before something it announced.
        case truncated(thing: String, offset: Int, needs: UInt64, has: UInt64)
        /// The first four bytes are not `GGUF`.
        case badMagic(got: [UInt8])
        /// The file was written for a big-endian machine.
        case bigEndian
        /// Another version of GGUF than 3.
        case unsupportedVersion(got: UInt32)
        /// A count, length or number outside of its range.
        case outOfRange(thing: String, got: UInt64, expected: String)
        /// A name that is empty or holds other bytes than printable ASCII.
        case badName(thing: String, offset: Int)
        /// Two metadata keys, tensors or tokens have the same name.
        case duplicate(thing: String, name: String)
        /// A metadata value, or array element, of a type that GGUF does not define.
        case unknownValueType(thing: String, got: UInt32)
        /// Arrays in arrays beyond the depth that the reader follows.
        case nestedTooDeep(key: String, limit: Int)
        /// A tensor type that is not in ggml's list.
        case unknownTensorType(tensor: String, got: UInt32)
        /// Two tensors share bytes of the file.
        case overlap(tensor: String, with: String)
        /// A metadata key that the model needs is absent.
        case missingKey(String)
        /// A metadata value is of another type than the model needs.
        case wrongValueType(key: String, got: String, expected: String)
        /// A metadata value has the right type and an unusable content.
        case badValue(key: String, got: String, expected: String)
        /// Another architecture than the engine computes.
        case unsupportedArchitecture(got: String)
        /// A model feature that would change the result and is not computed here.
        case unsupportedFeature(name: String)
        /// A tensor that the architecture needs is absent.
        case missingTensor(String)
        /// A tensor's dimensions do not fit the metadata.
        case wrongShape(tensor: String, got: [Int], expected: [Int])
        /// A tensor has a type that cannot be used in its place.
        case wrongTensorType(tensor: String, got: GGMLType, expected: String)
        /// The vocabulary cannot be used by the tokenizer.
        case badVocabulary(String)
    }

    /// One line for a person: `model FILE: what is wrong; the way out`.
    public var description: String { "model \(path): \(fault.explanation); \(fault.wayOut)" }
}
