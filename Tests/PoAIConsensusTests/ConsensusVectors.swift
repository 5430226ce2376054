// Written by scripts/consensus_vectors.py; do not edit.

enum ConsensusVectors {
    /// Seed, epoch index, epoch key.
    static let epochKeys: [(seed: String, index: UInt64, key: String)] = [
        (
            "11f1efd0825aa3c737ce7a3831438f918cc83545afbed69e69fddee7e6fd5811", 0,
            "0x1b42c875a0170471e160af0b4f96143be5540a900cf59d42c8f65c8ed1b828e3"
        ),
        (
            "37d87e7e69c0e589963c54464e153d6b2d956398575b72f5952fb0c3a85853fb", 1,
            "0x12224a029a8d5bf590b688489f628f45f4f498da21e553677417733cb31a4d91"
        ),
        (
            "aa4bc88c8f639c75e8399e581291ccc45a15812a2ac907be2e383be52855a930", 1,
            "0x36cfe212d774cb49e3b392cb4cc688dfe9feafedf70e45a6b75bb3f2fd4346a4"
        ),
        (
            "ffc8ab34f229f92a6d6e9fd57cf2cf7e67bd50d50d4192b410cdd071225a9cd4", 18446744073709551615,
            "0x29110510253084aa925fba004b906fd780c12dc51be2e0fb715eb769ba5ff6aa"
        ),
    ]

    /// Compact target, floor(2^256 / (target + 1)) in decimal.
    static let works: [(bits: UInt32, work: String)] = [
        (
            0x2100_ffff,
            "1"
        ),
        (
            0x207f_ffff,
            "2"
        ),
        (
            0x2006_6666,
            "40"
        ),
        (
            0x2000_ffff,
            "256"
        ),
        (
            0x1f04_0000,
            "16383"
        ),
        (
            0x1d00_ffff,
            "4295032833"
        ),
        (
            0x1b04_04cb,
            "70040908352512"
        ),
        (
            0x1703_31db,
            "378410393580124934176862"
        ),
        (
            0x0312_3456,
            "97055764975995241950711904064708186562029814974297378091104192884197462"
        ),
        (
            0x0101_0000,
            "57896044618658097711785492504343953926634992332820282019728792003956564819968"
        ),
    ]

    /// Old compact target, window's elapsed seconds, intervals, seconds a block, limit, new target.
    static let retargets:
        [(bits: UInt32, elapsed: UInt64, intervals: UInt64, block: UInt64, limit: UInt32, expected: UInt32)] = [
            (0x1f04_0000, 1209600, 2016, 600, 0x2000_ffff, 0x1f04_0000),
            (0x1f04_0000, 604800, 2016, 600, 0x2000_ffff, 0x1f02_0000),
            (0x1f04_0000, 302400, 2016, 600, 0x2000_ffff, 0x1f01_0000),
            (0x1f04_0000, 302399, 2016, 600, 0x2000_ffff, 0x1f01_0000),
            (0x1f04_0000, 1, 2016, 600, 0x2000_ffff, 0x1f01_0000),
            (0x1f04_0000, 4838400, 2016, 600, 0x2000_ffff, 0x1f10_0000),
            (0x1f04_0000, 4838401, 2016, 600, 0x2000_ffff, 0x1f10_0000),
            (0x1f04_0000, 1000000007, 2016, 600, 0x2000_ffff, 0x1f10_0000),
            (0x2006_6666, 80, 16, 5, 0x2100_ffff, 0x2006_6666),
            (0x2006_6666, 79, 16, 5, 0x2100_ffff, 0x2006_51eb),
            (0x2006_6666, 70, 14, 5, 0x2100_ffff, 0x2006_6666),
            (0x2006_6666, 17, 14, 5, 0x2100_ffff, 0x2001_8de5),
            (0x2006_6666, 16, 14, 5, 0x2100_ffff, 0x2001_8de5),
            (0x2100_ffff, 320, 16, 5, 0x2100_ffff, 0x2100_ffff),
            (0x2100_ffff, 81, 16, 5, 0x2100_ffff, 0x2100_ffff),
            (0x2100_ffff, 40, 16, 5, 0x2100_ffff, 0x207f_ff80),
            (0x207f_ffff, 320, 16, 5, 0x207f_ffff, 0x207f_ffff),
            (0x1d00_ffff, 1022578, 2016, 600, 0x1d00_ffff, 0x1d00_d86a),
            (0x0101_0000, 1, 16, 5, 0x2100_ffff, 0x0101_0000),
            (0x0300_0003, 20, 16, 5, 0x2100_ffff, 0x0101_0000),
            (0x2100_ffff, 0, 1, 1, 0x2100_ffff, 0x2100_ffff),
        ]

    /// All wei ever mined: 210000 blocks of each of 64 eras.
    static let totalSupply = "2099999999999999996010000"
}
