// The two functions that libFuzzer calls. One program holds all targets, so that it is built once; which of them runs is said
// by the environment variable POAI_FUZZ_TARGET. scripts/fuzz.sh builds and runs it.

import Glibc

/// What is fuzzed: `run` must return on whatever bytes. A finding is a trap, also of a check in the target itself.
struct FuzzTarget: Sendable {
    let name: String
    let run: @Sendable ([UInt8]) -> Void

    static let all = [
        FuzzTarget(name: "gguf", run: GGUFTarget.run),
        FuzzTarget(name: "rlp", run: RLPTarget.run),
        FuzzTarget(name: "header", run: HeaderTarget.run),
        FuzzTarget(name: "block", run: BlockTarget.run),
        FuzzTarget(name: "transaction", run: TransactionTarget.run),
        FuzzTarget(name: "receipt", run: ReceiptTarget.run),
        FuzzTarget(name: "chain_file", run: ChainFileTarget.run),
        FuzzTarget(name: "chain_spec", run: ChainSpecTarget.run),
        FuzzTarget(name: "compact_target", run: CompactTargetTarget.run),
        FuzzTarget(name: "rpc_request", run: RPCRequestTarget.run),
        FuzzTarget(name: "address", run: AddressTarget.run),
        FuzzTarget(name: "multistream", run: MultistreamTarget.run),
        FuzzTarget(name: "noise", run: NoiseTarget.run),
        FuzzTarget(name: "yamux", run: YamuxTarget.run),
        FuzzTarget(name: "identify", run: IdentifyTarget.run),
        FuzzTarget(name: "gossipsub", run: GossipTarget.run),
        FuzzTarget(name: "kademlia", run: KademliaTarget.run),
        FuzzTarget(name: "mdns", run: MDNSTarget.run),
        FuzzTarget(name: "wire", run: WireTarget.run),
    ]

    /// The one that was asked for.
    static let chosen: FuzzTarget = {
        let name = getenv("POAI_FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = all.first(where: { $0.name == name }) else {
            fatalError("POAI_FUZZ_TARGET is \"\(name)\"; the targets are: \(all.map(\.name).joined(separator: ", "))")
        }
        return target
    }()
}

/// Called by libFuzzer once; a wrong target ends the program before it takes the blame for an input.
@_cdecl("LLVMFuzzerInitialize")
public func fuzzInitialize(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    _ = FuzzTarget.chosen
    return 0
}

/// Called by libFuzzer with one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}

/// Stops with a message if something that must hold for every input does not.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
    if !holds { fatalError("broken: \(what())") }
}

/// An error for a person takes one line, whatever the input holds.
func requireOneLine(_ error: some Error) {
    let text = "\(error)"
    let control: [Unicode.GeneralCategory] = [.control, .lineSeparator, .paragraphSeparator]
    require(!text.unicodeScalars.contains { control.contains($0.properties.generalCategory) }, "one line: \(text)")
    require(!text.isEmpty && text.utf8.count < 1000, "a short line: \(text)")
}

/// One file without a name that is written again for each input and opened by the path of its descriptor.
enum ScratchFile {
    private static let descriptor: CInt = {
        let folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(folder)/poai-fuzz-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        unlink(template)
        return file
    }()

    /// The path of a file that holds exactly `bytes`; the next call replaces its content.
    static func path(holding bytes: [UInt8]) -> String {
        let written = ftruncate(descriptor, 0) == 0 ? pwrite(descriptor, bytes, bytes.count, 0) : -1
        guard written == bytes.count else { fatalError("cannot write a temporary file of \(bytes.count) bytes") }
        return "/proc/self/fd/\(descriptor)"
    }
}
