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
            "0x72cfde4af5fd9dd338ece3123625317eb912e798491a49ec716f8c20b6c1128b",
            "0x187454cb8e01e0dafce3f1f17144d7c98306673dcdb46c1c00e20050c4e1ab97"
        ),
        (
            "devnet",
            "0x7b159afe39c1201643a99124d737c00092d5a091e40f06f50e5791e5b282e2a4",
            "0x5d90951c70196f1b09cd6b94b866428e5a742d9df7608d8e335e71685d30aa00"
        ),
    ]
}
