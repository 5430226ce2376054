// Written by scripts/consensus_vectors.py; do not edit.

enum SpecVectors {
    /// Network, hash of its parameters, hash of its genesis header with the empty trie as state.
    static let all: [(network: String, parametersHash: String, genesisHash: String)] = [
        (
            "mainnet",
            "0xe668f46ba33d6d2c53c47eb21efc6934ce81261e7709457dc312cadcf92650a2",
            "0x2914a790d9ea36eb46c9b3e5c6cd8c85fdc6e0859f1464353ce8d288428b1abf"
        ),
        (
            "testnet",
            "0x15e81ba59f657c370e8f0790367a16c2eb9c015d1ef2cc97c78c32b73a7ec11a",
            "0x9e4842da9de4064214a9597af6c8b10e4498aa6cf8e0b72fa1ca757ab2bc1c57"
        ),
        (
            "devnet",
            "0x7b72147a7e503764d88a28a2f684206b7fe45de6b74d85ccaea1a724627527d9",
            "0x3ef7feceb2258908d9dc9bc4ebe17b669a9c851fb44c94f4f7906f714c7cf534"
        ),
    ]
}
