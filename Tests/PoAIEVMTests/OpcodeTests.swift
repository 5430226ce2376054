import PoAIEVM
import Testing

@Suite("Opcodes")
struct OpcodeTests {
    /// The names and bytes of the yellow paper and the EIPs up to Cancun.
    static let names: [(first: UInt8, names: String)] = [
        (0x00, "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND"),
        (0x10, "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR"), (0x20, "KECCAK256"),
        (
            0x30,
            "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY CODESIZE CODECOPY GASPRICE"
        ),
        (0x3b, "EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY EXTCODEHASH BLOCKHASH COINBASE TIMESTAMP NUMBER"),
        (0x44, "PREVRANDAO GASLIMIT CHAINID SELFBALANCE BASEFEE BLOBHASH BLOBBASEFEE"),
        (0x50, "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST TLOAD TSTORE MCOPY PUSH0"),
        (0x60, (1...32).map { "PUSH\($0)" }.joined(separator: " ")),
        (0x80, (1...16).map { "DUP\($0)" }.joined(separator: " ")),
        (0x90, (1...16).map { "SWAP\($0)" }.joined(separator: " ")), (0xa0, "LOG0 LOG1 LOG2 LOG3 LOG4"),
        (0xf0, "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2"), (0xfa, "STATICCALL"),
        (0xfd, "REVERT INVALID SELFDESTRUCT"),
    ]

    static let table = Dictionary(
        uniqueKeysWithValues: names.flatMap { row in
            row.names.split(separator: " ").enumerated().map { (row.first + UInt8($0), String($1)) }
        })

    /// Also shows that a byte is the number of its case, on which the interpreter relies.
    @Test func everyByteHasItsName() {
        #expect(Self.table.count == 149)
        for byte in UInt8.min...UInt8.max {
            #expect(Opcode.named(byte)?.name == Self.table[byte], "\(byte)")
        }
        #expect(Opcode.allCases.count == 256)
    }

    @Test func bytesWithoutInstructionHalt() throws {
        for byte in UInt8.min...UInt8.max where Self.table[byte] == nil || byte == 0xfe {
            let run = try EVM.run([byte], gas: 50_000)
            #expect(run.status == .halted(.invalidOpcode), "\(byte)")
            #expect(run.gasUsed == 50_000)
        }
    }

    /// How many words each instruction takes.
    static func taken(_ byte: UInt8) -> Int {
        switch byte {
        case 0x15, 0x19, 0x31, 0x35, 0x3b, 0x3f, 0x40, 0x49, 0x50, 0x51, 0x54, 0x56, 0x5c, 0xff: 1
        case 0x01...0x07, 0x0a, 0x0b, 0x10...0x1d, 0x20, 0x52, 0x53, 0x55, 0x57, 0x5d, 0xf3, 0xfd: 2
        case 0x08, 0x09, 0x37, 0x39, 0x3e, 0x5e, 0xf0: 3
        case 0x3c, 0xf5: 4
        case 0xf4, 0xfa: 6
        case 0xf1, 0xf2: 7
        case 0x80...0x8f: Int(byte) - 0x7f
        case 0x90...0x9f: Int(byte) - 0x8e
        case 0xa0...0xa4: Int(byte) - 0x9e
        default: 0
        }
    }

    @Test func aStackTooShortHalts() throws {
        for byte in Self.table.keys where byte != 0xfe {
            let taken = Self.taken(byte)
            let enough = try EVM.run([UInt8](repeating: 0x5f, count: taken) + [byte])
            #expect(enough.status != .halted(.stackUnderflow), "\(byte)")
            guard taken > 0 else { continue }
            let short = try EVM.run([UInt8](repeating: 0x5f, count: taken - 1) + [byte])
            #expect(short.status == .halted(.stackUnderflow), "\(byte)")
        }
    }

    @Test func aStackTooLongHalts() throws {
        let pushing = Self.table.keys.filter { byte in
            (0x5f...0x8f).contains(byte)
                || [0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d, 0x58, 0x59, 0x5a].contains(byte)
                || (0x41...0x48).contains(byte) || byte == 0x4a
        }
        #expect(pushing.count == 69)
        for byte in pushing {
            let full = [UInt8](repeating: 0x5f, count: 1024)
            #expect(try EVM.run(full + [byte]).status == .halted(.stackOverflow), "\(byte)")
            #expect(try EVM.run(full.dropLast() + [byte, 0x00]).succeeded, "\(byte)")
        }
    }
}
