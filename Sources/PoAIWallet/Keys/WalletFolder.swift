import Foundation
import PoAIPrimitives

/// A folder of keystores, one file per key, as geth keeps them: `UTC--TIME--ADDRESS`. What is in it is never written over.
public struct WalletFolder: Sendable {
    /// A keystore of the folder.
    public struct Entry: Equatable, Sendable {
        /// Whose key it holds, as the file says.
        public let address: Address
        /// Its file.
        public let path: String
    }

    /// What a folder holds.
    public struct Listing: Equatable, Sendable {
        /// The keystores in the order of their file names, which is that of their times.
        public var entries: [Entry] = []
        /// Files that are no keystores with an address, each with the reason, as one line.
        public var skipped: [String] = []

        /// Nothing.
        public init() {}
    }

    /// The folder.
    public let path: String

    /// The folder `path`, which need not exist.
    public init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Stores a key in a new file of mode 0600, and makes the folder (mode 0700) if it is missing.
    ///
    /// - Parameters:
    ///   - password: UTF-8 bytes, as they are.
    ///   - date: for the file's name.
    /// - Throws: `WalletFolderError`; `.present` when there is a keystore of this address.
    public func add(
        _ key: PrivateKey, password: [UInt8], derivation: KeyDerivation = .standard, date: Date = Date()
    ) throws(WalletFolderError) -> Entry {
        do throws(FolderError) {
            try Folder.make(path, mode: 0o700)
        } catch {
            throw .file(.system(path: error.path, operation: "make the folder", code: error.code))
        }
        if let entry = try listing().entries.first(where: { $0.address == key.address }) {
            throw .present(address: key.address, path: entry.path)
        }
        let keystore: Keystore
        do throws(KeystoreError) {
            keystore = try Keystore(key: key, password: password, derivation: derivation)
        } catch {
            throw .keystore(path: path, error)
        }
        let entry = Entry(address: key.address, path: "\(path)/\(Self.name(of: key.address, date))")
        do throws(KeyFileError) {
            try SecretFile.create(entry.path, keystore.json + [UInt8(ascii: "\n")])
            try Folder.sync(path)
        } catch {
            throw .file(error)
        }
        return entry
    }

    /// The keystores of the folder; none if there is no such folder. Hidden files and folders are passed over.
    ///
    /// - Throws: `.file` if the folder cannot be read.
    public func listing() throws(WalletFolderError) -> Listing {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            if access(path, F_OK) != 0, errno == ENOENT { return Listing() }
            throw .file(.system(path: path, operation: "list", code: Folder.isFolder(path) ? EACCES : ENOTDIR))
        }
        var listing = Listing()
        for name in names.sorted() where !name.hasPrefix(".") {
            let file = "\(path)/\(name)"
            if Folder.isFolder(file) { continue }
            do throws(WalletFolderError) {
                guard let address = try Self.keystore(at: file).address else { throw .noAddress(path: file) }
                listing.entries.append(Entry(address: address, path: file))
            } catch {
                listing.skipped.append("\(error)")
            }
        }
        return listing
    }

    /// The keystore of an address; without one, the only keystore there is.
    ///
    /// - Throws: `.missing`, `.ambiguous`, or what `listing` throws.
    public func entry(of address: Address?) throws(WalletFolderError) -> Entry {
        let entries = try listing().entries
        guard let address else {
            guard let entry = entries.first else { throw .missing(path: path, address: nil) }
            guard entries.count == 1 else { throw .ambiguous(path: path, count: entries.count) }
            return entry
        }
        guard let entry = entries.first(where: { $0.address == address }) else {
            throw .missing(path: path, address: address)
        }
        return entry
    }

    /// Reads a keystore file, wherever it is.
    ///
    /// - Throws: `.file`, `.keystore`.
    public static func keystore(at file: String) throws(WalletFolderError) -> Keystore {
        let bytes: [UInt8]
        do throws(KeyFileError) {
            bytes = try SecretFile.read(file, limit: Keystore.sizeLimit)
        } catch {
            throw .file(error)
        }
        do throws(KeystoreError) { return try Keystore(json: bytes) } catch { throw .keystore(path: file, error) }
    }

    /// Reads and opens a keystore file.
    ///
    /// - Throws: `.file`, `.keystore`.
    public static func key(in file: String, password: [UInt8]) throws(WalletFolderError) -> PrivateKey {
        let keystore = try keystore(at: file)
        do throws(KeystoreError) {
            return try keystore.open(password: password)
        } catch {
            throw .keystore(path: file, error)
        }
    }

    /// UTC to the nanosecond without colons, as geth writes it: `UTC--2016-03-22T12-57-55.920751759Z--7ef5…`.
    private static func name(of address: Address, _ date: Date) -> String {
        let seconds = date.timeIntervalSince1970
        var whole = time_t(max(0, min(seconds, 253_402_300_799)).rounded(.down))
        let nanoseconds = Int(max(0, min(999_999_999, (seconds - Double(whole)) * 1e9)))
        var parts = tm()
        gmtime_r(&whole, &parts)
        let time = String(
            format: "%04d-%02d-%02dT%02d-%02d-%02d.%09dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
            parts.tm_hour, parts.tm_min, parts.tm_sec, nanoseconds)
        return "UTC--\(time)--\(address.hex)"
    }
}
