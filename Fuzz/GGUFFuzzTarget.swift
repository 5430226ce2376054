// Fuzz target of the GGUF reader and the tokenizer, for libFuzzer; scripts/fuzz_gguf.sh builds it together with the sources of
// PoAIModel and runs it. A finding is any trap: on whatever bytes, the reader must succeed or throw.

import Glibc

/// One file without a name that is written again for each input and opened through its descriptor.
private let descriptor: CInt = {
    var template = Array("/tmp/gguf-fuzz-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    unlink(template)
    return file
}()

/// Called by libFuzzer with one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, count, 0) == count else { return 0 }
    try? GGUFExercise.run(path: "/proc/self/fd/\(descriptor)")
    return 0
}
