import PoAINode
import PoAIPrimitives
import PoAITypes
import Testing

@Suite("Development accounts")
struct DevAccountsTests {
    @Test(
        "Keys and addresses are those that an independent implementation in Python gives",
        arguments: [
            (
                0, "dddb63b2f68fabfd5542c172a661b4916a71823ede83252ef9edbac022ceb7e7",
                "b3f3a0df89569ddce790925ec0da7317d880d7c3"
            ),
            (
                1, "53fba146dbb2db6414a83fa50f491a098d400738912246d2c559fb3ad2832c05",
                "428b578bbb497b297132eb5c2a29be77948be7ba"
            ),
            (
                99, "ce07326ffc43713a563e66dcf53079e1a4e42d24fde0ba441beddd1e9d312a55",
                "6f5dc998bfd3587f38e4bb8b763ab9d439866b03"
            ),
        ])
    func vectors(index: Int, key: String, address: String) throws {
        #expect(DevAccounts.key(index).bytes == (try Hex.decode(key)))
        #expect(DevAccounts.key(index).publicKey.address == (try Address(parsing: address)))
    }

    @Test("A devnet with accounts has them in genesis, with another genesis hash for each count")
    func funding() throws {
        let devnet = try ChainSpec.embedded(.devnet)
        #expect(DevAccounts.count(in: devnet) == 0)
        let three = try DevAccounts.fund(3, in: devnet)
        #expect(DevAccounts.count(in: three) == 3 && three.alloc.count == 3)
        #expect(three.alloc.allSatisfy { $0.wei == DevAccounts.funds })
        #expect(
            DevAccounts.accounts(3).allSatisfy { account in three.alloc.contains { $0.address == account.address } })
        // Funding again changes nothing, more of them add to those there.
        #expect(try DevAccounts.fund(3, in: three) == three)
        #expect(try DevAccounts.fund(5, in: three).alloc.count == 5)
        #expect(three.parametersHash != devnet.parametersHash)
    }
}
