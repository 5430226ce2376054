import ArgumentParser
import Foundation
import PoAIPrimitives
import PoAIWallet

struct WalletCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wallet", abstract: "Keep private keys in files that a password opens.",
        discussion: "The files are keystores of Web3 Secret Storage version 3, which most wallets of Ethereum read.",
        subcommands: [
            WalletNewCommand.self, WalletImportCommand.self, WalletListCommand.self, WalletExportCommand.self,
        ])

    /// What --json prints for a keystore.
    struct Entry: Encodable {
        var address: String
        var file: String

        init(_ entry: WalletFolder.Entry) { (address, file) = (entry.address.checksummed, entry.path) }

        func print(asJSON: Bool) throws {
            if asJSON { return try JSONLine.print(self) }
            NodeText.print([("Address:", address), ("Keystore in", "\(file) (keep a copy, and the password)")])
        }
    }
}

struct WalletNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key and keep it in a new keystore.")

    @OptionGroup var keystores: KeystoreOptions
    @OptionGroup var password: PasswordOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let entry = try keystores.folder.add(PrivateKey.generate(), password: try password.password(isNew: true))
        try WalletCommand.Entry(entry).print(asJSON: json)
    }
}

struct WalletImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take a key into a new keystore.",
        discussion: """
            The file holds either a private key, as generate-key --save writes it, or a keystore, which is written anew \
            under its own password.
            """)

    @Argument(help: ArgumentHelp("File with a private key, or a keystore.", valueName: "file"))
    var file: String

    @OptionGroup var keystores: KeystoreOptions
    @OptionGroup var password: PasswordOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let bytes = try SecretFile.read(file, limit: Keystore.sizeLimit)
        let isKeystore = bytes.first { !UnicodeScalar($0).properties.isWhitespace } == UInt8(ascii: "{")
        let (key, secret) = try isKeystore ? fromKeystore() : fromKeyFile()
        try WalletCommand.Entry(try keystores.folder.add(key, password: secret)).print(asJSON: json)
    }

    private func fromKeyFile() throws -> (PrivateKey, [UInt8]) {
        (try SecretFile.readKey(file), try password.password(isNew: true))
    }

    private func fromKeystore() throws -> (PrivateKey, [UInt8]) {
        _ = try WalletFolder.keystore(at: file)
        let secret = try password.password()
        return (try WalletFolder.key(in: file, password: secret), secret)
    }
}

struct WalletListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Show the keystores of a folder.")

    @OptionGroup var keystores: KeystoreOptions

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        var keystores: [WalletCommand.Entry]
        /// Files that are none, each with the reason.
        var skipped: [String]
    }

    func run() throws {
        let listing = try keystores.folder.listing()
        let entries = listing.entries.map(WalletCommand.Entry.init)
        if json { return try JSONLine.print(Report(keystores: entries, skipped: listing.skipped)) }
        for entry in entries { Output.line("\(entry.address)  \(entry.file)") }
        for reason in listing.skipped { Output.note("skipped: \(reason)") }
        if entries.isEmpty { Output.note("\(keystores.keystoreDir): no keystores ('poaid wallet new' makes one)") }
    }
}

struct WalletExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Take a private key out of its keystore.",
        discussion:
            "It is printed, or with --output written to a new file of mode 0600. Whoever has it owns the account.")

    @Option(
        help: ArgumentHelp("Whose key; needed if there are several.", valueName: "address"),
        transform: Arguments.address)
    var addr: Address?

    @OptionGroup var keystores: KeystoreOptions
    @OptionGroup var password: PasswordOptions

    @Option(help: ArgumentHelp("A new file for the key, instead of printing it.", valueName: "file"))
    var output: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        var address: String
        /// Absent with --output.
        var privateKey: String?
        /// Only with --output.
        var privateKeyFile: String?
    }

    func run() throws {
        let entry = try keystores.folder.entry(of: addr)
        let key = try WalletFolder.key(in: entry.path, password: try password.password())
        var report = Report(address: key.address.checksummed)
        if let output {
            try write(key, to: output)
            report.privateKeyFile = output
        } else {
            report.privateKey = Hex.encode(key.bytes)
        }
        if json { return try JSONLine.print(report) }
        Output.line(report.privateKey ?? "\(report.address)  \(output ?? "")")
    }

    private func write(_ key: PrivateKey, to path: String) throws {
        do throws(KeyFileError) {
            try SecretFile.create(path, Array("\(Hex.encode(key.bytes))\n".utf8))
        } catch .exists {
            throw Failure("\(path): exists already and is never written over (choose another --output)")
        } catch {
            throw error
        }
    }
}
