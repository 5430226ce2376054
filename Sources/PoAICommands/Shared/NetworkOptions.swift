import ArgumentParser
import Foundation
import PoAIChain
import PoAINode
import PoAIStorage
import PoAITypes

/// Which network's rules: named, from a file, or a devnet of one's own. A data folder that has a chain already knows its
/// rules; what is given besides must fit them.
struct NetworkOptions: ParsableArguments {
    @Option(help: "The network; that of the data folder, or devnet, unless given.")
    var network: ChainSpec.Network?

    @Option(help: ArgumentHelp("Rules of a network of your own, as JSON.", valueName: "file"))
    var chainSpec: String?

    @Option(help: ArgumentHelp("For a new devnet: of 1000 tries, how many win at first (1-1000).", valueName: "n"))
    var target: Int?

    @Option(help: ArgumentHelp("For a new devnet: blocks that share an epoch key.", valueName: "count"))
    var epochBlocks: UInt64?

    @Option(
        help: ArgumentHelp(
            "For a new devnet: this many accounts that everyone knows begin with money (1-\(DevAccounts.limit)).",
            valueName: "count"))
    var devAccounts: Int?

    func validate() throws {
        if network != nil, chainSpec != nil {
            throw ValidationError("--chain-spec: it names a network of its own (drop it or --network)")
        }
        let isDevnet = chainSpec == nil && (network ?? .devnet) == .devnet
        let forDevnets = [
            ("--target", target != nil), ("--epoch-blocks", epochBlocks != nil), ("--dev-accounts", devAccounts != nil),
        ]
        for (name, isGiven) in forDevnets
        where isGiven && !isDevnet {
            throw ValidationError("\(name): only a new devnet can be begun with it (drop it, or use --network devnet)")
        }
        if let target, !(1...1000).contains(target) {
            throw ValidationError("--target: \(target) is not from 1 to 1000 (500: every second try wins)")
        }
        if let devAccounts, !(1...DevAccounts.limit).contains(devAccounts) {
            throw ValidationError("--dev-accounts: \(devAccounts) is not from 1 to \(DevAccounts.limit)")
        }
        if let epochBlocks, !(1...1_000_000_000).contains(epochBlocks) {
            throw ValidationError("--epoch-blocks: \(epochBlocks) is not from 1 to 1000000000")
        }
    }

    /// The rules to run with on the chain in `folder`, which may not exist yet.
    func spec(dataDirectory folder: String) throws -> ChainSpec {
        guard DataFolder.hasDatabase(at: folder) else { return try wantedSpec() }
        let stored = try ChainReader(dataDirectory: folder).spec
        try check(stored, in: folder)
        return stored
    }

    /// What the options ask for by themselves.
    private func wantedSpec() throws -> ChainSpec {
        if let chainSpec { return try Self.read(chainSpec) }
        var spec = try ChainSpec.embedded(network ?? .devnet)
        if let target { spec = try spec.withGenesisTarget(thousandths: target) }
        if let epochBlocks { spec = try spec.withEpochBlocks(epochBlocks) }
        if let devAccounts { spec = try DevAccounts.fund(devAccounts, in: spec) }
        return spec
    }

    private func check(_ stored: ChainSpec, in folder: String) throws {
        let wayOut = "choose another --data-dir to begin a new chain, or leave the option away"
        if let network, network.rawValue != stored.name {
            throw Failure(
                "\(folder): it holds a chain of \(stored.name), not of --network \(network.rawValue) (\(wayOut))")
        }
        let wanted = try wantedSpec()
        if target != nil, wanted.genesisBits != stored.genesisBits {
            throw Failure("\(folder): its chain began with another --target (\(wayOut))")
        }
        if let epochBlocks, epochBlocks != stored.epochBlocks {
            throw Failure(
                "\(folder): its chain has --epoch-blocks \(stored.epochBlocks), not \(epochBlocks) (\(wayOut))")
        }
        if let devAccounts, DevAccounts.count(in: stored) != devAccounts {
            throw Failure(
                "\(folder): its chain began with \(DevAccounts.count(in: stored)) --dev-accounts, not \(devAccounts) "
                    + "(\(wayOut))")
        }
        // A devnet's target and epoch length are its own; all else of it, and all of any other network, is fixed.
        let isFixed = chainSpec != nil || (network != nil && network != .devnet)
        if isFixed, wanted.parametersHash != stored.parametersHash {
            let name = chainSpec.map { "--chain-spec \($0)" } ?? "this version's \(wanted.name)"
            throw Failure("\(folder): its chain has other rules than \(name) (\(wayOut))")
        }
    }

    private static func read(_ path: String) throws -> ChainSpec {
        guard let data = FileManager.default.contents(atPath: path) else {
            let reason = String(cString: strerror(errno))
            throw Failure("\(path): cannot read this chain spec: \(reason) (check --chain-spec)")
        }
        do throws(ChainSpecError) {
            return try ChainSpec(json: Array(data))
        } catch {
            throw Failure("\(path): \(error) (correct the file; docs/spec/consensus.md explains the keys)")
        }
    }
}

extension ChainSpec.Network: ExpressibleByArgument {}
