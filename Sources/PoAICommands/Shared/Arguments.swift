import ArgumentParser
import Foundation
import struct LibP2P.Multiaddr
import PoAIInference
import PoAIPrimitives
import PoAIWallet

/// Readers of option values: each throws what is wrong in words.
enum Arguments {
    /// An address: 40 hex digits, with or without `0x`; mixed case must carry the EIP-55 checksum.
    static func address(_ text: String) throws -> Address { try explained { try Address(parsing: text) } }

    /// 32 bytes: 64 hex digits, with or without `0x`.
    static func hash(_ text: String) throws -> Hash32 { try explained { try Hash32(hex: text) } }

    /// Bytes: pairs of hex digits, with or without `0x`; at least one byte.
    static func bytes(_ text: String) throws -> [UInt8] {
        let bytes = try explained { try Hex.decode(text) }
        guard !bytes.isEmpty else { throw ValidationError("it must be at least one byte in hex") }
        return bytes
    }

    /// An amount of POAI, in wei.
    static func amount(_ text: String) throws -> UInt256 {
        guard let wei = Amount.wei(text) else {
            throw ValidationError("it must be an amount of POAI such as 1.5, with at most 18 digits behind the point")
        }
        return wei
    }

    /// A number of wei.
    static func wei(_ text: String) throws -> UInt256 {
        guard let wei = UInt256(decimal: text) else {
            throw ValidationError("it must be a whole number of wei, below 2^256")
        }
        return wei
    }

    /// The address of a node.
    static func node(_ text: String) throws -> RPCClient { try explained { try RPCClient(url: text) } }

    /// The multiaddr of a peer: where it is reached over TCP, and who it is.
    static func peer(_ text: String) throws -> Multiaddr {
        let address = try explained { try Multiaddr(text) }
        guard address.peerID != nil, address.isReachableByTCP else {
            throw ValidationError("it must be of the form /ip4/1.2.3.4/tcp/30800/p2p/12D3Koo… (/ip6 and /dns work too)")
        }
        return address
    }

    /// The multiaddr at which others reach a node, without its peer id.
    static func place(_ text: String) throws -> Multiaddr {
        let address = try explained { try Multiaddr(text) }
        guard address.peerID == nil, address.isReachableByTCP else {
            throw ValidationError("it must be of the form /ip4/1.2.3.4/tcp/30800 (/ip6 and /dns work too)")
        }
        return address
    }

    /// A whole number of at least 1.
    static func positive(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 1 else { throw ValidationError("it must be a whole number from 1 up") }
        return number
    }

    /// Threads: as many as a machine may have.
    static func threads(_ text: String) throws -> Int {
        guard let number = Int(text), (1...1024).contains(number) else {
            throw ValidationError("it must be a whole number from 1 to 1024")
        }
        return number
    }

    /// Quizzes of one pass through the weights; each takes some megabytes.
    static func batchSize(_ text: String) throws -> Int {
        guard let number = Int(text), (1...256).contains(number) else {
            throw ValidationError("it must be a whole number from 1 to 256")
        }
        return number
    }

    /// Seconds: more than 0, at most a day.
    static func seconds(_ text: String) throws -> Double {
        guard let number = Double(text), number > 0, number <= 86_400 else {
            throw ValidationError("it must be a number of seconds above 0, at most 86400")
        }
        return number
    }

    /// A kernel that this CPU has.
    static func kernel(_ text: String) throws -> Kernel {
        guard let kernel = Kernel.named(text) else {
            let names = Kernel.available.map(\.name).joined(separator: ", ")
            throw ValidationError("this CPU has the kernels \(names)")
        }
        return kernel
    }

    /// Cores that this process may use.
    static var cores: Int { max(ProcessInfo.processInfo.activeProcessorCount, 1) }

    private static func explained<Value>(_ read: () throws -> Value) throws -> Value {
        do { return try read() } catch { throw ValidationError("\(error)") }
    }
}
