import PoAIEVM
import PoAIPrimitives
import PoAITestSupport
import PoAITypes
import Testing

/// The journal against a model that copies the whole world at each checkpoint, over random changes.
@Suite("Journal")
struct JournalTests {
    struct Place: Hashable {
        let account: Int
        let slot: UInt64
    }

    /// All that a checkpoint brings back.
    struct World: Equatable {
        var accounts: [Int: AccountState] = [:]
        var storage: [Place: UInt256] = [:]
        var transient: [Place: UInt256] = [:]
        var warmAccounts: Set<Int> = []
        var warmSlots: Set<Place> = []
        var created: Set<Int> = []
        var destroyed: Set<Int> = []
        var touched: Set<Int> = []
        var logs = 0
        var refund: Int64 = 0
    }

    static let accountCount = 6
    static let slotCount: UInt64 = 4
    static let code: [UInt8] = [0x60, 0x00]

    static func address(_ account: Int) -> Address { Address(truncating: UInt256(UInt64(0x100 + account))) }

    /// Some accounts exist, one with storage and one with nothing at all.
    static let view: MemoryState = {
        var view = MemoryState()
        view.put(address(0), nonce: 3, balance: 1000)
        view.put(address(1), nonce: 1, balance: 7, code: code, storage: [0: 5, 2: 6])
        view.put(address(2))
        return view
    }()

    /// Model and journal, changed alike.
    struct Pair: ~Copyable {
        var journal = Journal(view: JournalTests.view)
        var world = World()
        var begin = World()
        var saved: [(checkpoint: Checkpoint, world: World)] = []
        var random: DeterministicRandom

        init(seed: UInt64) {
            random = DeterministicRandom(seed: seed)
            for account in 0..<JournalTests.accountCount {
                let address = JournalTests.address(account)
                world.accounts[account] = JournalTests.view.accounts[address]
                for (slot, value) in JournalTests.view.storage[address] ?? [:] {
                    world.storage[Place(account: account, slot: slot.limbs.0)] = value
                }
            }
            beginTransaction()
        }

        mutating func beginTransaction() {
            journal.beginTransaction()
            world.transient = [:]
            (world.warmAccounts, world.warmSlots) = ([], [])
            (world.created, world.destroyed, world.touched) = ([], [], [])
            (world.logs, world.refund) = (0, 0)
            begin = world
        }

        mutating func finishTransaction() {
            while let last = saved.popLast() { journal.commit(last.checkpoint) }
            journal.finishTransaction()
            for account in world.touched {
                guard world.destroyed.contains(account) || state(account).isEmpty else { continue }
                world.accounts[account] = nil
                world.storage = world.storage.filter { $0.key.account != account }
            }
        }

        func state(_ account: Int) -> AccountState { world.accounts[account] ?? AccountState() }

        /// One random change of both.
        mutating func step() {
            let account = random.below(JournalTests.accountCount)
            let index = journal.account(JournalTests.address(account))
            let place = Place(account: account, slot: random.next() % JournalTests.slotCount)
            let number = UInt256(random.next() % 4)
            switch random.below(16) {
            case 0, 1:
                journal.add(number, to: index)
                touch(account) { $0.balance = $0.balance &+ number }
            case 2:
                let isPaid = journal.subtract(number, from: index)
                #expect(isPaid == (state(account).balance >= number))
                if isPaid { touch(account) { $0.balance = $0.balance &- number } }
            case 3:
                let nonce = random.next() % 3
                journal.setNonce(nonce, of: index)
                touch(account) { $0.nonce = nonce }
            case 4 where state(account).codeHash == Keccak256.empty:
                JournalTests.code.withUnsafeBytes { journal.setCode($0, of: index) }
                touch(account) { $0.codeHash = Keccak256.hash(JournalTests.code) }
            case 5, 6, 7:
                let slot = journal.slot(UInt256(place.slot), of: index)
                journal.set(number, slot: slot)
                // A slot of an account that is nothing cannot be written by code: keep such ones alive.
                journal.setNonce(9, of: index)
                touch(account) { $0.nonce = 9 }
                world.storage[place] = number.isZero ? nil : number
            case 8:
                journal.setTransient(number, UInt256(place.slot), of: index)
                world.transient[place] = number
            case 9: #expect(journal.warm(account: index) == world.warmAccounts.insert(account).inserted)
            case 10:
                let slot = journal.slot(UInt256(place.slot), of: index)
                #expect(journal.warm(slot: slot) == world.warmSlots.insert(place).inserted)
            case 11:
                journal.logs.append(Log(address: .init(truncating: 1), topics: [], data: []))
                journal.refund += 5
                world.logs += 1
                world.refund += 5
            case 12 where random.below(3) == 0:
                journal.markCreated(index)
                world.created.insert(account)
                touch(account) { _ in }
                if random.below(2) == 0 {
                    journal.destroy(index)
                    world.destroyed.insert(account)
                }
            case 13, 14: saved.append((journal.checkpoint(), world))
            default: end()
            }
        }

