import Foundation
import Logging
import PoAIChain
import PoAIInference
import PoAIPrimitives
import PoAIRPC
import PoAITypes
import PoAIWork

/// A whole node: model, chain, miner and console, from start to clean stop.
public final class NodeRunner {
    private let configuration: NodeConfiguration
    private let console: Console
    private let reporter: NodeReporter

    /// Mining rests while the chain is so many blocks behind.
    private static let behindLimit: UInt64 = 2

    /// A node that is not started yet.
    ///
    /// - Throws: `NodeConfigurationError`.
    public init(_ configuration: NodeConfiguration, console: Console = Console()) throws(NodeConfigurationError) {
        guard !configuration.mines || configuration.minerAddress != nil else { throw .noMinerAddress }
        self.configuration = configuration
        self.console = console
        reporter = NodeReporter(console: console, format: configuration.logFormat)
    }

    /// Runs until SIGINT, SIGTERM, the height to stop at, or an error. Everything acknowledged is on disk then.
    ///
    /// - Throws: what kept the node from starting or going on, each in one line with the way out.
    public func run() throws -> NodeExit {
        reporter.starting(configuration)
        let work = try WorkEngine.open(
            modelPath: configuration.modelPath, spec: configuration.spec, threads: configuration.threads,
            batchSize: configuration.batchSize, kernel: configuration.kernel)
        reporter.modelReady(work, path: configuration.modelPath)
        var options = Blockchain.Options()
        options.pruneDepth = configuration.pruneDepth
        if configuration.clockOffset != 0 {
            options.clock = { [clock = options.clock, offset = configuration.clockOffset] in
                UInt64(clamping: Int64(clamping: clock()) &+ offset)
            }
        }
        let chain = try Blockchain(
            dataDirectory: configuration.dataDirectory, spec: configuration.spec,
            evaluator: WorkSealEvaluator(work), options: options)
        reporter.chainReady(chain)
        return try serve(chain, work)
    }

    private func serve(_ chain: Blockchain, _ work: WorkEngine) throws -> NodeExit {
        let outcome = Outcome()
        let stop = StopFlag()
        let signals = StopSignals { outcome.end(.success(.signal($0))) }
        let heads = chain.subscribe { [reporter, configuration] change in
            reporter.newHead(change, spec: configuration.spec)
            if let height = configuration.stopAtHeight, change.head.header.number >= height {
                stop.set()
                outcome.end(.success(.reachedHeight(change.head.header.number)))
            }
        }
        defer { withExtendedLifetime((signals, heads)) { console.showProgress("") } }
        if let height = configuration.stopAtHeight, chain.head.header.number >= height {
            return finish(.reachedHeight(chain.head.header.number), chain)
        }
        let pool = NodePool(chain: chain, limits: configuration.mempool, report: reporter.pool)
        pool.load(from: configuration.mempoolPath)
        defer { pool.save(to: configuration.mempoolPath, onlyIfChanged: true) }
        let network = try startNetwork(chain, pool)
        defer { network?.stop() }
        let miner = makeMiner(chain, work, pool, network)
        let server = try startServer(chain, work, pool, miner, network)
        defer { server?.stop() }
        let ended = miner.map { start($0, stop, outcome) }
        let result = waitForEnd(outcome, miner, pool, network)
        stop.set()
        ended?.wait()
        network?.stop()
        return finish(try result.get(), chain)
    }

    /// JSON-RPC, if it is to be served.
    private func startServer(
        _ chain: Blockchain, _ work: WorkEngine, _ pool: NodePool, _ miner: Miner?, _ network: NodeNetwork?
    ) throws(RPCServerError) -> RPCServer? {
        guard let wanted = configuration.rpc else { return nil }
        let mining = NodeMining(
            chain: chain, address: configuration.minerAddress, miner: miner, transactions: pool,
            found: { network?.announce($0) })
        let backend = NodeServer.backend(chain: chain, work: work, pool: pool, mining: mining, network: network)
        let server = try RPCServer(configuration: wanted, methods: RPCMethods.table(backend: backend))
        reporter.serverReady(wanted, port: server.port)
        return server
    }

    /// The network, if other nodes are to be met.
    private func startNetwork(_ chain: Blockchain, _ pool: NodePool) throws -> NodeNetwork? {
        guard let wanted = configuration.p2p else { return nil }
        let network = try NodeNetwork.start(
            wanted, dataDirectory: configuration.dataDirectory, chain: chain, pool: pool, report: reporter.network)
        reporter.networkReady(network.addresses)
        return network
    }

    private func finish(_ exit: NodeExit, _ chain: Blockchain) -> NodeExit {
        console.showProgress("")
        reporter.stopped(exit, chain)
        return exit
    }

    /// The miner, or nil when this node does not mine.
    private func makeMiner(
        _ chain: Blockchain, _ work: WorkEngine, _ pool: NodePool, _ network: NodeNetwork?
    ) -> Miner? {
        guard configuration.mines, let address = configuration.minerAddress else { return nil }
        return Miner(
            chain: chain, work: work, address: address, firstNonce: UInt64.random(in: 0 ... .max), transactions: pool,
            report: { [reporter] event in
                // The others first: a block is worth something when they have it.
                if case .found(let block) = event { network?.announce(block.hash) }
                reporter.mining(event)
            })
    }

    /// Lets the miner run on a thread of its own; what is returned is signalled at its end.
    private func start(_ miner: Miner, _ stop: StopFlag, _ outcome: Outcome) -> DispatchSemaphore {
        let ended = DispatchSemaphore(value: 0)
        let thread = Thread {
            do { try miner.run(until: stop) } catch { outcome.end(.failure(error)) }
            ended.signal()
        }
        thread.name = "miner"
        thread.start()
        return ended
    }

    /// Draws the progress line, or now and then logs one, and saves the pool once a minute, until there is a reason to end.
    private func waitForEnd(
        _ outcome: Outcome, _ miner: Miner?, _ pool: NodePool, _ network: NodeNetwork?
    ) -> Result<NodeExit, any Error> {
        let pause = console.isTerminal ? 0.25 : 10.0
        var saved = ContinuousClock.now
        while true {
            if let result = outcome.wait(seconds: pause) { return result }
            let behind = network?.syncStatus.flatMap { $0.highestHeight > $0.currentHeight ? $0 : nil }
            miner?.rest(.syncing, behind.map { $0.highestHeight - $0.currentHeight > Self.behindLimit } ?? false)
            if let behind {
                reporter.syncing(behind)
            } else if let miner {
                reporter.progress(miner.statistics.snapshot)
            }
            if ContinuousClock.now - saved > .seconds(60) {
                pool.save(to: configuration.mempoolPath, onlyIfChanged: true)
                saved = .now
            }
        }
    }
}
