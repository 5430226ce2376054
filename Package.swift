// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 language mode (from the tools version) and warnings as errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The exact kernels need IEEE-754 arithmetic without fused multiply-add; see docs/spec.md, "Numeric contract".
let exactC: [CSetting] = [.unsafeFlags(["-ffp-contract=off", "-fno-fast-math", "-Wall", "-Wextra", "-Werror"])]

let swiftCrypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let swiftCryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let swiftProtobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let swiftLog = Target.Dependency.product(name: "Logging", package: "swift-log")
let swiftNIO: [Target.Dependency] = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"].map {
    .product(name: $0, package: "swift-nio")
}
let swiftNIOTransport: [Target.Dependency] = ["NIOCore", "NIOPosix"].map { .product(name: $0, package: "swift-nio") }
let swiftNIOEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A module of the node. The order of the calls below is the order of imports: a module may depend only on modules above
/// it, which `scripts/check_imports.sh` verifies.
func module(
    _ name: String, _ dependencies: [Target.Dependency], plugins: [Target.PluginUsage] = [],
    resources: [Resource] = [], exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources, swiftSettings: strict,
        plugins: plugins)
}

/// The tests of one module. They read the files of their folder `Resources` by path, so those are no part of the build.
func tests(
    _ name: String, _ dependencies: [String] = [], hasResources: Bool = false, external: [Target.Dependency] = []
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: ([name, "PoAITestSupport"] + dependencies).map { .byName(name: $0) } + external,
        exclude: hasResources ? ["Resources"] : [], swiftSettings: strict)
}

