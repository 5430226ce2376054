import ArgumentParser
import Foundation
import PoAIEVM
import PoAIPrimitives
import PoAIStateTest

struct BenchEVMCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evm", abstract: "Measure how fast this machine runs contracts, in millions of gas per second.",
        discussion: """
            Without --code it runs the built-in loops: \(SpeedLoop.all.map(\.name).joined(separator: ", ")).
            """)

    /// A limit that keeps the measurement to minutes.
    static let gasLimit: UInt64 = 100_000_000_000

    @Option(help: ArgumentHelp("Code to run instead, in hex.", valueName: "hex"), transform: Arguments.bytes)
    var code: [UInt8]?

    @Option(
        help: ArgumentHelp("Gas of the call that runs --code, 21000 to \(gasLimit).", valueName: "gas"),
        transform: { text in
            guard let gas = UInt64(text), (21_000...gasLimit).contains(gas) else {
                throw ValidationError("it must be a whole number from 21000 to \(gasLimit)")
            }
            return gas
        })
    var gas: UInt64?

    @Flag(help: "Print JSON.")
    var json = false

    /// What --json prints.
    struct Report: Encodable {
        struct Loop: Encodable {
            var name: String
            var code: String
            var gasUsed: UInt64
            var mgasPerSecond: Double
            /// `succeeded`, `reverted`, or why it halted.
            var status: String
        }

        /// All gas over all time.
        var mgasPerSecond: Double
        var loops: [Loop]
    }

    func validate() throws {
        guard gas == nil || code != nil else {
            throw ValidationError("--gas needs --code: the built-in loops have gas of their own")
        }
    }

    func run() throws {
        let own = code.map { [SpeedLoop(name: "code", code: $0, gas: gas ?? 1_000_000_000)] }
        var measured: [SpeedMeasurement] = []
        for loop in own ?? SpeedLoop.all { measured.append(try SpeedMeasurement(loop)) }
        let gasUsed = measured.reduce(0) { $0 + Double($1.gasUsed) }
        let seconds = measured.reduce(0) { $0 + $1.seconds }
        let report = Report(mgasPerSecond: Self.rounded(gasUsed / seconds / 1e6), loops: measured.map(Self.loop))
        if json { return try JSONLine.print(report) }
        for loop in report.loops {
            let name = loop.name.padding(toLength: 18, withPad: " ", startingAt: 0)
            let ending = loop.status == "succeeded" ? "" : " (\(loop.status))"
            Output.line("\(name) \(DecimalText.of(loop.mgasPerSecond, 0)) Mgas/s over \(loop.gasUsed) gas\(ending)")
        }
        if report.loops.count > 1 {
            Output.line("All together       \(DecimalText.of(report.mgasPerSecond, 0)) Mgas/s")
        }
    }

    private static func loop(_ measured: SpeedMeasurement) -> Report.Loop {
        let status =
            switch measured.status {
            case .succeeded: "succeeded"
            case .reverted: "reverted"
            case .halted(let reason): "\(reason)"
            }
        return Report.Loop(
            name: measured.loop.name, code: "0x" + Hex.encode(measured.loop.code), gasUsed: measured.gasUsed,
            mgasPerSecond: rounded(measured.megagasPerSecond), status: status)
    }

    private static func rounded(_ number: Double) -> Double { (number * 1000).rounded() / 1000 }
}
