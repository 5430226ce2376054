import PoAICommands
import PoAITestSupport
import Testing

/// Arguments that make no sense: one line that names the option and the way out, exit code 64, nothing done.
@Suite struct ArgumentTests {
    private static let address = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    private static let seed = String(repeating: "ab", count: 32)

    /// Arguments as in a shell ('' is an empty one), and words of the answer.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var arguments: [String]
        var words: [String]
        var testDescription: String { arguments.joined(separator: " ") }

        init(_ line: String, _ words: String...) {
            arguments = line.split(separator: " ").map { $0 == "''" ? "" : String($0) }
            self.words = words
        }
    }

    private func check(_ refusal: Refusal) { CommandRun(refusal.arguments).expectError(64, refusal.words) }

    private static let commands = [
        Refusal("balanc", "balanc", "did you mean 'balance'?", "poaid help"),
        Refusal("verfy --json", "did you mean 'verify'?"),
        Refusal("generatekey", "did you mean 'generate-key'?"),
        Refusal("mine-something-else", "mine-something-else: there is no such command ('poaid help' lists them)"),
        Refusal("help balanc", "balanc", "did you mean 'balance'?"),
        Refusal("model nope", "nope", "poaid help model"),
        Refusal("verify extra", "extra", "poaid help verify"),
        Refusal("bench --nonsense", "--nonsense", "poaid help bench"),
        Refusal("--no-mine --nonsense", "--nonsense", "poaid help run"),
        Refusal("model fetch --output", "--output", "poaid help model fetch"),
    ]

    @Test(arguments: commands) func unknownWords(_ refusal: Refusal) { check(refusal) }

    private static let mining = "run --miner-address \(address.lowercased())"
    private static let runs = [
        Refusal("", "--miner-address", "poaid generate-key --save", "--no-mine"),
        Refusal("run", "--miner-address", "poaid generate-key --save", "--no-mine"),
        Refusal("run --miner-address 1234", "--miner-address", "40 hex digits, got 4"),
        Refusal("run --miner-address \(address)00", "40 hex digits, got 42"),
        Refusal("run --miner-address z\(address.dropFirst())", "position 0", "0-9, a-f, A-F"),
        Refusal("run --miner-address \(address.replacing("5aA", with: "5AA"))", "EIP-55", "0x\(address)"),
        Refusal("\(mining) --target 0", "--target", "0 is not from 1 to 1000"),
        Refusal("\(mining) --target 1001", "--target", "1001 is not from 1 to 1000"),
        Refusal("\(mining) --target -5", "--target"),
        Refusal("\(mining) --target many", "--target", "many", "poaid help run"),
        Refusal("\(mining) --target 99999999999999999999", "--target"),
        Refusal("\(mining) --target 5 --network mainnet", "--target", "--network devnet"),
        Refusal("\(mining) --epoch-blocks 5 --network testnet", "--epoch-blocks", "--network devnet"),
        Refusal("\(mining) --epoch-blocks 0", "--epoch-blocks", "0 is not from 1 to"),
        Refusal("\(mining) --epoch-blocks 1000000001", "--epoch-blocks"),
        Refusal("\(mining) --network nosuchnet", "--network", "'mainnet', 'testnet' or 'devnet'"),
        Refusal("\(mining) --network devnet --chain-spec a.json", "--chain-spec", "--network"),
        Refusal("\(mining) --target 5 --chain-spec a.json", "--target"),
        Refusal("\(mining) --batch-size 0", "--batch-size", "1 to 256"),
        Refusal("\(mining) --batch-size 257", "--batch-size", "1 to 256"),
        Refusal("\(mining) --threads 0", "--threads", "1 to 1024"),
        Refusal("\(mining) --threads 1025", "--threads", "1 to 1024"),
        Refusal("\(mining) --kernel quantum", "--kernel", "portable"),
        Refusal("\(mining) --prune-depth=-1", "--prune-depth"),
        Refusal("\(mining) --stop-at-height x", "--stop-at-height"),
        Refusal("\(mining) --log-format smoke", "--log-format", "'text' and 'json'"),
        Refusal("\(mining) --data-dir ''", "--data-dir", "name a folder"),
        Refusal("\(mining) --target", "--target"),
    ]

    @Test(arguments: runs) func run(_ refusal: Refusal) { check(refusal) }

    private static let missingParts = [
        Refusal("\(mining) --gpu-layers 7", "--gpu-layers", "CPU only")
    ]

    @Test(arguments: missingParts) func partsThatAreNotThereSaySo(_ refusal: Refusal) { check(refusal) }

    private static let somebody = "12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5"
    private static let peers = [
        Refusal("\(mining) --p2p-port=-1", "--p2p-port", "-1 is no port from 0 to 65535"),
        Refusal("\(mining) --p2p-port 65536", "--p2p-port", "65536 is no port from 0 to 65535"),
        Refusal("\(mining) --p2p-port none", "--p2p-port", "none"),
        Refusal("\(mining) --p2p-host here", "--p2p-host", "'here' is no IP address"),
        Refusal("\(mining) --peer-multiaddr 127.0.0.1:1", "--peer-multiaddr", "multiaddr"),
        Refusal("\(mining) --peer-multiaddr /ip4/127.0.0.1/tcp/1", "--peer-multiaddr", "/p2p/12D3Koo"),
        Refusal("\(mining) --peer-multiaddr /ip4/127.0.0.1/udp/1/p2p/\(somebody)", "--peer-multiaddr", "/tcp/30800"),
        Refusal("\(mining) --peer-multiaddr /ip4/127.0.0.1/tcp/0/p2p/\(somebody)", "--peer-multiaddr", "/tcp/30800"),
        Refusal("\(mining) --bootstrap /ip4/127.0.0.1/tcp/1/p2p/x", "--bootstrap", "p2p"),
        Refusal("\(mining) --multiaddr /ip4/127.0.0.1/tcp/1", "--multiaddr", "you mean --peer-multiaddr"),
        Refusal("\(mining) --max-peers 0", "--max-peers", "1 to 1000"),
        Refusal("\(mining) --max-peers 1001", "--max-peers", "1 to 1000"),
        Refusal("\(mining) --nat-address /ip4/1.2.3.4/tcp/1/p2p/\(somebody)", "--nat-address", "/tcp/30800"),
        Refusal("\(mining) --no-p2p --bootstrap /ip4/127.0.0.1/tcp/1/p2p/\(somebody)", "--no-p2p", "drop one"),
        Refusal("peers --rpc-url localhost:8545", "--rpc-url", "http://127.0.0.1:8545"),
    ]

    @Test(arguments: peers) func otherNodes(_ refusal: Refusal) { check(refusal) }

    private static let send = "send --to \(address) --amount 1"
    private static let wallets = [
        Refusal("send", "--to", "poaid help send"), Refusal("send --to \(address)", "--amount"),
        Refusal("send --to 12 --amount 1", "--to", "40 hex digits"),
        Refusal("send --to \(address) --amount 1,5", "--amount", "an amount of POAI such as 1.5"),
        Refusal("send --to \(address) --amount 0.0000000000000000001", "--amount", "18 digits"),
        Refusal("send --to \(address) --amount=-1", "--amount"),
        Refusal(send, "--privkey, --key-file, --keystore", "give one"),
        Refusal("\(send) --privkey \(seed) --key-file a", "--privkey, --key-file, --keystore"),
        Refusal("\(send) --key-file a --password-file b", "--password-file", "--keystore"),
        Refusal("\(send) --key-file a --from \(address)", "--from", "--keystore"),
        Refusal("\(send) --key-file a --timeout 5", "--timeout", "--wait"),
        Refusal("\(send) --key-file a --wait --timeout 0", "--timeout", "above 0"),
        Refusal("\(send) --key-file a --rpc-url localhost:8545", "--rpc-url", "http://127.0.0.1:8545"),
        Refusal("\(send) --key-file a --max-fee much", "--max-fee"),
        Refusal("tx", "<hash>", "poaid help tx"), Refusal("tx abcd", "2 bytes, expected 32"),
        Refusal("block", "<block>"), Refusal("block +5", "a height such as 17"),
        Refusal("block 18446744073709551616", "a height such as 17"), Refusal("block soon", "'latest'"),
        Refusal("wallet nope", "nope", "poaid help wallet"), Refusal("wallet import", "<file>"),
        Refusal("wallet export --addr 1", "--addr"),
        Refusal("balance --addr \(address) --data-dir a --rpc-url http://a", "--rpc-url", "--data-dir", "drop one"),
        Refusal("balance --addr \(address) --data-dir ''", "--data-dir", "name a folder"),
    ]

    @Test(arguments: wallets) func walletCommands(_ refusal: Refusal) { check(refusal) }

    private static let others = [
        Refusal("generate-key --output-dir keys", "--output-dir", "add --save"),
        Refusal("generate-key --save --output-dir ''", "--output-dir", "name a folder"),
        Refusal("balance", "--addr", "poaid help balance"),
        Refusal("balance --addr 12", "--addr", "40 hex digits, got 2"),
        Refusal("verify --from 5 --to 3", "--to", "below --from", "3 and 5"),
        Refusal("verify --from=-1", "--from"),
        Refusal("verify --to 18446744073709551616", "--to"),
        Refusal("bench --seconds 0", "--seconds", "above 0"),
        Refusal("bench --seconds=-1", "--seconds", "above 0"),
        Refusal("bench --seconds nan", "--seconds", "above 0"),
        Refusal("bench --seconds inf", "--seconds", "at most 86400"),
        Refusal("selftest --threads 2", "--threads", "poaid help selftest"),
        Refusal("quiz", "--height", "--block", "--seed"),
        Refusal("quiz --height 1 --seed \(seed)", "--height", "--block", "--seed"),
        Refusal("quiz --seed abc", "--seed", "odd number of digits"),
        Refusal("quiz --seed abcd", "--seed", "2 bytes, expected 32"),
        Refusal("quiz --block \(seed.dropLast())g", "--block", "position 63"),
        Refusal("quiz --height 1 --count 2", "--count", "--seed"),
        Refusal("quiz --seed \(seed) --count 0", "--count", "from 1 up"),
        Refusal("infer", "--prompt", "poaid help infer"),
        Refusal("infer --prompt ''", "--prompt", "say something"),
        Refusal("infer --prompt a --raw --system b", "--system", "--raw"),
        Refusal("infer --prompt a --max-tokens 0", "--max-tokens", "from 1 up"),
        Refusal("model fetch --output models/", "--output", "names no file"),
        Refusal("model fetch --output ''", "--output", "names no file"),
        Refusal("export", "--output", "name one file"),
        Refusal("export --output a b", "--output", "name one file"),
        Refusal("export a --from 5 --to 3", "--to", "below --from"),
        Refusal("import", "<file>", "poaid help import"),
        Refusal("import --target 0 a", "--target", "1 to 1000"),
    ]

    @Test(arguments: others) func otherCommands(_ refusal: Refusal) { check(refusal) }

    @Test func addressesAreTakenWithAndWithoutPrefixInAnyGoodCase() {
        for text in [Self.address, "0x\(Self.address)", Self.address.lowercased(), Self.address.uppercased()] {
            // Past the arguments: what is missing now is the folder.
            CommandRun("balance", "--addr", text, "--data-dir", "/nowhere/at/all").expectError(1, "/nowhere/at/all")
        }
    }
}
