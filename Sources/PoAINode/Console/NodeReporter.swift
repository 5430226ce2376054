import Logging
import PoAIChain
import PoAIConsensus
import PoAIPrimitives
import PoAITypes
import PoAIWork

/// Tells people and programs what the node is doing, in log lines and a progress line.
final class NodeReporter: Sendable {
    private let console: Console
    private let format: LogFormat
    private let log: Logger

    init(console: Console, format: LogFormat) {
        self.console = console
        self.format = format
        log = Logger(label: "poaid") { _ in ConsoleLogHandler(console: console, format: format) }
    }

    func starting(_ configuration: NodeConfiguration) {
        log.info(
            "starting",
            metadata: [
                "network": "\(configuration.spec.name)", "chainId": "\(configuration.spec.chainID)",
                "data": "\(configuration.dataDirectory)",
            ])
    }

    func modelReady(_ work: WorkEngine, path: String) {
        log.info(
            "model ready",
            metadata: [
                "model": "\(path)", "sha256": "\(work.model.sha256)", "kernel": "\(work.engine.kernel)",
                "threads": "\(work.engine.threads)",
                "batch": "\(work.engine.rowsPerPass / work.generator.rules.tokenCount)",
            ])
    }

    func chainReady(_ chain: Blockchain, directory: String) {
        let head = chain.head
        log.info(
            "chain ready",
            metadata: [
                "height": "\(head.header.number)", "head": "\(head.hash)", "work": "\(head.totalWork)",
                "expectedTries": "\(tries(head.expectations.target))",
            ])
    }

    func newHead(_ change: HeadChange, spec: ChainSpec) {
        if change.isReorganization {
            log.warning(
                "chain reorganized",
                metadata: ["removed": "\(change.removed.count)", "added": "\(change.added.count)"])
        }
        let head = change.head
        guard head.expectations.bits != head.header.bits, let before = CompactTarget.target(head.header.bits) else {
            return
        }
        log.info(
            "difficulty retargeted",
            metadata: [
                "nextHeight": "\(head.expectations.number)", "triesBefore": "\(tries(before))",
                "triesNow": "\(tries(head.expectations.target))", "goalSeconds": "\(spec.blockInterval)",
            ])
    }

    @Sendable func mining(_ event: Miner.Event) {
        switch event {
        case .quiz(let height, let nonce, let solved):
            log.info(
                "quiz",
                metadata: [
                    "height": "\(height)", "nonce": "\(nonce)", "text": "\(solved.quiz.text)",
                    "loss": "\(HumanNumbers.nats(solved.trace.loss))",
                ])
        case .found(let header, let hash, let solved, let tries, let seconds):
            let target = CompactTarget.target(header.bits) ?? .max
            log.info(
                "block mined",
                metadata: [
                    "height": "\(header.number)", "hash": "\(hash)", "nonce": "\(header.nonce)", "tries": "\(tries)",
                    "seconds": "\(HumanNumbers.fixed(seconds, 1))", "loss": "\(HumanNumbers.nats(header.loss))",
                    "lhatOfTarget": "\(ratio(solved.seal.lhat, target))",
                ])
        case .refused(let header, let outcome):
            let level: Logger.Level = if case .rejected = outcome { .error } else { .warning }
            log.log(
                level: level, "own block not taken",
                metadata: ["height": "\(header.number)", "outcome": "\(outcome)"])
        }
    }

    /// The progress line on a terminal; elsewhere a log line.
    func progress(_ figures: MiningStatistics.Snapshot) {
        guard figures.height > 0 else { return }
        let best = figures.best.map { ratio($0, figures.target) } ?? "–"
        let expected = figures.expectedSeconds.map(HumanNumbers.duration) ?? "?"
        guard console.isTerminal, format == .text else {
            log.info(
                "mining",
                metadata: [
                    "height": "\(figures.height)", "tries": "\(figures.triesOnBlock)",
                    "triesPerSecond": "\(HumanNumbers.fixed(figures.triesPerSecond, 1))",
                    "loss": "\(HumanNumbers.nats(figures.lastLoss))", "bestLhatOfTarget": "\(best)",
                    "expectedTries": "\(tries(figures.target))", "expected": "\(expected)",
                    "blocks": "\(figures.blocks)",
                ])
            return
        }
        console.showProgress(
            "mining \(figures.height)  try \(figures.triesOnBlock) of ~\(tries(figures.target))  "
                + "\(HumanNumbers.fixed(figures.triesPerSecond, 1)) tries/s  "
                + "loss \(HumanNumbers.nats(figures.lastLoss))  best ℓ̂ \(best) × target  "
                + "a block every ~\(expected)  found \(figures.blocks)")
    }

    func stopped(_ exit: NodeExit, _ chain: Blockchain) {
        let reason =
            switch exit {
            case .signal(let number): "signal \(number)"
            case .reachedHeight(let height): "reached height \(height)"
            }
        log.info(
            "stopped",
            metadata: [
                "reason": "\(reason)", "height": "\(chain.head.header.number)", "head": "\(chain.head.hash)",
            ])
    }

    /// ℓ̂ as a multiple of the target; below 1 wins.
    private func ratio(_ lhat: UInt256, _ target: UInt256) -> String {
        HumanNumbers.short(lhat.fractionOfMax / target.fractionOfMax)
    }

    /// Tries that a block takes on average.
    private func tries(_ target: UInt256) -> String { HumanNumbers.short(1 / target.fractionOfMax) }
}