        /// Keeps or undoes what was done since the last checkpoint.
        private mutating func end() {
            guard let last = saved.popLast() else { return }
            if random.below(2) == 0 {
                journal.commit(last.checkpoint)
            } else {
                journal.revert(last.checkpoint)
                world = last.world
            }
        }

        private mutating func touch(_ account: Int, _ change: (inout AccountState) -> Void) {
            var state = state(account)
            change(&state)
            world.accounts[account] = state
            world.touched.insert(account)
        }

        /// Expects that both say the same. Nothing is accessed that was not before.
        mutating func compare(_ step: Int) {
            for account in 0..<JournalTests.accountCount {
                let index = journal.account(JournalTests.address(account))
                #expect(journal.state(index) == state(account), "account \(account) at step \(step)")
                #expect(journal.isNew(index) == world.created.contains(account), "account \(account) at step \(step)")
                for slot in 0..<JournalTests.slotCount {
                    let place = Place(account: account, slot: slot)
                    let values = journal.values(slot: journal.slot(UInt256(slot), of: index))
                    #expect(values.now == world.storage[place] ?? .zero, "\(place) at step \(step)")
                    #expect(values.original == begin.storage[place] ?? .zero, "\(place) at step \(step)")
                    let transient = journal.transient(UInt256(slot), of: index)
                    #expect(transient == world.transient[place] ?? .zero, "\(place) at step \(step)")
                }
            }
            #expect(journal.logs.count == world.logs && journal.refund == world.refund, "step \(step)")
        }

        /// The view with the journal's changes, which must be the model's state.
        func compareDiff() {
            let after = JournalTests.view.applying(journal.diff())
            for account in 0..<JournalTests.accountCount {
                let address = JournalTests.address(account)
                #expect(after.accounts[address] == world.accounts[account], "account \(account)")
                for slot in 0..<JournalTests.slotCount {
                    let place = Place(account: account, slot: slot)
                    #expect(after.storage[address]?[UInt256(slot)] == world.storage[place], "\(place)")
                }
            }
        }
    }

    @Test(arguments: UInt64(1)...60) func sameAsCopiesOfTheWorld(seed: UInt64) {
        var pair = Pair(seed: seed)
        for step in 0..<400 {
            pair.step()
            if step % 7 == 0 { pair.compare(step) }
            if step % 97 == 96 {
                pair.finishTransaction()
                pair.compareDiff()
                pair.beginTransaction()
                pair.compare(step)
            }
        }
    }

    @Test func undoingEverythingLeavesNoDiff() {
        var pair = Pair(seed: 99)
        let checkpoint = pair.journal.checkpoint()
        for _ in 0..<300 { pair.step() }
        while let last = pair.saved.popLast() { pair.journal.revert(last.checkpoint) }
        pair.journal.revert(checkpoint)
        pair.journal.finishTransaction()
        #expect(pair.journal.diff() == StateDiff())
    }

    @Test func theDiffIsInOrder() {
        var journal = Journal(view: MemoryState())
        var random = DeterministicRandom(seed: 5)
        journal.beginTransaction()
        for _ in 0..<300 {
            let account = journal.account(Address(lastBytesOf: random.hash()))
            journal.add(.one, to: account)
            for _ in 0..<5 {
                let slot = journal.slot(UInt256(bigEndian: random.hash()), of: account)
                journal.set(.one, slot: slot)
            }
        }
        journal.finishTransaction()
        let accounts = journal.diff().accounts
        #expect(accounts.count == 300)
        #expect(zip(accounts, accounts.dropFirst()).allSatisfy { $0.address < $1.address })
        for account in accounts {
            #expect(account.storage.count == 5)
            #expect(zip(account.storage, account.storage.dropFirst()).allSatisfy { $0.slot < $1.slot })
        }
    }
}
