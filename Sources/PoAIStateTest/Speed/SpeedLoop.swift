import PoAIPrimitives

/// Code that repeats one kind of work, to measure the machine by.
public struct SpeedLoop: Hashable, Sendable {
    /// What it does.
    public let name: String
    /// Its code, which ends by itself within `gas`.
    public let code: [UInt8]
    /// A limit that suffices.
    public let gas: UInt64

    /// The built-in ones. Each runs a tenth of a second or some more.
    public static let all = [countdown, arithmetic, memory, solidity, storage, hashing]

    /// Subtract, compare, jump.
    static let countdown = SpeedLoop("countdown", rounds: 4_000_000, "")

    /// Arithmetic on a word of 256 bits.
    static let arithmetic = SpeedLoop(
        "add/mul/xor", rounds: 1_500_000,
        """
        90 7f 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 01
        67 5851f42d4c957f2d 02 7f fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210 18 90
        """)

    /// Writes a word and reads it back, twice.
    static let memory = SpeedLoop(
        "mload/mstore", rounds: 1_500_000, "80 6040 52 6040 51 6080 52 6080 51 50")

    /// What a Solidity compiler makes of `unchecked { for (i = 0; i < n; ++i) x = x * a + c; }` with a and c of 64 bits.
    static let solidity = SpeedLoop(
        "Solidity LCG",
        code: "5f 5f 5b 62 0f4240 82 10 15 60 2d 57 80 67 5851f42d4c957f2d 02 67 14057b7ef767814f 01 90 50"
            + "81 6001 01 91 50 60 02 56 5b 50 50 00")

    /// Reads, changes and writes one slot of storage, which is warm after the first round.
    static let storage = SpeedLoop("warm SLOAD+SSTORE", rounds: 500_000, "5f 54 6001 01 5f 55")

    /// Keccak-256 of 64 bytes, each time others.
    static let hashing = SpeedLoop("keccak of 64 B", rounds: 400_000, "6040 5f 20 5f 52")

    /// `body` that many times, with the number of rounds left on top of the stack.
    private init(_ name: String, rounds: UInt32, _ body: String) {
        let count = Hex.encode((0..<4).map { UInt8(truncatingIfNeeded: rounds >> (24 - 8 * $0)) })
        // A word below the counter for the body to work on.
        self.init(name, code: "60 07 63 \(count) 5b \(body) 6001 90 03 80 6007 57 00")
    }

    private init(_ name: String, code: String) {
        let digits = code.filter { !$0.isWhitespace }
        // The literals above are hex, which a test checks.
        self.init(name: name, code: (try? Hex.decode(digits)) ?? [], gas: 10_000_000_000)
    }

    /// Code of one's own.
    public init(name: String, code: [UInt8], gas: UInt64) {
        self.name = name
        self.code = code
        self.gas = gas
    }
}
