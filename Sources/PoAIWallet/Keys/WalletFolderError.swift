import PoAIPrimitives

/// Why a folder of keystores, or a keystore in it, cannot be used.
public enum WalletFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A file cannot be written or read.
    case file(KeyFileError)
    /// A file is no keystore, or does not open.
    case keystore(path: String, KeystoreError)
    /// A keystore that does not say whose it is.
    case noAddress(path: String)
    /// The folder has a keystore of this address already.
    case present(address: Address, path: String)
    /// The folder has no keystore, or none of this address.
    case missing(path: String, address: Address?)
    /// Which of several keystores?
    case ambiguous(path: String, count: Int)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .keystore(let path, let error): "\(path): \(error)"
        case .noAddress(let path): "\(path): it does not say whose key it is (import it: 'poaid wallet import FILE')"
        case .present(let address, let path):
            "\(path): it holds the key of \(address) already (use that one, or another --keystore-dir)"
        case .missing(let path, nil):
            "\(path): there is no keystore in it (make one with 'poaid wallet new', or name another folder)"
        case .missing(let path, let address?):
            "\(path): it has no keystore of \(address) ('poaid wallet list' shows what there is)"
        case .ambiguous(let path, let count):
            "\(path): it has \(count) keystores (name the file, or the address with --from)"
        }
    }
}
