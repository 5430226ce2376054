import PoAIJSON
import PoAIPrimitives

extension Keystore {
    /// Reads a keystore file, but does not open it.
    ///
    /// - Throws: `KeystoreError`: `.notJSON`, or the first field that is wrong, unsupported or too costly.
    public init(json bytes: [UInt8]) throws(KeystoreError) {
        guard bytes.count <= Self.sizeLimit else {
            throw .malformed(field: "(file)", got: "\(bytes.count) bytes", expected: "at most \(Self.sizeLimit)")
        }
        let file: JSONValue
        do throws(JSONFault) { file = try JSONReader.read(bytes) } catch { throw .notJSON(error) }
        let root = KeystoreReader(value: file, path: "")
        // What a file holds that is no keystore is not shown: it may be a bare private key.
        guard case .object = file else { throw .malformed(field: "(file)", got: "no object", expected: "an object") }
        guard file["version"] == 3 else {
            throw .unsupported(field: "version", got: file["version"]?.description ?? "missing", supported: "3")
        }
        // Old programs wrote it with a capital letter.
        let crypto = try root.object(file["crypto"] == nil && file["Crypto"] != nil ? "Crypto" : "crypto")
        let derivation = try Self.derivation(crypto)
        self.init(
            address: try Self.address(root), id: try root.optionalText("id") ?? "", derivation: derivation.kind,
            salt: derivation.salt, keySize: derivation.keySize, counter: try Self.counter(crypto),
            ciphertext: try crypto.bytes("ciphertext", count: 1...32), mac: try Self.mac(crypto))
    }

    /// The file's text.
    public var json: [UInt8] {
        var parameters: [String: JSONValue] = [
            "dklen": .integer(UInt64(keySize)), "salt": .text(Hex.encode(salt)),
        ]
        switch derivation {
        case .scrypt(let n, let r, let p):
            for (name, value) in [("n", n), ("r", r), ("p", p)] { parameters[name] = .integer(UInt64(value)) }
        case .pbkdf2(let iterations):
            parameters["c"] = .integer(UInt64(iterations))
            parameters["prf"] = "hmac-sha256"
        }
        let crypto: [String: JSONValue] = [
            "cipher": "aes-128-ctr", "cipherparams": ["iv": .text(Hex.encode(counter))],
            "ciphertext": .text(Hex.encode(ciphertext)), "kdf": .text(derivation.name),
            "kdfparams": .object(parameters), "mac": .text(Hex.encode(mac.bytes)),
        ]
        var file: [String: JSONValue] = ["crypto": .object(crypto), "id": .text(id), "version": 3]
        if let address { file["address"] = .text(address.hex) }
        return JSONWriter.bytes(.object(file))
    }

    private static func address(_ root: KeystoreReader) throws(KeystoreError) -> Address? {
        guard let text = try root.optionalText("address") else { return nil }
        guard let address = try? Address(parsing: text) else {
            throw .malformed(field: "address", got: "\"\(text)\"", expected: "40 hex digits")
        }
        return address
    }

    private static func derivation(
        _ crypto: KeystoreReader
    ) throws(KeystoreError) -> (kind: KeyDerivation, salt: [UInt8], keySize: Int) {
        let parameters = try crypto.object("kdfparams")
        let kind: KeyDerivation
        switch try crypto.text("kdf") {
        case "scrypt":
            kind = .scrypt(
                n: try parameters.integer("n"), r: try parameters.integer("r"), p: try parameters.integer("p"))
        case "pbkdf2":
            try parameters.require("prf", "hmac-sha256")
            kind = .pbkdf2(iterations: try parameters.integer("c"))
        case let other:
            throw .unsupported(field: "\(crypto.path).kdf", got: "\"\(other)\"", supported: "scrypt and pbkdf2")
        }
        try kind.check()
        let size = try parameters.integer("dklen")
        guard KeyDerivation.keySizes.contains(size) else {
            throw .malformed(
                field: "\(parameters.path).dklen", got: "\(size)",
                expected: "\(KeyDerivation.keySizes.lowerBound) to \(KeyDerivation.keySizes.upperBound)")
        }
        return (kind, try parameters.bytes("salt", count: 0...1024), size)
    }

    private static func counter(_ crypto: KeystoreReader) throws(KeystoreError) -> [UInt8] {
        try crypto.require("cipher", "aes-128-ctr")
        return try crypto.object("cipherparams").bytes("iv", count: AES128.size...AES128.size)
    }

    private static func mac(_ crypto: KeystoreReader) throws(KeystoreError) -> Hash32 {
        guard let mac = Hash32(try crypto.bytes("mac", count: 32...32)) else { throw .wrongPassword }
        return mac
    }
}

/// An object of a keystore file and where it stands in it.
private struct KeystoreReader {
    let value: JSONValue
    let path: String

    func malformed(_ expected: String) -> KeystoreError {
        .malformed(field: path, got: value.description, expected: expected)
    }

    private func field(_ name: String) -> KeystoreReader? {
        value[name].map { KeystoreReader(value: $0, path: path.isEmpty ? name : "\(path).\(name)") }
    }

    private func required(_ name: String, _ expected: String) throws(KeystoreError) -> KeystoreReader {
        guard let field = field(name) else {
            throw .malformed(field: path.isEmpty ? name : "\(path).\(name)", got: "missing", expected: expected)
        }
        return field
    }

    func object(_ name: String) throws(KeystoreError) -> KeystoreReader {
        let field = try required(name, "an object")
        guard case .object = field.value else { throw field.malformed("an object") }
        return field
    }

    func text(_ name: String) throws(KeystoreError) -> String {
        let field = try required(name, "a string")
        guard case .text(let text) = field.value else { throw field.malformed("a string") }
        return text
    }

    func optionalText(_ name: String) throws(KeystoreError) -> String? {
        field(name) == nil ? nil : try text(name)
    }

    func integer(_ name: String) throws(KeystoreError) -> Int {
        let field = try required(name, "a whole number")
        guard case .integer(let number) = field.value, let value = Int(exactly: number) else {
            throw field.malformed("a whole number")
        }
        return value
    }

    func bytes(_ name: String, count: ClosedRange<Int>) throws(KeystoreError) -> [UInt8] {
        let size =
            count.lowerBound == count.upperBound
            ? "\(count.lowerBound)" : "\(count.lowerBound) to \(count.upperBound)"
        let field = try required(name, "\(size) bytes in hex")
        guard case .text(let text) = field.value, let bytes = try? Hex.decode(text), count.contains(bytes.count) else {
            throw field.malformed("\(size) bytes in hex")
        }
        return bytes
    }

    /// A text of which there is but one that can be read.
    func require(_ name: String, _ supported: String) throws(KeystoreError) {
        let text = try text(name)
        guard text == supported else {
            throw .unsupported(field: "\(path).\(name)", got: "\"\(text)\"", supported: supported)
        }
    }
}
