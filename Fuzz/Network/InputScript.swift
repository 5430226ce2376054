/// Reads a fuzz input as a program of choices and runs of bytes. After its end every choice is 0 and every run empty.
struct InputScript {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    var isEmpty: Bool { rest.isEmpty }

    /// The next byte.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    /// A number in 0..<bound, which is at most 256.
    mutating func below(_ bound: Int) -> Int { Int(byte()) % bound }

    /// A number of 16 bits.
    mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }

    /// So many bytes, or as many as there are.
    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    /// A run of bytes with its length of 16 bits in front.
    mutating func run() -> [UInt8] { bytes(number()) }

    /// All that is left.
    mutating func remainder() -> [UInt8] { bytes(rest.count) }
}

/// The bytes in pieces of `length`, at least 1.
func pieces(_ bytes: [UInt8], of length: Int) -> [[UInt8]] {
    stride(from: 0, to: bytes.count, by: length).map { Array(bytes[$0...].prefix(length)) }
}

@_silgen_name("__sanitizer_get_current_allocated_bytes")
private func allocatedBytes() -> Int

/// Makes a value from foreign bytes; what it holds in memory is at most `factor` times their number, and a constant.
func bounded<Value, Failure: Error>(
    _ input: [UInt8], factor: Int, _ make: () throws(Failure) -> Value
) throws(Failure) -> Value {
    let before = allocatedBytes()
    let value = try make()
    let held = allocatedBytes() - before
    // The constant covers what is made once, such as tables.
    require(held <= factor * input.count + 1 << 18, "\(held) bytes are held for an input of \(input.count)")
    return value
}
