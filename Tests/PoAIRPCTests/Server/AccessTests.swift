import NIOCore
import PoAIRPC
import Testing

@Suite("Who may call the server")
struct AccessTests {
    private let access = RPCAccess(hosts: ["localhost", "Node.Example"], origins: ["https://Good.example/"])

    @Test(
        "Known names and literal addresses are allowed",
        arguments: [
            "localhost", "LOCALHOST:8545", "node.example:1", "127.0.0.1", "127.0.0.1:8545", "192.168.1.7", "[::1]",
            "[::1]:8545", "[2001:db8::1]:80", "",
        ])
    func allowedHosts(host: String) { #expect(access.allows(host: [host])) }

    @Test(
        "Other names are not",
        arguments: [
            "evil.example", "localhost.evil.example", "evil.example:8545", "127.0.0.1.evil.example", "localhost:x",
            "::1",
            "[::1", "[::1]x", "[evil.example]", "localhost:80:80", "localhost:80@evil.example", " localhost", "1",
            "0x7f.1",
        ])
    func otherHosts(host: String) { #expect(!access.allows(host: [host])) }

    @Test("Not two Host fields; no field is no matter of names")
    func numberOfHosts() {
        #expect(!access.allows(host: ["localhost", "localhost"]) && access.allows(host: []))
        #expect(RPCAccess(hosts: ["*"], origins: []).allows(host: ["evil.example"]))
    }

    @Test("Origins match as a whole")
    func origins() {
        #expect(access.allows(origin: "https://good.example") && access.allows(origin: "HTTPS://good.example"))
        for other in [
            "http://good.example", "https://good.example.evil.example", "https://good.example:81", "null", "",
        ] {
            #expect(!access.allows(origin: other), "\(other)")
        }
        #expect(access.allows(socketOrigins: []) && access.allows(socketOrigins: ["https://good.example"]))
        #expect(!access.allows(socketOrigins: ["https://good.example", "https://evil.example"]))
        #expect(RPCAccess(hosts: [], origins: ["*"]).allows(origin: "https://evil.example"))
    }

    @Test("An address has its allowance back after a while, each its own")
    func rate() throws {
        let limiter = RateLimiter(rate: RPCRate(perSecond: 2, burst: 3))
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000)
        let admitted = (0..<5).map { _ in limiter.admit([1], at: start) }
        #expect(admitted == [true, true, true, false, false])
        #expect(limiter.admit([2], at: start) && !limiter.admit([1], at: start + .milliseconds(499)))
        #expect(limiter.admit([1], at: start + .milliseconds(501)))
        let later = (0..<4).map { _ in limiter.admit([1], at: start + .hours(1)) }
        #expect(later == [true, true, true, false])
    }

    @Test("A flood of addresses does not forget who has used up the allowance before the memory is full")
    func manyAddresses() {
        let limiter = RateLimiter(rate: RPCRate(perSecond: 1, burst: 1))
        let start = NIODeadline.uptimeNanoseconds(1)
        for number in 0..<9_999 { #expect(limiter.admit([UInt8(number & 255), UInt8(number >> 8)], at: start)) }
        #expect(!limiter.admit([7, 7], at: start))
        for number in 0..<100_000 { _ = limiter.admit(Array("\(number)".utf8), at: start + .seconds(2)) }
    }

    @Test("IPv6 counts by network")
    func networks() throws {
        let (one, two) = (try address("2001:db8::1"), try address("2001:db8::2"))
        #expect(RateLimiter.client(one) == RateLimiter.client(two) && RateLimiter.client(one).count == 8)
        #expect(RateLimiter.client(try address("1.2.3.4")) == [1, 2, 3, 4] && RateLimiter.client(nil) == [])
    }

    private func address(_ text: String) throws -> SocketAddress { try SocketAddress(ipAddress: text, port: 1) }
}
