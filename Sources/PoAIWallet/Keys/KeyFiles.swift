import Foundation
import PoAIPrimitives

/// A key pair's three files in one folder: the private key, the address and a miner configuration to copy from.
///
/// Files are made with O_EXCL: what exists is never written over. The private key's file has mode 0600 from its first
/// moment on. Either all three are there at the end or none was left behind.
public struct KeyFiles: Sendable {
    /// The folder.
    public let folder: String
    /// 64 hex digits.
    public var privateKeyPath: String { folder + "/poai_private_key.txt" }
    /// 40 hex digits without `0x`.
    public var addressPath: String { folder + "/poai_address.txt" }
    /// `MINER_ADDRESS=` and examples of use.
    public var minerConfigPath: String { folder + "/poai_miner_config.txt" }

    /// The files of `folder`, which need not exist.
    public init(folder: String) {
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    /// Writes the files of `key`, and makes the folder (mode 0700) if it is missing.
    /// - Throws: `.exists` when there is one of them already; `.system` for anything the operating system refuses.
    public func save(_ key: PrivateKey) throws(KeyFileError) {
        do throws(FolderError) {
            try Folder.make(folder, mode: 0o700)
        } catch {
            throw .system(path: error.path, operation: "make the folder", code: error.code)
        }
        var made: [String] = []
        do throws(KeyFileError) {
            for path in [privateKeyPath, addressPath, minerConfigPath] where access(path, F_OK) == 0 {
                throw .exists(path: path)
            }
            try create(privateKeyPath, mode: 0o600, Hex.encode(key.bytes) + "\n", &made)
            try create(addressPath, mode: 0o644, key.address.hex + "\n", &made)
            try create(minerConfigPath, mode: 0o644, minerConfig(of: key.address), &made)
            try Folder.sync(folder)
        } catch {
            for path in made { unlink(path) }
            throw error
        }
    }

    private func minerConfig(of address: Address) -> String {
        """
        # PoAI miner configuration. The rewards of the blocks you mine go to this address:
        MINER_ADDRESS=\(address.hex)

        # The private key in poai_private_key.txt owns them: keep a copy of it in a safe place and show it to nobody.

        # Examples of use, from the folder of the checkout:
        #   mine the devnet, from nothing:   ./scripts/start_mining.sh
        #   the same by hand:                .build/release/poaid run --data-dir data --miner-address \(address.hex)
        #   twenty blocks, easy ones:        .build/release/poaid run --data-dir easy --target 500 --stop-at-height 20 \
        --miner-address \(address.hex)
        #   the balance, also while mining:  .build/release/poaid balance --data-dir data --addr \(address.hex)
        #   check every block:               .build/release/poaid verify --data-dir data

        """
    }

    /// Makes a new file with `text`, and notes it in `made`.
    private func create(
        _ path: String, mode: mode_t, _ text: String, _ made: inout [String]
    ) throws(KeyFileError) {
        try SecretFile.create(path, mode: mode, Array(text.utf8))
        made.append(path)
    }
}
