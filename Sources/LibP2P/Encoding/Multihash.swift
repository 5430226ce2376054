import Crypto

/// Why bytes are not a multihash that this project reads.
public enum MultihashError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The function or the length is not a varint.
    case badVarint(UVarintError)
    /// Another function than identity and sha2-256.
    case unsupportedFunction(UInt64)
    /// A digest longer or shorter than its function allows, or than the bytes that are there.
    case wrongLength

    /// One line for a person.
    public var description: String {
        switch self {
        case .badVarint(let error): error.description
        case .unsupportedFunction(let code): "multihash function \(code) is not supported"
        case .wrongLength: "the length of the multihash's digest is wrong"
        }
    }
}

/// A digest that says which function made it (https://github.com/multiformats/multihash).
public struct Multihash: Hashable, Sendable {
    /// The functions that peer ids use, by their multicodec.
    public enum Function: UInt64, Sendable {
        /// The digest is the data.
        case identity = 0x00
        /// SHA-256, 32 bytes.
        case sha2x256 = 0x12
    }

    /// The longest data that may stand for itself, in bytes.
    public static let maximumIdentityLength = 128

    /// Which function.
    public let function: Function
    /// Its output.
    public let digest: [UInt8]

    /// SHA-256 of `bytes`.
    public init(sha256Of bytes: [UInt8]) {
        function = .sha2x256
        digest = Array(SHA256.hash(data: bytes))
    }

    /// `bytes` standing for themselves, at most `maximumIdentityLength`.
    public init(identity bytes: [UInt8]) {
        precondition(bytes.count <= Self.maximumIdentityLength, "data of an identity multihash is short")
        function = .identity
        digest = bytes
    }

    /// Reads function, length and digest; nothing may follow.
    /// - Throws: `MultihashError`.
    public init(bytes: [UInt8]) throws(MultihashError) {
        var reader = ByteReader(bytes[...])
        let code: UInt64
        let length: UInt64
        do throws(UVarintError) {
            code = try reader.varint()
            length = try reader.varint()
        } catch { throw .badVarint(error) }
        guard let function = Function(rawValue: code) else { throw .unsupportedFunction(code) }
        guard let digest = reader.take(length), reader.isEmpty, digest.count <= Self.maximumIdentityLength,
            function == .identity || digest.count == SHA256.byteCount
        else { throw .wrongLength }
        self.function = function
        self.digest = Array(digest)
    }

    /// Function, length and digest.
    public var bytes: [UInt8] { UVarint.encode(function.rawValue) + UVarint.prefixed(digest) }
}
