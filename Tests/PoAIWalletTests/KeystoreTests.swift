import PoAIJSON
import PoAIPrimitives
import PoAITestSupport
import PoAIWallet
import Testing

@Suite struct KeystoreTests {
    private static let light = KeyDerivation.scrypt(n: 4, r: 2, p: 5)

    @Test(arguments: [light, .pbkdf2(iterations: 3), .scrypt(n: 64, r: 37, p: 1)])
    func whatIsWrittenOpens(derivation: KeyDerivation) throws {
        let key = PrivateKey.generate()
        for password in ["", "foobar", "пароль 🔑"] {
            let written = try Keystore(key: key, password: Array(password.utf8), derivation: derivation)
            let read = try Keystore(json: written.json)
            #expect(read == written && read.address == key.address)
            #expect(try read.open(password: Array(password.utf8)).bytes == key.bytes)
            #expect(throws: KeystoreError.wrongPassword) { try read.open(password: Array("other".utf8)) }
            #expect(!String(decoding: written.json, as: UTF8.self).contains(Hex.encode(key.bytes)))
        }
    }

    @Test func nothingIsUsedTwice() throws {
        let key = PrivateKey.generate()
        let stores = try (0..<2).map { _ in try Keystore(key: key, password: [1], derivation: Self.light) }
        let fields = try stores.map { store -> [JSONValue?] in
            let crypto = try JSONReader.read(store.json)["crypto"]
            return [
                crypto?["kdfparams"]?["salt"], crypto?["cipherparams"]?["iv"], crypto?["ciphertext"], crypto?["mac"],
            ]
        }
        for (a, b) in zip(fields[0], fields[1]) { #expect(a != nil && a != b) }
        #expect(stores[0].id != stores[1].id)
    }

    /// A field of a good keystore changed or taken away, and words of the answer.
    struct Damage: Sendable, CustomTestStringConvertible {
        var path: [String]
        var value: JSONValue?
        var words: [String]
        var testDescription: String { "\(path.joined(separator: ".")) \(value?.description ?? "missing")" }

        init(_ path: String, _ value: JSONValue?, _ words: String...) {
            self.path = path.split(separator: ".").map(String.init)
            (self.value, self.words) = (value, words)
        }

        /// The keystore's JSON with the damage.
        func done(to json: JSONValue, at depth: Int = 0) -> JSONValue {
            guard case .object(var fields) = json else { return json }
            let name = path[depth]
            fields[name] = depth == path.count - 1 ? value : fields[name].map { done(to: $0, at: depth + 1) }
            return .object(fields)
        }
    }

    private static let damages = [
        Damage("version", nil, "version", "missing", "3"), Damage("version", 4, "version", "4"),
        Damage("version", "3", "version"), Damage("address", "12", "address", "40 hex digits"),
        Damage("address", 5, "address", "a string"), Damage("id", 7, "id", "a string"),
        Damage("crypto", nil, "crypto", "missing"), Damage("crypto", [1], "crypto", "a list"),
        Damage("crypto.cipher", "aes-128-cbc", "crypto.cipher", "aes-128-cbc", "only aes-128-ctr"),
        Damage("crypto.cipher", nil, "crypto.cipher", "missing"),
        Damage("crypto.cipherparams", nil, "crypto.cipherparams"),
        Damage("crypto.cipherparams.iv", "00", "crypto.cipherparams.iv", "16 bytes"),
        Damage("crypto.cipherparams.iv", nil, "crypto.cipherparams.iv"),
        Damage("crypto.ciphertext", "", "crypto.ciphertext", "1 to 32 bytes"),
        Damage("crypto.ciphertext", .text(String(repeating: "00", count: 33)), "crypto.ciphertext"),
        Damage("crypto.ciphertext", "zz", "crypto.ciphertext"),
        Damage("crypto.mac", "00", "crypto.mac", "32 bytes"), Damage("crypto.mac", nil, "crypto.mac"),
        Damage("crypto.kdf", "argon2id", "crypto.kdf", "argon2id", "scrypt and pbkdf2"),
        Damage("crypto.kdf", "pbkdf2", "crypto.kdfparams.prf", "missing"),
        Damage("crypto.kdfparams", "x", "crypto.kdfparams", "an object"),
        Damage("crypto.kdfparams.salt", "abc", "crypto.kdfparams.salt"),
        Damage("crypto.kdfparams.dklen", 16, "crypto.kdfparams.dklen", "16", "32 to 1024"),
        Damage("crypto.kdfparams.dklen", .integer(.max), "crypto.kdfparams.dklen"),
        Damage("crypto.kdfparams.n", 0, "crypto.kdfparams.n", "a power of two"),
        Damage("crypto.kdfparams.n", 1, "crypto.kdfparams.n"), Damage("crypto.kdfparams.n", 3, "crypto.kdfparams.n"),
        Damage("crypto.kdfparams.n", .number("-4"), "crypto.kdfparams.n"),
        Damage("crypto.kdfparams.n", .integer(1 << 62), "crypto.kdfparams.n", "more than"),
        Damage("crypto.kdfparams.n", .integer(1 << 63), "crypto.kdfparams.n"),
        Damage("crypto.kdfparams.n", .integer(1 << 23), "crypto.kdfparams.n", "MiB"),
        Damage("crypto.kdfparams.n", .integer(1 << 22), "crypto.kdfparams.n", "n·r·p of 4194304·2·5"),
        Damage("crypto.kdfparams.r", 0, "crypto.kdfparams.r", "at least 1"),
        Damage("crypto.kdfparams.r", .integer(1 << 62), "crypto.kdfparams", "more than"),
        Damage("crypto.kdfparams.p", 0, "crypto.kdfparams.p"),
        Damage("crypto.kdfparams.p", .integer(1 << 16), "crypto.kdfparams.p", "r·p of 2·65536"),
        Damage("crypto.kdfparams.p", .integer(UInt64(Int.max)), "crypto.kdfparams", "more than"),
    ]

    @Test(arguments: damages) func damageIsNamed(_ damage: Damage) throws {
        let good = try Keystore(key: PrivateKey.generate(), password: [], derivation: Self.light)
        let bad = JSONWriter.bytes(damage.done(to: try JSONReader.read(good.json)))
        let error = try #require(#expect(throws: KeystoreError.self) { try Keystore(json: bad) })
        for word in damage.words { #expect("\(error)".contains(word), "\(error)") }
        #expect("\(error)".hasSuffix(")") && !"\(error)".contains("\n"))
    }

    @Test(arguments: [
        (JSONValue.integer(0), "at least 1"), (.integer(1 << 25), "more than"), (.integer(.max), "whole number"),
        (.null, "whole number"),
    ]) func pbkdf2IsBounded(rounds: JSONValue, word: String) throws {
        let good = try Keystore(key: PrivateKey.generate(), password: [], derivation: .pbkdf2(iterations: 1))
        let bad = Damage("crypto.kdfparams.c", rounds).done(to: try JSONReader.read(good.json))
        let error = #expect(throws: KeystoreError.self) { try Keystore(json: JSONWriter.bytes(bad)) }
        #expect(error?.description.contains(word) == true)
        let prf = Damage("crypto.kdfparams.prf", "hmac-sha512").done(to: try JSONReader.read(good.json))
        #expect(
            throws: KeystoreError.unsupported(
                field: "crypto.kdfparams.prf", got: "\"hmac-sha512\"", supported: "hmac-sha256")
        ) { try Keystore(json: JSONWriter.bytes(prf)) }
    }

    @Test func wrongParametersAreRefusedWhenWriting() {
        #expect(throws: KeystoreError.self) {
            try Keystore(key: PrivateKey.generate(), password: [], derivation: .scrypt(n: 5, r: 1, p: 1))
        }
        #expect(throws: KeystoreError.self) {
            try Keystore(key: PrivateKey.generate(), password: [], derivation: .pbkdf2(iterations: .max))
        }
    }

    @Test func anyChangedBitOfTheSecretIsNoticed() throws {
        let good = try Keystore(key: PrivateKey.generate(), password: [9], derivation: Self.light)
        let json = try JSONReader.read(good.json)
        for (path, field) in [
            ("crypto.ciphertext", json["crypto"]?["ciphertext"]), ("crypto.mac", json["crypto"]?["mac"]),
            ("crypto.kdfparams.salt", json["crypto"]?["kdfparams"]?["salt"]),
        ] {
            guard case .text(let text)? = field else { throw VectorError.malformed(path) }
            for place in 0..<32 {
                var bytes = try Hex.decode(text)
                bytes[place] ^= 1 << (UInt8(place) % 8)
                let bad = Damage(path, .text(Hex.encode(bytes))).done(to: json)
                let keystore = try Keystore(json: JSONWriter.bytes(bad))
                #expect(throws: KeystoreError.wrongPassword) { try keystore.open(password: [9]) }
            }
        }
    }

    @Test func aKeyOutOfRangeIsRefused() throws {
        // A key of zeros: ciphertext and key stream are the same, and the MAC is made to fit.
        let derived = PBKDF2.key(password: [1], salt: [], iterations: 1, count: 32)
        let aes = try #require(AES128(key: derived.prefix(16)))
        let counter = [UInt8](repeating: 0, count: 16)
        let cipher = try #require(aes.counterMode([UInt8](repeating: 0, count: 32), counter: counter))
        let crypto: JSONValue = [
            "cipher": "aes-128-ctr", "cipherparams": ["iv": .text(Hex.encode(counter))],
            "ciphertext": .text(Hex.encode(cipher)), "kdf": "pbkdf2",
            "kdfparams": ["c": 1, "dklen": 32, "prf": "hmac-sha256", "salt": ""],
            "mac": .text(Keccak256.hash(derived[16...] + cipher).hex),
        ]
        let keystore = try Keystore(json: JSONWriter.bytes(["Crypto": crypto, "version": 3]))
        #expect(throws: KeystoreError.noPrivateKey) { try keystore.open(password: [1]) }
    }

    @Test func longAndDeepFilesAreRefused() {
        #expect(throws: KeystoreError.self) { try Keystore(json: [UInt8](repeating: 0x20, count: 65_537)) }
        #expect(throws: KeystoreError.self) { try Keystore(json: [UInt8](repeating: UInt8(ascii: "["), count: 60_000)) }
        #expect(throws: KeystoreError.self) { try Keystore(json: Array("7".utf8)) }
    }
}
