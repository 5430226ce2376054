import Foundation
import enum PoAIPrimitives.Hex
import PoAITestSupport

/// Public vectors of the handshake: cacophony's and those of `Noise_XX_25519_ChaChaPoly_SHA256.txt`, from the folder
/// `noise` below POAI_VECTORS.
struct NoiseVector: CustomStringConvertible {
    struct Message {
        let payload, ciphertext: [UInt8]
    }

    var description = ""
    var prologue: [UInt8] = []
    var initiatorStatic: [UInt8] = []
    var responderStatic: [UInt8] = []
    var initiatorEphemeral: [UInt8] = []
    var responderEphemeral: [UInt8] = []
    var handshakeHash: [UInt8]?
    var messages: [Message] = []
    /// Whether the initiator sends the first message after the handshake.
    var initiatorGoesOn = false

    static let folder: URL? = {
        let root =
            ProcessInfo.processInfo.environment["POAI_VECTORS"].map { URL(filePath: $0) }
            ?? PackageRoot.url.deletingLastPathComponent().appending(path: "shared/vectors")
        let folder = root.appending(path: "noise")
        if FileManager.default.fileExists(atPath: folder.path) { return folder }
        print("SKIPPED: tests with public Noise vectors; no \(folder.path) (set POAI_VECTORS to the folder above)")
        return nil
    }()

    /// All of them, empty when there are none.
    static func all() throws -> [NoiseVector] {
        guard let folder else { return [] }
        let json = try Data(contentsOf: folder.appending(path: "cacophony-XX.json"))
        let text = try String(
            contentsOf: folder.appending(path: "Noise_XX_25519_ChaChaPoly_SHA256.txt"), encoding: .utf8)
        return try cacophony(json) + text.components(separatedBy: "\n\n").compactMap { try block($0) }
    }

    private static func cacophony(_ json: Data) throws -> [NoiseVector] {
        struct File: Decodable {
            struct Vector: Decodable {
                struct Message: Decodable {
                    let payload, ciphertext: String
                }
                let init_prologue, init_static, init_ephemeral: String
                let resp_prologue, resp_static, resp_ephemeral, handshake_hash: String
                let messages: [Message]
            }
            let vectors: [Vector]
        }
        return try JSONDecoder().decode(File.self, from: json).vectors.map { vector in
            var result = NoiseVector()
            result.description = "cacophony"
            result.prologue = try Hex.decode(vector.init_prologue)
            result.initiatorStatic = try Hex.decode(vector.init_static)
            result.initiatorEphemeral = try Hex.decode(vector.init_ephemeral)
            result.responderStatic = try Hex.decode(vector.resp_static)
            result.responderEphemeral = try Hex.decode(vector.resp_ephemeral)
            result.handshakeHash = try Hex.decode(vector.handshake_hash)
            result.messages = try vector.messages.map {
                Message(payload: try Hex.decode($0.payload), ciphertext: try Hex.decode($0.ciphertext))
            }
            return result
        }
    }

    private static func block(_ text: String) throws -> NoiseVector? {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { fields[String(parts[0])] = String(parts[1]) }
        }
        guard let name = fields["handshake"] else { return nil }
        var result = NoiseVector()
        result.initiatorGoesOn = true
        result.description = "\(name) \(fields["msg_0_ciphertext"] ?? "")"
        result.prologue = try Hex.decode(fields["prologue"] ?? "")
        result.initiatorStatic = try Hex.decode(fields["init_static"] ?? "")
        result.initiatorEphemeral = try Hex.decode(fields["gen_init_ephemeral"] ?? "")
        result.responderStatic = try Hex.decode(fields["resp_static"] ?? "")
        result.responderEphemeral = try Hex.decode(fields["gen_resp_ephemeral"] ?? "")
        for index in 0... {
            guard let ciphertext = fields["msg_\(index)_ciphertext"] else { break }
            let payload = try Hex.decode(fields["msg_\(index)_payload"] ?? "")
            result.messages.append(Message(payload: payload, ciphertext: try Hex.decode(ciphertext)))
        }
        return result
    }
}
