import PoAIPrimitives
import PoAIWallet
import Testing

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", "0"), ("1", "0.000000000000000001"), ("10", "0.00000000000000001"),
        ("999999999999999999", "0.999999999999999999"), ("1000000000000000000", "1"), ("1500000000000000000", "1.5"),
        ("5000000000000000000", "5"), ("100000000000000000000", "100"),
        ("100000000000000000001", "100.000000000000000001"),
        (
            "115792089237316195423570985008687907853269984665640564039457584007913129639935",
            "115792089237316195423570985008687907853269984665640564039457.584007913129639935"
        ),
    ]) func weiAsPOAIAndBack(wei: String, poai: String) throws {
        let amount = try #require(UInt256(decimal: wei))
        #expect(Amount.poai(amount) == poai)
        #expect(Amount.wei(poai) == amount)
    }

    @Test(arguments: ["01.50", "1.5", "1.500000000000000000"]) func needlessZerosAreTaken(text: String) {
        #expect(Amount.wei(text) == UInt256(decimal: "1500000000000000000"))
    }

    @Test(arguments: [
        "", ".", ".5", "5.", "1.2.3", "-1", "+1", " 1", "1 ", "1e3", "0x1", "1,5", "1_000", "٣",
        "1.0000000000000000000",
        "115792089237316195423570985008687907853269984665640564039457.584007913129639936",
        "1000000000000000000000000000000000000000000000000000000000000",
    ]) func whatIsNoAmountIsRefused(text: String) { #expect(Amount.wei(text) == nil) }
}
