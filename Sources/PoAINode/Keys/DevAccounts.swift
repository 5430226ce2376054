import PoAIPrimitives
import PoAITypes

/// Accounts with money in the genesis of a devnet of one's own. Everyone knows their keys: they are for trying things out.
public enum DevAccounts {
    /// The most there can be.
    public static let limit = 100
    /// What each has: 10,000 POAI, in wei.
    public static let funds = UInt256(10_000) &* UInt256(1_000_000_000_000_000_000)

    /// The key of account `index`, from 0: Keccak-256 of the ASCII text `poai/dev-account/1/` and the index in decimal.
    public static func key(_ index: Int) -> PrivateKey {
        var digest = Keccak256.hash(Array("poai/dev-account/1/\(index)".utf8))
        while true {
            // All but about one in 2^128 hashes are valid keys.
            if let key = try? PrivateKey(bytes: digest.bytes) { return key }
            digest = Keccak256.hash(digest)
        }
    }

    /// The first `count` accounts.
    public static func accounts(_ count: Int) -> [(address: Address, key: PrivateKey)] {
        (0..<max(0, count)).map { index in
            let key = key(index)
            return (key.publicKey.address, key)
        }
    }

    /// The network begun with these accounts as well.
    ///
    /// - Throws: `ChainSpecError` if the result is no valid spec.
    public static func fund(_ count: Int, in spec: ChainSpec) throws(ChainSpecError) -> ChainSpec {
        let new = accounts(count).map { Allocation(address: $0.address, wei: funds) }
        let kept = spec.alloc.filter { entry in !new.contains { $0.address == entry.address } }
        return try spec.withAllocations((kept + new).sorted { $0.address < $1.address })
    }

    /// How many of the accounts the network funds.
    public static func count(in spec: ChainSpec) -> Int {
        (0..<limit).prefix { index in
            let address = key(index).publicKey.address
            return spec.alloc.contains { $0.address == address && $0.wei == funds }
        }.count
    }
}
