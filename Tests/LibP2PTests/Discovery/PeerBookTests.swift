import Foundation
import LibP2P
import PoAITestSupport
import Testing

@Suite struct PeerBookTests {
    private let peer = NodeKey().peerID

    private func address(_ ip: String, _ port: Int = 1) throws -> Multiaddr {
        try Multiaddr("/ip4/\(ip)/tcp/\(port)/p2p/\(peer)")
    }

    private func filled() throws -> PeerBook {
        var book = PeerBook()
        book.learn(try address("9.9.9.9"), from: .kademlia)
        book.learn(try address("8.8.8.8"), from: .identify)
        book.learn(try Multiaddr("/ip6/2001:db8::1/tcp/2/p2p/\(peer)"), from: .mdns)
        book.reached(try address("8.8.8.8"), at: 1_700_000_000)
        book.failed(try address("9.9.9.9"))
        return book
    }

    @Test func textIsReadBack() throws {
        let book = try filled()
        #expect(book.entries.count == 3)
        let lines = book.text.split(separator: "\n")
        #expect(
            lines.dropLast() == [
                "peers 1", "/ip4/8.8.8.8/tcp/1/p2p/\(peer) identify 1700000000 0",
                "/ip6/2001:db8::1/tcp/2/p2p/\(peer) mdns 0 0", "/ip4/9.9.9.9/tcp/1/p2p/\(peer) kademlia 0 1",
            ])
        #expect(try PeerBook(text: Array(book.text.utf8)) == book)
        #expect(try PeerBook(text: Array(PeerBook().text.utf8)) == PeerBook())
    }

    @Test func everyChangedBitIsSeen() throws {
        let text = Array(try filled().text.utf8)
        for bit in 0..<text.count * 8 {
            #expect(throws: PeerBookError.self) { try PeerBook(text: text.flipping(bit)) }
        }
        for count in 0..<text.count {
            #expect(throws: PeerBookError.self) { try PeerBook(text: Array(text.prefix(count))) }
        }
        #expect(throws: PeerBookError.badVersion) { try PeerBook(text: Array("peers 2\n".utf8)) }
        #expect(throws: PeerBookError.badChecksum) { try PeerBook(text: text.flipping(8 * 9)) }
    }

    @Test func linesThatAreNoEntriesAreRefused() throws {
        let good = "/ip4/9.9.9.9/tcp/1/p2p/\(peer)"
        #expect(throws: Never.self) { try PeerBook(text: signed("\(good) mdns 5 6\n")) }
        let bad = [
            "\(good) mdns 5", "\(good) mdns 5 65", "\(good) mdns 5 -1", "\(good) mdns -5 1", "\(good) nobody 5 1",
            "\(good)  mdns 5 1", "/ip4/9.9.9.9/tcp/1 mdns 5 1", "nonsense mdns 5 1",
            "\(good) mdns 99999999999999999999 1",
        ]
        for line in bad {
            #expect(throws: PeerBookError.badLine(3), "\(line)") {
                try PeerBook(text: signed("\(good) mdns 5 6\n\(line)\n"))
            }
        }
    }

    /// Lines between those of version and checksum.
    private func signed(_ lines: String) throws -> [UInt8] {
        let body = Array("peers 1\n\(lines)".utf8)
        // A multihash is two bytes and the digest.
        let digest = Multihash(sha256Of: body).bytes.dropFirst(2).map { String(format: "%02x", $0) }.joined()
        return body + Array("\(digest)\n".utf8)
    }

    @Test func groupsAndTheWholeAreBounded() throws {
        var limits = PeerBook.Limits()
        limits.addresses = 40
        var book = PeerBook(limits: limits)
        for port in 1...100 { book.learn(try address("9.9.9.\(port)", port), from: .kademlia) }
        #expect(book.entries.count == limits.addressesPerGroup)
        for port in 1...100 {
            book.learn(try Multiaddr("/ip6/2001:db8:0:\(port)::1/tcp/1/p2p/\(peer)"), from: .kademlia)
        }
        #expect(book.entries.count == limits.addresses)
        #expect(!book.learn(try address("7.7.7.7"), from: .mdns))
        // Of those that failed, the one that failed most goes.
        let failed = try address("9.9.9.2", 2)
        for address in [failed, failed, try address("9.9.9.3", 3)] { book.failed(address) }
        #expect(book.learn(try address("7.7.7.7"), from: .mdns))
        #expect(book.entries[failed] == nil)
        #expect(book.entries[try address("9.9.9.3", 3)] != nil)
        #expect(book.entries.count == limits.addresses)
        // Within a full group one of the same group goes.
        var crowded = PeerBook()
        for port in 1...40 { crowded.learn(try address("9.9.9.9", port), from: .kademlia) }
        #expect(!crowded.learn(try address("9.9.9.9", 99), from: .kademlia))
        crowded.failed(try address("9.9.9.9", 5))
        #expect(crowded.learn(try address("9.9.9.9", 99), from: .kademlia))
        #expect(crowded.entries.count == limits.addressesPerGroup)
    }

    @Test func loopbackIsFreeOfTheGroupLimitWhenAllowed() throws {
        for isExempt in [false, true] {
            var limits = PeerBook.Limits()
            limits.exemptsLoopback = isExempt
            var book = PeerBook(limits: limits)
            for port in 1...50 { book.learn(try address("127.0.0.1", port), from: .mdns) }
            #expect(book.entries.count == (isExempt ? 50 : 32))
        }
    }

    @Test func onlyWhatCanBeDialledAndNamesAPeerIsTaken() throws {
        var book = PeerBook()
        for text in [
            "/ip4/9.9.9.9/tcp/1", "/p2p/\(peer)", "/ip4/9.9.9.9/udp/1/p2p/\(peer)", "/ip4/9.9.9.9/tcp/0/p2p/\(peer)",
        ] {
            #expect(!book.learn(try Multiaddr(text), from: .mdns), "\(text)")
        }
        #expect(book.learn(try address("9.9.9.9"), from: .mdns))
        #expect(!book.learn(try address("9.9.9.9"), from: .mdns))
    }

    @Test func addressesThatFailLongGo() throws {
        var book = PeerBook()
        let (never, once) = (try address("9.9.9.9"), try address("8.8.8.8"))
        for address in [never, once] { book.learn(address, from: .kademlia) }
        book.reached(once, at: 1)
        for count in 1...64 {
            for address in [never, once] { book.failed(address) }
            #expect((book.entries[never] != nil) == (count < 8))
            #expect((book.entries[once] != nil) == (count < 64))
        }
    }

    @Test func fileIsKeptAndADamagedOneSetAside() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "book-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = PeerBookFile(path: folder.appending(path: "peers").path)
        var reports: [String] = []
        #expect(try file.load { reports.append($0) } == PeerBook())
        let book = try filled()
        try file.save(PeerBook())
        try file.save(book)
        #expect(try file.load { reports.append($0) } == book)
        #expect(reports == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["peers"])
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: file.path)))
        try Data(bytes.flipping(100 * 8)).write(to: URL(filePath: file.path))
        #expect(try file.load { reports.append($0) } == PeerBook())
        #expect(reports.count == 1 && reports.allSatisfy { $0.contains("damaged") && $0.contains("checksum") })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["peers.damaged"])
        try file.save(book)
        #expect(try file.load { reports.append($0) } == book)
        let nowhere = PeerBookFile(path: folder.appending(path: "none/peers").path)
        #expect(throws: PeerBookFileError(call: "open", code: ENOENT, path: nowhere.path)) { try nowhere.save(book) }
    }
}
