import PoAIChain
import PoAIRPC

/// JSON-RPC of a whole node.
enum NodeServer {
    /// What the methods work on.
    static func backend(
        chain: Blockchain, work: WorkEngine, pool: NodePool, mining: NodeMining, network: NodeNetwork?
    ) -> RPCBackend {
        var backend = RPCBackend(
            chain: chain, pool: pool, mining: mining, quizzes: NodeQuizzes(work: work, spec: chain.spec),
            clientVersion: "poaid/\(NodeVersion.text)/\(NodeVersion.platform)")
        backend.network = network
        backend.syncProgress = { network?.syncProgress }
        return backend
    }
}

/// How this program names itself to others.
public enum NodeVersion {
    /// The version as `poaid --version` prints it.
    public static let text = "0.1.0"
    /// System and processor.
    public static let platform: String = {
        #if os(Linux)
            let system = "linux"
        #else
            let system = "other"
        #endif
        #if arch(x86_64)
            return system + "-amd64"
        #elseif arch(arm64)
            return system + "-arm64"
        #else
            return system
        #endif
    }()
}
