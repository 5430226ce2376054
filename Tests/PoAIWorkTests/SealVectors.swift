// Written by scripts/consensus_vectors.py; do not edit.

struct SealVector {
    let epochKey: String
    let sealHash: String
    let traceDigest: String
    let number: UInt64
    let nonce: UInt64
    let loss: UInt64
    let quizSeed: String
    let lhat: String
}

enum SealVectors {
    static let all = [
        SealVector(
            epochKey: "3f577837201652088423339b3c012fa4c5efec92cf187f77ec185246dd8f06ec",
            sealHash: "36f243b7834a72590b2d4acec445a91a281c77c7ef0e8bd9932d0fae686de2a8",
            traceDigest: "e39835250537eb3c57e539f7b5d25618dbf727275849f7ac89a2fb1f9af958fb",
            number: 1, nonce: 0, loss: 0,
            quizSeed: "0xa26317a1846b3b87fedafe353f918bba5d98d89d96ef6d5beee7caa2884bb932",
            lhat: "0xdca7e931566798d9fc4634025235cc369cca518ae598ae6a48f28a2202a58ee0"),
        SealVector(
            epochKey: "73d4d6087e196b625953a0866d48db6fb511d67bd5153f01f5eef36994e81d34",
            sealHash: "658fd38a09e9d0cc6d78c91688f937d5f63fba9d52f4b956b4d7cda760f33fc2",
            traceDigest: "4328efa209d200ea79e36a4d764d50459fc92e17b899f34f9acb8bef7e3a93ee",
            number: 2016, nonce: 77, loss: 1234567,
            quizSeed: "0x776e527ee81a50e59a7fa34dbdb06de1743a032680e6cb363d574d16814897d7",
            lhat: "0xfde58b81c5de4df3296d757956c7ba88255f4918ff3c689cc681ef7bc14a75c8"),
        SealVector(
            epochKey: "2f09195dfbe358c5ec8382722a09210adbea02d6863d195cd061b0e70fb54305",
            sealHash: "e408d84a2c32e7613dad8084b0c6811778b5589a0b8a61d4c2269e1afa90e7b1",
            traceDigest: "38f61e6b2e8f4fe45e95fa414b5d15b422a01768b093513041dbb784ac0c1a0e",
            number: 18446744073709551615, nonce: 18446744073709551615, loss: 18446744073709551615,
            quizSeed: "0x8446116857210d150d6b6701d2f0203b8ccba96e10de9ef3bbb71e3315d2c5b6",
            lhat: "0xbcfecdfae44a1c97f4a86b6dbbed791367be5a05b9d6427cc5758b7b0bd3f3ef"),
        SealVector(
            epochKey: "ada2b308bf667cd056719853380d5754b9e89d92523b210edfb8371fad552174",
            sealHash: "31ab94d9d9fed7b4f4b93ca7407a4d4f8895bb75c52e09ef724d9d27a95e38de",
            traceDigest: "16a879a7ec05c6b56d34daf02d4a24d40c2e56271220fd5ee89fdea8edb548fb",
            number: 256, nonce: 72057594037927936, loss: 1,
            quizSeed: "0xe2eb91bc6a2734af123d08346a61b4f6e1d975a12ddc2f908451a249be5b7ad5",
            lhat: "0x7bf576d63f3ca2fcefc6f5af6284f2298f988ca2407b0f2f7f518433f1fd9721"),
    ]
}
