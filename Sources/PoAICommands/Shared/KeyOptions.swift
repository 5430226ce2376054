import ArgumentParser
import PoAIPrimitives
import PoAIWallet

/// Where keystores are, and the password of one.
struct KeystoreOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Folder of the keystores.", valueName: "folder"))
    var keystoreDir = "keystore"

    func validate() throws {
        if keystoreDir.isEmpty { throw ValidationError("--keystore-dir: it is empty (name a folder)") }
    }

    var folder: WalletFolder { WalletFolder(path: keystoreDir) }
}

/// The password of a keystore.
struct PasswordOptions: ParsableArguments {
    @Option(help: ArgumentHelp("File with the keystore's password; asked for unless given.", valueName: "file"))
    var passwordFile: String?

    func password(isNew: Bool = false) throws -> [UInt8] {
        try Password.read(file: passwordFile, isNew: isNew)
    }
}

/// The private key that signs: one of three ways to give it.
struct KeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The private key, 64 hex digits. Others may see it: better use a file.", valueName: "key"))
    var privkey: String?

    @Option(help: ArgumentHelp("File with the private key, as generate-key makes it.", valueName: "file"))
    var keyFile: String?

    @Option(help: ArgumentHelp("A keystore, or a folder of them.", valueName: "file"))
    var keystore: String?

    @Option(
        help: ArgumentHelp("Which keystore of a folder.", valueName: "address"), transform: Arguments.address)
    var from: Address?

    @OptionGroup var password: PasswordOptions

    func validate() throws {
        guard [privkey, keyFile, keystore].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("--privkey, --key-file, --keystore: give one of them (to sign with its key)")
        }
        if keystore == nil, password.passwordFile != nil {
            throw ValidationError("--password-file: it is of use with --keystore only (drop it)")
        }
        if keystore == nil, from != nil {
            throw ValidationError("--from: it chooses in the folder of --keystore only (drop it)")
        }
    }

    /// The key. No message shows anything of it.
    func key() throws -> PrivateKey {
        if let privkey {
            Output.note(
                "warning: --privkey: programs on this machine and your shell's history can see the key "
                    + "(use --key-file or --keystore)")
            guard let key = PrivateKey(text: privkey) else {
                throw Failure("--privkey: it is no private key (give 64 hex digits, or a file with --key-file)")
            }
            return key
        }
        if let keyFile { return try SecretFile.readKey(keyFile) }
        let path = keystore ?? ""
        let file = Folder.isFolder(path) ? try WalletFolder(path: path).entry(of: from).path : path
        // A file that is no keystore is refused before the password is asked for.
        let keystore = try WalletFolder.keystore(at: file)
        if let from, let address = keystore.address, address != from {
            throw Failure("\(file): it is the keystore of \(address), not of --from \(from) (choose one)")
        }
        return try WalletFolder.key(in: file, password: try password.password())
    }
}
