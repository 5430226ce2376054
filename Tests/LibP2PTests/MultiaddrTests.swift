import LibP2P
import enum PoAIPrimitives.Hex
import Testing

/// Addresses in both forms.
@Suite struct MultiaddrTests {
    private static let peer = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"

    @Test(arguments: [
        ("/ip4/127.0.0.1/tcp/30800", "0x047f000001067850"), ("/ip4/1.2.3.4/udp/1", "0x040102030491020001"),
        ("/ip6/::1/tcp/0", "0x2900000000000000000000000000000001060000"),
        ("/ip6/2001:db8::1:0:0:1", "0x2920010db8000000000001000000000001"),
        ("/ip6/1:2:3:4:5:6:0:8", "0x2900010002000300040005000600000008"),
        ("/ip6/::", "0x2900000000000000000000000000000000"), ("/ip6/1::", "0x2900010000000000000000000000000000"),
        ("/dns/example.com/tcp/443", "0x350b6578616d706c652e636f6d0601bb"),
        ("/dns4/a-b_c.x", "0x3607612d625f632e78"), ("/dns6/x", "0x370178"),
    ])
    func bothForms(_ text: String, _ hex: String) throws {
        let address = try Multiaddr(text)
        #expect(address.description == text)
        #expect("0x" + Hex.encode(address.bytes) == hex)
        #expect(try Multiaddr(bytes: Hex.decode(hex)) == address)
        #expect(address.peerID == nil)
    }

    @Test func peers() throws {
        let address = try Multiaddr("/ip4/127.0.0.1/tcp/1/p2p/\(Self.peer)")
        #expect(address.peerID == (try PeerID(Self.peer)))
        #expect(address.components.count == 3)
        #expect(try Multiaddr(bytes: address.bytes) == address)
        #expect(address.description == "/ip4/127.0.0.1/tcp/1/p2p/\(Self.peer)")
        #expect(try Multiaddr("/p2p/\(PeerID(Self.peer).cid)").description == "/p2p/\(Self.peer)")
    }

    @Test func otherTextForms() throws {
        #expect(try Multiaddr("/ip6/2001:DB8:0::0001").description == "/ip6/2001:db8::1")
        #expect(try Multiaddr("/ip6/::ffff:1.2.3.4").description == "/ip6/::ffff:102:304")
    }

    @Test(
        arguments: [
            ("", .malformed), ("/", .malformed), ("ip4/1.2.3.4", .malformed), ("/ip4/1.2.3.4/", .malformed),
            ("//ip4/1.2.3.4", .malformed), ("/ip4", .badValue(protocol: "ip4")), ("/ip4/", .badValue(protocol: "ip4")),
            ("/ip4/1.2.3", .badValue(protocol: "ip4")), ("/ip4/1.2.3.256", .badValue(protocol: "ip4")),
            ("/ip4/01.2.3.4", .badValue(protocol: "ip4")),
            ("/ip4/1.2.3.4 ", .badValue(protocol: "ip4")), ("/ip4/0x1.2.3.4", .badValue(protocol: "ip4")),
            ("/ip4/::1", .badValue(protocol: "ip4")), ("/ip6/1.2.3.4", .badValue(protocol: "ip6")),
            ("/ip6/::1%eth0", .badValue(protocol: "ip6")), ("/ip6/1::2::3", .badValue(protocol: "ip6")),
            ("/ip6/:1", .badValue(protocol: "ip6")), ("/tcp/65536", .badValue(protocol: "tcp")),
            ("/tcp/-1", .badValue(protocol: "tcp")), ("/tcp/+1", .badValue(protocol: "tcp")),
            ("/tcp/01", .badValue(protocol: "tcp")), ("/tcp/", .badValue(protocol: "tcp")),
            ("/udp/1x", .badValue(protocol: "udp")), ("/dns/a..b", .badValue(protocol: "dns")),
            ("/dns/é", .badValue(protocol: "dns")), ("/dns4/.", .badValue(protocol: "dns4")),
            ("/dns6/a b", .badValue(protocol: "dns6")), ("/p2p/Qm", .badValue(protocol: "p2p")),
            ("/quic/1", .unknownProtocol("quic")), ("/IP4/1.2.3.4", .unknownProtocol("IP4")),
            ("/a\nb é/1", .unknownProtocol("a?b ??")),
        ] as [(String, MultiaddrError)])
    func badText(_ text: String, _ error: MultiaddrError) {
        #expect(throws: error) { try Multiaddr(text) }
    }

    @Test(
        arguments: [
            ([], .malformed), ([0x80], .malformed), ([0x84, 0], .malformed),
            ([4, 1, 2, 3], .badValue(protocol: "ip4")),
            ([0x35], .badValue(protocol: "dns")), ([0x35, 0], .badValue(protocol: "dns")),
            ([0x35, 2, 0x61], .badValue(protocol: "dns")), ([0x35, 1, 0x2F], .badValue(protocol: "dns")),
            ([0x35, 1, 0xFF], .badValue(protocol: "dns")), ([6, 0], .badValue(protocol: "tcp")),
            ([0xA5, 3, 2, 0, 0], .badValue(protocol: "p2p")), ([5, 0], .unknownProtocol("5")),
            ([4, 1, 2, 3, 4, 0xFF], .malformed), (Array(repeating: 6, count: 1025), .tooLong),
        ] as [([UInt8], MultiaddrError)])
    func badBytes(_ bytes: [UInt8], _ error: MultiaddrError) {
        #expect(throws: error) { try Multiaddr(bytes: bytes) }
    }

    @Test func aZeroByteEndsNothing() {
        #expect(throws: MultiaddrError.badValue(protocol: "ip4")) { try Multiaddr("/ip4/1.2.3.4\0") }
        #expect(throws: MultiaddrError.badValue(protocol: "ip6")) { try Multiaddr("/ip6/::1\0/tcp/1") }
    }

    @Test func limits() throws {
        let label = String(repeating: "a", count: 63)
        let name = "\(label).\(label).\(label).\(label.dropLast(2))"
        #expect(throws: Never.self) { try Multiaddr("/dns/\(name)") }
        #expect(throws: MultiaddrError.badValue(protocol: "dns")) { try Multiaddr("/dns/\(name)a") }
        #expect(throws: MultiaddrError.badValue(protocol: "dns")) { try Multiaddr("/dns/\(label)a") }
        let ports = String(repeating: "/tcp/1", count: 16)
        #expect(try Multiaddr(ports).components.count == 16)
        #expect(throws: MultiaddrError.tooLong) { try Multiaddr(ports + "/tcp/1") }
        #expect(throws: MultiaddrError.tooLong) { try Multiaddr(String(repeating: "/dns/\(name)", count: 5)) }
        #expect(throws: MultiaddrError.tooLong) { try Multiaddr(String(repeating: "/", count: 2049)) }
    }
}
