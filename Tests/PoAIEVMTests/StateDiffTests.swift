import PoAIEVM
import PoAIPrimitives
import Testing

@Suite("State of accounts")
struct AccountStateTests {
    @Test("Only an account without nonce, balance and code is empty")
    func emptiness() {
        #expect(AccountState().isEmpty)
        #expect(!AccountState(nonce: 1).isEmpty)
        #expect(!AccountState(balance: .one).isEmpty)
        #expect(!AccountState(codeHash: .zero).isEmpty)
    }
}
