/// Code ready to run: zero bytes behind its end, so that the interpreter needs no check for it, and a map of where a jump
/// may go. Never changes after `analyze()`, which whoever runs it calls first.
final class Code {
    /// Zero bytes behind the end: the most that one instruction reads, and a STOP.
    static let padding = 33

    /// The code and its padding.
    let bytes: UnsafeMutablePointer<UInt8>
    /// Bytes of the code itself.
    let count: Int
    /// One bit a byte of code, set at every JUMPDEST that is no push data.
    private var destinations: UnsafeMutablePointer<UInt8>?

    init(_ code: UnsafeRawBufferPointer) {
        count = code.count
        bytes = .allocate(capacity: count + Self.padding)
        bytes.initialize(repeating: 0, count: count + Self.padding)
        UnsafeMutableRawBufferPointer(start: bytes, count: count).copyMemory(from: code)
    }

    deinit {
        bytes.deallocate()
        destinations?.deallocate()
    }

    static func copy(of code: [UInt8]) -> Code { code.withUnsafeBytes { Code($0) } }

    /// The code without its padding.
    var array: [UInt8] { Array(UnsafeBufferPointer(start: bytes, count: count)) }

    /// Memory it takes, analysed.
    var footprint: Int { count + Self.padding + count / 8 + 1 }

    /// The map of destinations, made at the first call.
    func analyze() -> UnsafePointer<UInt8> {
        if let destinations { return UnsafePointer(destinations) }
        let map = UnsafeMutablePointer<UInt8>.allocate(capacity: count / 8 + 1)
        map.initialize(repeating: 0, count: count / 8 + 1)
        var index = 0
        while index < count {
            let byte = bytes[index]
            if byte == 0x5b {
                map[index &>> 3] |= 1 &<< UInt8(truncatingIfNeeded: index & 7)
            } else if byte &- 0x60 < 32 {
                index &+= Int(byte &- 0x5f)
            }
            index &+= 1
        }
        destinations = map
        return UnsafePointer(map)
    }
}
