import PoAIPrimitives

/// Where contracts come to be.
public enum ContractAddress {
    /// Address of the contract that `creator` makes when it has this nonce (yellow paper, 7).
    public static func create(_ creator: Address, nonce: UInt64) -> Address {
        Address(lastBytesOf: Keccak256.hash(RLP.encode(.list([.address(creator), .uint(nonce)]))))
    }

    /// Address of the contract that `creator` makes with CREATE2 (EIP-1014).
    public static func create2(_ creator: Address, salt: UInt256, initcode: UnsafeRawBufferPointer) -> Address {
        var hasher = Keccak256Hasher()
        hasher.update([0xff])
        creator.withUnsafeBytes { hasher.update($0) }
        hasher.update(salt.bigEndianHash)
        hasher.update(Keccak256.hash(initcode))
        return Address(lastBytesOf: hasher.finalize())
    }
}
