import PoAIJSON
import PoAIPrimitives

/// Why a keystore cannot be read or opened.
public enum KeystoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file is no JSON.
    case notJSON(JSONFault)
    /// A field is missing or not what it must be; `field` is its path, such as `crypto.kdfparams.n`, or
    /// `(file)`.
    case malformed(field: String, got: String, expected: String)
    /// A sort of keystore that this program does not read.
    case unsupported(field: String, got: String, supported: String)
    /// To derive the key would take more memory or time than this program spends.
    case tooCostly(field: String, got: String, limit: String)
    /// The password does not fit: the MAC is another.
    case wrongPassword
    /// The key in the file is no private key of secp256k1.
    case noPrivateKey
    /// The key in the file is that of another address.
    case otherAddress(got: Address, expected: Address)
    /// The operating system has no memory left to derive the key.
    case outOfMemory(bytes: Int)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .notJSON(let fault):
            "it is no keystore, as it is no JSON: \(fault) (give a file of Web3 Secret Storage version 3)"
        case .malformed("(file)", let got, let expected):
            "it is no keystore: it is \(got), expected \(expected) (give a file of Web3 Secret Storage version 3)"
        case .malformed(let field, let got, let expected):
            "its field \(field) is \(got), expected \(expected) (the file is damaged; take a copy of it)"
        case .unsupported(let field, let got, let supported):
            "its field \(field) is \(got); only \(supported) can be read (convert it with the program that made it)"
        case .tooCostly(let field, let got, let limit):
            "its field \(field) asks for \(got), more than \(limit) (write it anew with smaller parameters)"
        case .wrongPassword:
            "the password does not open it (give the one that it was made with)"
        case .noPrivateKey:
            "it opens, but what it holds is no private key (take a copy of the file)"
        case .otherAddress(let got, let expected):
            "it holds the key of \(got), but says it is that of \(expected) (take a copy of the file)"
        case .outOfMemory(let bytes):
            "deriving its key needs \(bytes / 1_048_576) MiB of memory, which are not free (end other programs)"
        }
    }
}
