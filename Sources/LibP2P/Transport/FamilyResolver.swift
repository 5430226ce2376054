import Foundation
import NIOCore
import NIOPosix

/// Looks a name up for addresses of one family only, as `/dns4` and `/dns6` ask for.
struct FamilyResolver: Resolver {
    enum Family { case ip4, ip6 }

    /// The most addresses of a name that are tried.
    private static let maximumAddresses = 8

    private let family: Family
    private let loop: any EventLoop

    init(_ family: Family, on loop: any EventLoop) {
        self.family = family
        self.loop = loop
    }

    func initiateAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        family == .ip4 ? Self.addresses(host, port, AF_INET, loop) : loop.makeSucceededFuture([])
    }

    func initiateAAAAQuery(host: String, port: Int) -> EventLoopFuture<[SocketAddress]> {
        family == .ip6 ? Self.addresses(host, port, AF_INET6, loop) : loop.makeSucceededFuture([])
    }

    /// The system's look-up cannot be cancelled.
    func cancelQueries() {}

    private static func addresses(
        _ host: String, _ port: Int, _ family: Int32, _ loop: any EventLoop
    ) -> EventLoopFuture<[SocketAddress]> {
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
            var hints = addrinfo()
            hints.ai_family = family
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            var first: UnsafeMutablePointer<addrinfo>?
            guard getaddrinfo(host, "\(port)", &hints, &first) == 0 else { return [] }
            defer { freeaddrinfo(first) }
            return sequence(first: first) { $0?.pointee.ai_next }.prefix(maximumAddresses).compactMap { entry in
                guard let address = entry?.pointee.ai_addr else { return nil }
                return family == AF_INET
                    ? address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                        SocketAddress($0.pointee, host: host)
                    }
                    : address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                        SocketAddress($0.pointee, host: host)
                    }
            }
        }
    }
}