let package = Package(
    name: "poai",
    products: [.executable(name: "poaid", targets: ["poaid"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .target(name: "CKernels", cSettings: exactC, linkerSettings: [.linkedLibrary("m")]),
        .target(name: "CCRC32C", cSettings: exactC),
        .systemLibrary(name: "CLMDB", pkgConfig: "lmdb", providers: [.apt(["liblmdb-dev"])]),
        .systemLibrary(name: "CGMP", providers: [.apt(["libgmp-dev"])]),
        .systemLibrary(name: "CSecp256k1", pkgConfig: "libsecp256k1", providers: [.apt(["libsecp256k1-dev"])]),

        module("PoAIPrimitives", ["CSecp256k1"]),
        module("PoAIJSON", []),
        module("PoAIModel", ["PoAIPrimitives"]),
        module("PoAIInference", ["CKernels", "PoAIPrimitives", "PoAIModel", swiftCrypto]),
        module("PoAITypes", ["PoAIPrimitives"]),
        module("PoAIWork", ["PoAIPrimitives", "PoAIModel", "PoAIInference", "PoAITypes"]),
        module("PoAIConsensus", ["PoAIPrimitives", "PoAITypes", "PoAIWork"]),
        module("PoAITrie", ["PoAIPrimitives", "PoAITypes"]),
        module("PoAIEVM", ["CGMP", "PoAIPrimitives", "PoAITypes", swiftCrypto]),
        module("PoAIStateTest", ["PoAIPrimitives", "PoAIJSON", "PoAITypes", "PoAITrie", "PoAIEVM"]),
        module("PoAIStorage", ["CCRC32C", "CLMDB", "PoAIPrimitives", "PoAITypes", "PoAITrie", "PoAIEVM"]),
        module(
            "PoAIChain",
            [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIEVM", "PoAIStorage",
                "PoAIInference",
            ]),
        module("PoAIMempool", ["PoAIPrimitives", "PoAITypes"]),
        module(
            "LibP2P", ["CSecp256k1", swiftCrypto, swiftCryptoExtras, swiftProtobuf] + swiftNIOTransport,
            exclude: ["Protobuf/proto"]),
        module(
            "PoAINetwork",
            [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIStorage", "PoAIChain",
                "PoAIMempool", "LibP2P",
            ]),
        module(
            "PoAIRPC",
            [
                "PoAIPrimitives", "PoAIJSON", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIEVM",
                "PoAIStorage", "PoAIChain",
            ] + swiftNIO),
        module("PoAIWallet", ["PoAIPrimitives", "PoAIJSON", "PoAITypes", swiftCrypto]),
        module(
            "PoAINode",
            [
                "PoAIPrimitives", "PoAIModel", "PoAIInference", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie",
                "PoAIStorage", "PoAIChain", "PoAIMempool", "LibP2P", "PoAINetwork", "PoAIRPC", "PoAIJSON", "PoAIWallet",
                swiftLog, swiftCrypto,
            ],
            resources: [
                .embedInCode("ChainSpecs/mainnet.json"), .embedInCode("ChainSpecs/testnet.json"),
                .embedInCode("ChainSpecs/devnet.json"),
                .embedInCode("Golden/smollm2-135m-q4_1.json"),
            ]),
        module(
            "PoAICommands",
            [
                "PoAIPrimitives", "PoAIModel", "PoAIInference", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIStorage",
                "PoAIChain", "PoAIMempool", "LibP2P", "PoAIRPC", "PoAIEVM", "PoAIStateTest", "PoAINode", "PoAIJSON",
                "PoAIWallet", swiftLog, argumentParser,
            ]),
        .executableTarget(name: "poaid", dependencies: ["PoAICommands"], swiftSettings: strict),

        // Not part of `swift build --product poaid`; see Benchmarks/README.md and scripts/tests/test_interop.py.
        .executableTarget(
            name: "ComponentBenchmarks",
            dependencies: [
                "PoAIPrimitives", "PoAITypes", "PoAIModel", "PoAIWork", "PoAIConsensus", "PoAIMempool", "PoAINode",
            ],
            path: "Benchmarks/Components", swiftSettings: strict),
        .executableTarget(
            name: "ImportBenchmark",
            dependencies: [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIChain",
            ],
            path: "Benchmarks/Import", swiftSettings: strict),
        .executableTarget(
            name: "NetworkBenchmark",
            dependencies: [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIChain", "PoAIMempool", "LibP2P",
                "PoAINetwork", "PoAINode",
            ] + swiftNIOTransport,
            path: "Benchmarks/Network", swiftSettings: strict),
        .executableTarget(
            name: "LibP2PPeer", dependencies: ["LibP2P", swiftCrypto], path: "Tools/LibP2PPeer", swiftSettings: strict),
        .executableTarget(
            name: "NetworkAdversary",
            dependencies: [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIChain", "LibP2P", "PoAINetwork",
                "PoAINode",
            ],
            path: "Tools/NetworkAdversary", swiftSettings: strict),
        .executableTarget(
            name: "SyncBenchmark",
            dependencies: [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIChain", "LibP2P", "PoAINetwork",
                "PoAINode",
            ],
            path: "Benchmarks/Sync", swiftSettings: strict),

        .target(
            name: "PoAITestSupport", dependencies: ["PoAIPrimitives"], swiftSettings: strict),
        tests("PoAIPrimitives"),
        tests("PoAIJSON"),
        tests("PoAIModel", ["PoAIPrimitives"]),
        tests("PoAIInference", ["CKernels", "PoAIPrimitives", "PoAIModel"], hasResources: true),
        tests("PoAITypes", ["PoAIPrimitives", "PoAIJSON"]),
        tests("PoAIWork", ["PoAIPrimitives", "PoAIModel", "PoAIInference", "PoAITypes"], hasResources: true),
        tests("PoAIConsensus", ["PoAIPrimitives", "PoAITypes", "PoAIWork"]),
        tests("PoAITrie", ["PoAIPrimitives", "PoAITypes"]),
        tests("PoAIEVM", ["PoAIPrimitives", "PoAITypes", "PoAIJSON", "PoAITrie"]),
        tests("PoAIStateTest", ["PoAIPrimitives", "PoAIJSON"]),
        tests("PoAIStorage", ["PoAIPrimitives", "PoAITypes", "PoAITrie"]),
        tests(
            "PoAIChain",
            [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIStorage", "PoAIInference",
            ]),
        tests("PoAIMempool", ["PoAIPrimitives", "PoAITypes"]),
        tests(
            "LibP2P", ["CSecp256k1", "PoAIPrimitives"],
            external: [swiftCrypto, swiftCryptoExtras, swiftProtobuf, swiftNIOEmbedded] + swiftNIOTransport),
        tests(
            "PoAINetwork",
            [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAIStorage", "PoAIChain", "PoAIMempool",
                "LibP2P",
            ]),
        tests(
            "PoAINode",
            [
                "PoAIPrimitives", "PoAITypes", "PoAIWork", "PoAIInference", "PoAIModel", "PoAIChain", "PoAIMempool",
                "PoAINetwork", "PoAIRPC", "PoAIJSON",
            ],
            external: [swiftCrypto]),
        tests(
            "PoAIRPC",
            [
                "PoAIPrimitives", "PoAIJSON", "PoAITypes", "PoAIWork", "PoAIConsensus", "PoAITrie", "PoAIEVM",
                "PoAIStorage", "PoAIChain",
            ],
            external: swiftNIO),
        tests("PoAIWallet", ["PoAIPrimitives", "PoAIJSON", "PoAITypes"]),
        tests("PoAICommands", ["PoAIPrimitives", "PoAIInference", "PoAINode", "PoAIJSON", "PoAITypes", "PoAIWallet"]),
    ]
)
