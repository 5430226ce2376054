import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

@Suite("Inputs that fuzzing found")
struct RegressionTests {
    @Test("Headers are refused, or encode to the same bytes with a hash that is theirs")
    func headers() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAITypes", target: "header") {
            guard let header = try? BlockHeader(rlp: bytes) else { continue }
            #expect(header.rlpEncoded() == bytes, "\(name)")
            #expect(header.hash == Keccak256.hash(bytes), "\(name)")
            #expect(try RLP.decode(bytes) == .list(header.rlpItems()), "\(name)")
        }
    }

    @Test("Blocks are refused, or encode to the same bytes")
    func blocks() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAITypes", target: "block") {
            do throws(BlockDecodingError) {
                #expect(try Block(rlp: bytes).rlpEncoded() == bytes, "\(name)")
            } catch {
                #expect(!"\(error)".contains("\n"), "\(name)")
            }
        }
    }

    @Test("Transactions and receipts are refused, or encode to the same bytes")
    func transactions() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAITypes", target: "transaction") {
            guard let transaction = try? Transaction(encoded: bytes) else { continue }
            #expect(transaction.encoded() == bytes, "\(name)")
            #expect((try? transaction.recoverSender()) != .zero, "\(name)")
        }
        for (name, bytes) in try Regressions.inputs(module: "PoAITypes", target: "receipt") {
            guard let receipt = try? Receipt(encoded: bytes) else { continue }
            #expect(receipt.encoded() == bytes, "\(name)")
        }
    }

    @Test("Compact targets decode to what encodes to the same target")
    func compactTargets() throws {
        for (name, bytes) in try Regressions.inputs(module: "PoAITypes", target: "compact_target") {
            if let target = CompactTarget.target(bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }) {
                #expect(CompactTarget.target(CompactTarget.encode(target)) == target, "\(name)")
            }
            guard let value = UInt256(bigEndianBytes: bytes.dropFirst(4).prefix(32)) else { continue }
            let decoded = CompactTarget.decode(CompactTarget.encode(value))
            #expect(!decoded.isNegative && !decoded.overflows && decoded.magnitude <= value, "\(name)")
        }
    }
}
