import ArgumentParser
import Foundation
import PoAIJSON
import PoAIPrimitives
import PoAIWallet

struct SendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send POAI to an address.",
        discussion: """
            Nonce, fees, gas and chain id are asked from the node; the key stays here. Without --wait it ends as soon as \
            the node has taken the transaction.
            """)

    @Option(
        help: ArgumentHelp("Who gets it: 40 hex digits, with or without 0x.", valueName: "address"),
        transform: Arguments.address)
    var to: Address

    @Option(
        help: ArgumentHelp("How much, in POAI, such as 1.5.", valueName: "poai"), transform: Arguments.amount)
    var amount: UInt256

    @OptionGroup var key: KeyOptions
    @OptionGroup var node: NodeOptions

    @Option(
        help: ArgumentHelp("Most to pay as a fee, in POAI; 1 unless given.", valueName: "poai"),
        transform: Arguments.amount)
    var maxFee: UInt256?

    @Flag(help: "Wait until a block holds the transaction.")
    var wait = false

    @Option(
        help: ArgumentHelp("How long to wait, in seconds; 600 unless given.", valueName: "seconds"),
        transform: Arguments.seconds)
    var timeout: Double?

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints; fields after `wei` only with --wait.
    struct Report: Encodable {
        var hash: String
        var from: String
        var to: String
        var nonce: UInt64
        var chainId: UInt64
        var poai: String
        var wei: String
        var maxFee: String
        var blockNumber: UInt64?
        var blockHash: String?
        var fee: String?
        var succeeded: Bool?
    }

    func validate() throws {
        if timeout != nil, !wait { throw ValidationError("--timeout: it is of use with --wait only (add --wait)") }
    }

    func run() throws {
        let key = try self.key.key()
        let node = try self.node.node()
        let transfer = try Transfer(
            of: amount, to: to, key: key, through: node, feeLimit: maxFee ?? Amount.wei("1") ?? .zero)
        var report = Report(transfer, to: to)
        try send(transfer, to: node)
        if !json { Output.line("sent: \(report.poai) POAI from \(report.from) to \(report.to), \(report.hash)") }
        if wait { try add(try receipt(of: transfer, from: node), to: &report) }
        if json { try JSONLine.print(report) } else if wait { print(report) }
        guard report.succeeded != false else {
            throw Failure("\(report.hash): it is in a block but failed; its fee is lost ('poaid tx' shows it)")
        }
    }

    private func send(_ transfer: Transfer, to node: Node) throws {
        do throws(RPCClientError) {
            _ = try node.send(transfer.transaction.encoded())
        } catch {
            if case .remote = error { throw error }
            // Whether the node got it is not known.
            throw Failure("\(error); whether it was sent, 'poaid tx \(transfer.transaction.hash)' tells")
        }
    }

    private func receipt(of transfer: Transfer, from node: Node) throws -> JSONValue {
        let hash = transfer.transaction.hash
        let limit = timeout ?? 600
        let start = ContinuousClock.now
        repeat {
            do throws(RPCClientError) {
                if let receipt = try node.receipt(hash) { return receipt }
            } catch {
                throw Failure("\(error); the transaction was sent, 'poaid tx \(hash)' shows it")
            }
            Thread.sleep(forTimeInterval: min(0.5, limit))
        } while ContinuousClock.now - start < .seconds(limit)
        throw Failure(
            "\(hash): no block holds it after \(Int(limit.rounded(.up))) s (it was sent and may still come: "
                + "'poaid tx \(hash)')")
    }

    private func add(_ receipt: JSONValue, to report: inout Report) throws {
        let text = NodeText(json: receipt)
        guard let status = text.quantity("status"), let number = text.quantity("blockNumber")?.asUInt64,
            let gas = text.quantity("gasUsed"), let price = text.quantity("effectiveGasPrice")
        else {
            throw Failure(
                "\(report.hash): it was sent, but the node's receipt is not to be understood (check --rpc-url)")
        }
        report.succeeded = status == .one
        report.blockNumber = number
        report.blockHash = text.plain("blockHash")
        report.fee = Amount.poai(gas &* price)
    }

    private func print(_ report: Report) {
        guard let number = report.blockNumber, let fee = report.fee, report.succeeded == true else { return }
        Output.line("confirmed: block \(number), fee \(fee) POAI")
    }
}

extension SendCommand.Report {
    fileprivate init(_ transfer: Transfer, to receiver: Address) {
        let fields = transfer.transaction.fields
        self.init(
            hash: transfer.transaction.hash.hex, from: transfer.sender.checksummed, to: receiver.checksummed,
            nonce: fields.nonce, chainId: fields.chainID ?? 0, poai: Amount.poai(fields.value),
            wei: fields.value.description, maxFee: Amount.poai(transfer.maxFee))
    }
}
