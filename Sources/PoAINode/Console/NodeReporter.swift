import Foundation
import Logging
import PoAIChain
import PoAIConsensus
import PoAIMempool
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import PoAIWork

/// Tells people and programs what the node is doing, in log lines and a progress line.
final class NodeReporter: Sendable {
    let console: Console
    let format: LogFormat
    private let log: Logger

    init(console: Console, format: LogFormat) {
        self.console = console
        self.format = format
        log = Logger(label: "poaid") { _ in ConsoleLogHandler(console: console, format: format) }
    }

    func starting(_ configuration: NodeConfiguration) {
        let spec = configuration.spec
        tell(
            "starting", "\(spec.name) (chain \(spec.chainID)) in \(configuration.dataDirectory)",
            ["network": "\(spec.name)", "chainId": "\(spec.chainID)", "data": "\(configuration.dataDirectory)"])
        for (index, account) in DevAccounts.accounts(min(DevAccounts.count(in: spec), Self.shownAccounts)).enumerated()
        {
            let key = "0x" + Hex.encode(account.key.bytes)
            tell(
                "dev account", "\(index)  \(account.address)  key \(key) (everyone knows it)",
                ["index": "\(index)", "address": "\(account.address)", "key": "\(key)"])
        }
    }

    /// Development accounts that are shown with their keys.
    private static let shownAccounts = 10

    func modelReady(_ work: WorkEngine, path: String) {
        let (kernel, threads) = (work.engine.kernel, work.engine.threads)
        let batch = work.engine.rowsPerPass / work.generator.rules.tokenCount
        tell(
            "model ready",
            "\(path), this machine computes its golden vectors: kernel \(kernel), \(threads) threads, batches of \(batch)",
            [
                "model": "\(path)", "sha256": "\(work.model.sha256)", "kernel": "\(kernel)", "threads": "\(threads)",
                "batch": "\(batch)",
            ])
    }

    func chainReady(_ chain: Blockchain) {
        let head = chain.head
        let needed = tries(head.expectations.target)
        tell(
            "chain ready", "height \(head.header.number), head \(short(head.hash)), about \(needed) tries a block",
            [
                "height": "\(head.header.number)", "head": "\(head.hash)", "work": "\(head.totalWork)",
                "expectedTries": "\(needed)",
            ])
    }

    func serverReady(_ configuration: RPCServer.Configuration, port: Int) {
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        tell("rpc ready", "http://\(host):\(port)", ["url": "http://\(host):\(port)"])
        if !["127.0.0.1", "::1", "localhost"].contains(configuration.host) {
            tell(
                .warning, "rpc exposed", "whoever reaches \(host):\(port) can use this node; put a firewall before it",
                ["host": "\(configuration.host)", "port": "\(port)"])
        }
    }

    @Sendable func pool(_ event: NodePool.PoolEvent) {
        switch event {
        case .loaded(let load, let path): loaded(load, path)
        case .fileFailed(let error):
            tell(.warning, "pool file", "\(error); the node goes on without it", ["error": "\(error)"])
        case .headFailed(let error):
            tell(.warning, "pool", "it could not follow the new head: \(error)", ["error": "\(error)"])
        }
    }

    private func loaded(_ load: MempoolLoad, _ path: String) {
        if let damage = load.damage {
            tell(
                .warning, "pool damaged", "\(path): \(damage); what was readable is kept",
                ["path": "\(path)", "damage": "\(damage)"])
        }
        guard load.admitted > 0 || !load.refused.isEmpty else { return }
        tell(
            "pool ready", "\(load.admitted) waiting transactions of an earlier run, \(load.refused.count) outdated",
            ["admitted": "\(load.admitted)", "refused": "\(load.refused.count)"])
    }

    func newHead(_ change: HeadChange, spec: ChainSpec) {
        if change.isReorganization {
            let (removed, added) = (change.removed.count, change.added.count)
            tell(
                .warning, "chain reorganized", "\(removed) blocks taken back, \(added) put in their place",
                ["removed": "\(removed)", "added": "\(added)"])
        }
        let head = change.head
        guard head.expectations.bits != head.header.bits, let before = CompactTarget.target(head.header.bits) else {
            return
        }
        let (old, new) = (tries(before), tries(head.expectations.target))
        tell(
            "difficulty retargeted",
            "from block \(head.expectations.number) about \(new) tries a block, before \(old); "
                + "the goal is \(spec.blockInterval) s a block",
            [
                "nextHeight": "\(head.expectations.number)", "triesBefore": "\(old)", "triesNow": "\(new)",
                "goalSeconds": "\(spec.blockInterval)",
            ])
    }

