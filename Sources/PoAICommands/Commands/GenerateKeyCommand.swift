import ArgumentParser
import PoAIPrimitives
import PoAIWallet

struct GenerateKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-key", abstract: "Make a key pair, and save it with --save.",
        discussion: """
            With --save: poai_private_key.txt (mode 0600), poai_address.txt and poai_miner_config.txt in the output \
            folder; what is there is never written over, and the private key is not printed. Without --save everything \
            is printed and nothing is stored.
            """)

    @Flag(help: "Save the keys to files instead of printing the private key.")
    var save = false

    @Option(help: ArgumentHelp("Folder for the files of --save; 'keys' unless given.", valueName: "folder"))
    var outputDir: String?

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints. Absent fields are left out.
    struct Report: Encodable {
        var address: String
        var publicKey: String
        var privateKey: String?
        var privateKeyFile: String?
        var addressFile: String?
        var minerConfigFile: String?
    }

    func validate() throws {
        if outputDir != nil, !save {
            throw ValidationError("--output-dir: it is of use with --save only (add --save)")
        }
        if outputDir?.isEmpty == true {
            throw ValidationError("--output-dir: it is empty (name a folder)")
        }
    }

    func run() throws {
        let key = PrivateKey.generate()
        var report = Report(address: key.address.hex, publicKey: Hex.encode(key.publicKey.bytes))
        if save {
            let files = KeyFiles(folder: outputDir ?? "keys")
            try files.save(key)
            report.privateKeyFile = files.privateKeyPath
            report.addressFile = files.addressPath
            report.minerConfigFile = files.minerConfigPath
        } else {
            report.privateKey = Hex.encode(key.bytes)
        }
        if json { try JSONLine.print(report) } else { print(report) }
    }

    private func print(_ report: Report) {
        if let privateKey = report.privateKey { Output.line("Private key:  \(privateKey)") }
        Output.line("Public key:   \(report.publicKey)")
        Output.line("Address:      \(report.address)")
        if let file = report.privateKeyFile { Output.line("Private key in   \(file) (keep it secret, keep a copy)") }
        if let file = report.addressFile { Output.line("Address in       \(file)") }
        if let file = report.minerConfigFile { Output.line("Miner config in  \(file)") }
    }
}
