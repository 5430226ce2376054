import PoAIPrimitives

/// How a keystore makes its key from the password.
public enum KeyDerivation: Equatable, Sendable {
    /// scrypt (RFC 7914) with rounds n, block size r and parallelism p.
    case scrypt(n: Int, r: Int, p: Int)
    /// PBKDF2 with HMAC-SHA-256 and so many rounds.
    case pbkdf2(iterations: Int)

    /// What new keystores use, as geth does: 256 MiB and about a second.
    public static let standard = KeyDerivation.scrypt(n: 262_144, r: 8, p: 1)

    /// Most memory, in bytes, that scrypt may mix in, 128·n·r.
    public static let memoryLimit = 1 << 30
    /// Most blocks of 128 bytes, r·p, that scrypt mixes: 8 MiB of them.
    public static let scryptLaneLimit = 1 << 16
    /// Most mixing of scrypt, n·r·p: sixteen times the standard.
    public static let scryptWorkLimit = 1 << 25
    /// Most rounds of PBKDF2: 64 times what is usual.
    public static let iterationLimit = 1 << 24
    /// Bytes that a derived key may have. The first 16 encrypt, the next 16 authenticate, the rest is not used.
    public static let keySizes = 32...1024

    /// The name in the field `kdf`.
    var name: String {
        switch self {
        case .scrypt: "scrypt"
        case .pbkdf2: "pbkdf2"
        }
    }

    /// - Throws: `.malformed` for numbers that the algorithm is not defined for, `.tooCostly` for those beyond the limits.
    func check() throws(KeystoreError) {
        switch self {
        case .scrypt(let n, let r, let p): try Self.checkScrypt(n: n, r: r, p: p)
        case .pbkdf2(let iterations):
            guard iterations >= 1 else { throw Self.malformed("c", "\(iterations)", "at least 1") }
            guard iterations <= Self.iterationLimit else {
                throw .tooCostly(
                    field: Self.path("c"), got: "\(iterations) rounds", limit: "\(Self.iterationLimit)")
            }
        }
    }

    private static func checkScrypt(n: Int, r: Int, p: Int) throws(KeystoreError) {
        guard n >= 2, n & (n &- 1) == 0 else { throw malformed("n", "\(n)", "a power of two from 2 up") }
        for (name, value) in [("r", r), ("p", p)] where value < 1 { throw malformed(name, "\(value)", "at least 1") }
        guard product([128, n, r]) <= memoryLimit else {
            throw .tooCostly(
                field: path("n"), got: "\(product([128, n, r]) >> 20) MiB of memory",
                limit: "\(memoryLimit >> 20) MiB")
        }
        guard product([r, p]) <= scryptLaneLimit else {
            throw .tooCostly(field: path("p"), got: "r·p of \(r)·\(p)", limit: "\(scryptLaneLimit)")
        }
        guard product([n, r, p]) <= scryptWorkLimit else {
            throw .tooCostly(field: path("n"), got: "n·r·p of \(n)·\(r)·\(p)", limit: "\(scryptWorkLimit)")
        }
    }

    /// The key. `check()` must have passed.
    /// - Throws: `.outOfMemory`.
    func key(password: [UInt8], salt: [UInt8], count: Int) throws(KeystoreError) -> [UInt8] {
        switch self {
        case .pbkdf2(let iterations):
            return PBKDF2.key(password: password, salt: salt, iterations: iterations, count: count)
        case .scrypt(let n, let r, let p):
            guard let key = Scrypt.key(password: password, salt: salt, n: n, r: r, p: p, count: count) else {
                throw .outOfMemory(bytes: Self.memory(n: n, r: r, p: p))
            }
            return key
        }
    }

    private static func memory(n: Int, r: Int, p: Int) -> Int { 128 * r * (n + p) }

    /// Of positive numbers; the largest number there is when it does not fit.
    private static func product(_ numbers: [Int]) -> Int {
        numbers.reduce(1) { product, number in
            let (result, overflow) = product.multipliedReportingOverflow(by: number)
            return overflow ? .max : result
        }
    }

    private static func path(_ name: String) -> String { "crypto.kdfparams.\(name)" }

    private static func malformed(_ name: String, _ got: String, _ expected: String) -> KeystoreError {
        .malformed(field: path(name), got: got, expected: expected)
    }
}
