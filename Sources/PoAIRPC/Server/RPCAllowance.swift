import NIOCore
import Synchronization

/// Memory that requests and answers of all connections take, in bytes, up to a limit.
final class MemoryBudget: Sendable {
    private let used = Atomic(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Takes some; false: there is not so much, nothing is taken.
    func take(_ count: Int) -> Bool {
        let now = used.add(count, ordering: .relaxed).newValue
        if now <= limit { return true }
        give(count)
        return false
    }

    func give(_ count: Int) { used.subtract(count, ordering: .relaxed) }

    /// Taken and not given back.
    var bytes: Int { used.load(ordering: .relaxed) }
}

/// A token bucket for each client address; IPv6 by the first 64 bits, of which a client has many addresses.
package final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var time: NIODeadline
    }

    private static let capacity = 10_000
    private let rate: RPCRate
    private let buckets = Mutex<[[UInt8]: Bucket]>([:])

    package init(rate: RPCRate) { self.rate = rate }

    /// Counts a call of a client; false: one too many.
    package func admit(_ client: [UInt8], at time: NIODeadline) -> Bool {
        buckets.withLock {
            if $0[client] == nil, $0.count >= Self.capacity { makeRoom(&$0, at: time) }
            var tokens = tokens($0[client], at: time)
            let isAdmitted = tokens >= 1
            if isAdmitted { tokens -= 1 }
            $0[client] = Bucket(tokens: tokens, time: time)
            return isAdmitted
        }
    }

    private func tokens(_ bucket: Bucket?, at time: NIODeadline) -> Double {
        guard let bucket else { return Double(rate.burst) }
        let seconds = Double(max(0, (time - bucket.time).nanoseconds)) / 1e9
        return min(Double(rate.burst), bucket.tokens + seconds * Double(rate.perSecond))
    }

    /// Forgets clients whose bucket is full again; if there are none, all: a flood of addresses must not fill the memory.
    private func makeRoom(_ buckets: inout [[UInt8]: Bucket], at time: NIODeadline) {
        buckets = buckets.filter { tokens($0.value, at: time) < Double(rate.burst) }
        if buckets.count >= Self.capacity { buckets.removeAll() }
    }

    /// What a client is counted by.
    package static func client(_ address: SocketAddress?) -> [UInt8] {
        switch address {
        case .v4(let address)?: withUnsafeBytes(of: address.address.sin_addr) { Array($0) }
        case .v6(let address)?: withUnsafeBytes(of: address.address.sin6_addr) { Array($0.prefix(8)) }
        case .unixDomainSocket?, nil: []
        }
    }

    /// Whether an address is this machine's own: 127.0.0.0/8, ::1, or the former in the form of the latter.
    package static func isLoopback(_ address: SocketAddress?) -> Bool {
        switch address {
        case .v4(let address)?: withUnsafeBytes(of: address.address.sin_addr) { $0.first == 127 }
        case .v6(let address)?:
            withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                let isMapped = bytes[10] == 0xFF && bytes[11] == 0xFF && bytes[12] == 127
                return bytes.prefix(10).allSatisfy { $0 == 0 }
                    && (isMapped || bytes.dropFirst(10).elementsEqual([0, 0, 0, 0, 0, 1]))
            }
        case .unixDomainSocket?, nil: false
        }
    }
}