    @Sendable func mining(_ event: Miner.Event) {
        switch event {
        case .quiz(let height, let nonce, let solved): quiz(height, nonce, solved)
        case .found(let block): found(block)
        case .refused(let header, let outcome):
            tell(
                .warning, "own block not taken", "block \(header.number): \(outcome)",
                ["height": "\(header.number)", "outcome": "\(outcome)"])
        }
    }

    private func quiz(_ height: UInt64, _ nonce: UInt64, _ solved: SolvedQuiz) {
        let text = solved.quiz.text.trimmingCharacters(in: .newlines)
        let loss = HumanNumbers.nats(solved.trace.loss)
        tell(
            "quiz", "for block \(height): \"\(text.replacing("\n", with: " / "))\"  loss \(loss)",
            ["height": "\(height)", "nonce": "\(nonce)", "text": "\(text)", "loss": "\(loss)"])
    }

    private func found(_ block: Miner.FoundBlock) {
        let header = block.header
        let ratio = ratio(block.solved.seal.lhat, CompactTarget.target(header.bits) ?? .max)
        let loss = HumanNumbers.nats(header.loss)
        tell(
            "block mined",
            "\(header.number)  \(short(block.hash))  \(block.tries) tries in \(HumanNumbers.duration(block.seconds))  "
                + "loss \(loss)  ℓ̂ \(ratio) × target",
            [
                "height": "\(header.number)", "hash": "\(block.hash)", "nonce": "\(header.nonce)",
                "tries": "\(block.tries)", "seconds": "\(HumanNumbers.fixed(block.seconds, 1))", "loss": "\(loss)",
                "lhatOfTarget": "\(ratio)",
            ])
    }

    /// The progress line on a terminal; elsewhere a log line.
    func progress(_ figures: MiningStatistics.Snapshot) {
        guard figures.height > 0 else { return }
        let best = figures.best.map { ratio($0, figures.target) } ?? "–"
        let expected = figures.expectedSeconds.map(HumanNumbers.duration) ?? "?"
        let speed = HumanNumbers.fixed(figures.triesPerSecond, 1)
        let loss = HumanNumbers.nats(figures.lastLoss)
        let line =
            "block \(figures.height)  try \(figures.triesOnBlock) of ~\(tries(figures.target))  \(speed) tries/s  "
            + "loss \(loss)  best ℓ̂ \(best) × target  a block every ~\(expected)  found \(figures.blocks)"
        if console.isTerminal, format == .text {
            console.showProgress("mining " + line)
            return
        }
        tell(
            "mining", line,
            [
                "height": "\(figures.height)", "tries": "\(figures.triesOnBlock)", "triesPerSecond": "\(speed)",
                "loss": "\(loss)", "bestLhatOfTarget": "\(best)", "expectedTries": "\(tries(figures.target))",
                "expected": "\(expected)", "blocks": "\(figures.blocks)",
            ])
    }

    func stopped(_ exit: NodeExit, _ chain: Blockchain) {
        let reason =
            switch exit {
            case .signal(let number): "signal \(number)"
            case .reachedHeight(let height): "reached height \(height)"
            }
        let head = chain.head
        tell(
            "stopped", "\(reason); the chain has \(head.header.number) blocks, head \(short(head.hash))",
            ["reason": "\(reason)", "height": "\(head.header.number)", "head": "\(head.hash)"])
    }

    func tell(_ event: String, _ text: String, _ fields: Logger.Metadata) {
        tell(.info, event, text, fields)
    }

    /// One log line: a sentence for people, or the event's fields for programs.
    func tell(_ level: Logger.Level, _ event: String, _ text: String, _ fields: Logger.Metadata) {
        switch format {
        case .text: log.log(level: level, "\(event): \(text)")
        case .json: log.log(level: level, "\(event)", metadata: fields)
        }
    }

    /// The first digits of a hash, for people.
    private func short(_ hash: Hash32) -> String { "\(hash.hex.prefix(12))…" }

    /// ℓ̂ as a multiple of the target; below 1 wins.
    private func ratio(_ lhat: UInt256, _ target: UInt256) -> String {
        HumanNumbers.short(lhat.fractionOfMax / target.fractionOfMax)
    }

    /// Tries that a block takes on average.
    private func tries(_ target: UInt256) -> String { HumanNumbers.short(1 / target.fractionOfMax) }
}
