import Foundation
import LibP2P
import enum PoAIPrimitives.Hex
import PoAITestSupport
import Testing

/// Peer ids and the file that keeps one.
@Suite struct PeerIDTests {
    /// The same id in both text forms, from the libp2p spec.
    @Test func textForms() throws {
        let id = try PeerID("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N")
        #expect(id.cid == "bafzbeie5745rpv2m6tjyuugywy4d5ewrqgqqhfnf445he3omzpjbx5xqxe")
        #expect(try PeerID(id.cid) == id)
        #expect(id.inlineKey == nil && id.bytes.count == 34)
        let inline = try PeerID("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")
        #expect(inline.description == "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA")
        #expect(inline.inlineKey?.kind == .ed25519 && inline.inlineKey?.peerID == inline)
        #expect(try PeerID(inline.cid) == inline)
    }

    @Test func idsOfKeys() throws {
        let ed25519 = try PublicKey(encoded: try Hex.decode(TestKeys.ed25519Public))
        #expect(ed25519.peerID.bytes == [0, 36] + ed25519.encoded)
        let secp = try PublicKey(encoded: try Hex.decode(TestKeys.secp256k1Public))
        #expect(secp.peerID.bytes == [0, 37] + secp.encoded && secp.peerID.description.hasPrefix("16Uiu2HA"))
        let rsa = try TestKeys.rsaPublic()
        #expect(rsa.peerID.bytes == Multihash(sha256Of: rsa.encoded).bytes && rsa.peerID.inlineKey == nil)
        #expect(rsa.peerID.description.hasPrefix("Qm"))
        for id in [ed25519.peerID, secp.peerID, rsa.peerID] {
            #expect(try PeerID(bytes: id.bytes) == id)
            #expect(try PeerID(id.description) == id)
        }
    }

    @Test func badIDs() throws {
        let key = try Hex.decode(TestKeys.ed25519Public)
        #expect(throws: PeerIDError.badInlineKey) { try PeerID(bytes: [0, 2, 1, 2]) }
        #expect(throws: PeerIDError.badInlineKey) { try PeerID(bytes: Multihash(identity: key + [0x18, 0]).bytes) }
        #expect(throws: PeerIDError.badInlineKey) {
            try PeerID(bytes: Multihash(identity: key + [0x1A, 5, 0, 0, 0, 0, 0]).bytes)
        }
        #expect(throws: PeerIDError.badMultihash(.badVarint(.truncated))) { try PeerID("") }
        #expect(throws: PeerIDError.badText(.unexpectedCharacter(at: 1))) { try PeerID("Q0") }
        #expect(throws: PeerIDError.badText(.unexpectedCharacter(at: 0))) { try PeerID("b1") }
        #expect(throws: PeerIDError.badCID) { try PeerID("b") }
        let multihash = Multihash(identity: key).bytes
        #expect(throws: PeerIDError.badCID) { try PeerID("b" + Base32.encode([1, 0x70] + multihash)) }
        #expect(throws: Never.self) { try PeerID("b" + Base32.encode([1, 0x72] + multihash)) }
        #expect(throws: PeerIDError.badMultihash(.wrongLength)) {
            try PeerID("b" + Base32.encode([1, 0x72] + multihash + [0]))
        }
    }

    @Test func keyFile() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("node.key")
        #expect(try NodeKeyFile.load(path) == nil)
        let key = try NodeKeyFile.loadOrCreate(path)
        #expect(try NodeKeyFile.loadOrCreate(path).encoded == key.encoded)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == key.encoded)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["node.key"])
    }

    @Test func badKeyFiles() throws {
        let folder = try TemporaryDirectory()
        let path = folder.path("node.key")
        _ = try NodeKeyFile.loadOrCreate(path)
        chmod(path, 0o640)
        #expect(throws: NodeKeyFileError.notPrivate(path: path)) { try NodeKeyFile.loadOrCreate(path) }
        chmod(path, 0o600)
        symlink(path, folder.path("link"))
        #expect(throws: NodeKeyFileError.system(call: "open", code: ELOOP, path: folder.path("link"))) {
            try NodeKeyFile.loadOrCreate(folder.path("link"))
        }
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.truncate(atOffset: 20)
        #expect(throws: NodeKeyFileError.badKey(.malformed, path: path)) { try NodeKeyFile.loadOrCreate(path) }
        #expect(throws: NodeKeyFileError.self) { try NodeKeyFile.loadOrCreate(folder.path("no/such")) }
    }
}
