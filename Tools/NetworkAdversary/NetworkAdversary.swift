import Foundation
import LibP2P
import Synchronization

/// A peer that speaks the protocols of a devnet and does one kind of wrong to one node, until its input ends or the node is rid
/// of it. It says in JSON lines what happens. Made for tests of the whole program; no part of the node.
@main struct NetworkAdversary {
    static func main() async throws {
        let arguments: Arguments
        do { arguments = try Arguments(Array(CommandLine.arguments.dropFirst())) } catch {
            FileHandle.standardError.write(Data("error: \(error)\n\(Arguments.usage)\n".utf8))
            exit(2)
        }
        let adversary = try await Adversary(arguments)
        let attack = Task {
            do { try await adversary.attack() } catch { tell("failed", "\(error)") }
        }
        await endOfInput()
        attack.cancel()
        await adversary.stop()
    }

    /// Returns when standard input ends, which is read by a thread of its own.
    private static func endOfInput() async {
        let (lines, continuation) = AsyncStream.makeStream(of: Void.self)
        Thread.detachNewThread {
            while readLine() != nil {}
            continuation.finish()
        }
        for await _ in lines {}
    }
}

private let output = Mutex(())

/// Prints an event, a whole line at a time.
func tell(_ event: String, _ detail: String = "") {
    guard let line = try? JSONEncoder().encode(["event": event, "detail": detail]) else { return }
    output.withLock { _ in try? FileHandle.standardOutput.write(contentsOf: line + Data("\n".utf8)) }
}

/// The command line.
struct Arguments {
    static let usage = """
        usage: NetworkAdversary MANNER MULTIADDR [--target N] [--dev-accounts N] [--blocks N]

        MANNER             \(Manner.allCases.map(\.rawValue).joined(separator: ", "))
        MULTIADDR          the node's address, with its peer id
        --target N         as of the node's devnet (default: 1000)
        --dev-accounts N   as of the node's devnet (default: none)
        --blocks N         blocks of the false chain (default: 80)
        """

    let manner: Manner
    let address: Multiaddr
    let node: PeerID
    private(set) var target = 1000
    private(set) var accounts = 0
    private(set) var blocks = 80

    /// - Throws: `ArgumentError`, `MultiaddrError`.
    init(_ words: [String]) throws {
        guard words.count >= 2, let manner = Manner(rawValue: words[0]) else { throw ArgumentError("what to do?") }
        self.manner = manner
        address = try Multiaddr(words[1])
        guard let node = address.peerID else { throw ArgumentError("the address has no peer id") }
        self.node = node
        var rest = words[2...]
        while let name = rest.popFirst() {
            guard let number = rest.popFirst().flatMap({ Int($0) }), number >= 0 else {
                throw ArgumentError("\(name): a number is missing")
            }
            switch name {
            case "--target": target = number
            case "--dev-accounts": accounts = number
            case "--blocks": blocks = number
            default: throw ArgumentError("no option \(name)")
            }
        }
    }
}

/// A command line that makes no sense; why.
struct ArgumentError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What is done to the node.
enum Manner: String, CaseIterable {
    /// A chain that has more work by its headers, and seals that no model ever made.
    case falseSeals = "false-seals"
    /// Headers without end, with such seals.
    case endlessHeaders = "endless-headers"
    /// A chain that is true and old. No wrong.
    case staleTip = "stale-tip"
    /// The same, with a claim of more work than there is.
    case falseClaim = "false-claim"
    /// The largest claim; requests are taken and never answered.
    case silent
    /// A connection, and not a word.
    case mute
    /// A block on the node's head with a false seal, by gossip.
    case falseBlock = "false-block"
    /// A block that is none, by gossip.
    case garbage
    /// IHAVE, GRAFT and PRUNE as fast as they go.
    case gossipFlood = "gossip-flood"
    /// A status of a later version of the protocols.
    case laterVersion = "later-version"
}
