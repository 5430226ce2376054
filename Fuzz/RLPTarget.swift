import PoAIPrimitives

/// The generic RLP decoder: what it accepts encodes to the same bytes, and the streaming length agrees with it.
enum RLPTarget {
    @Sendable static func run(_ input: [UInt8]) {
        let length = try? RLP.itemLength(prefix: input.prefix(9))
        do throws(RLPError) {
            let item = try RLP.decode(input)
            require(RLP.encode(item) == input, "what was accepted encodes to the same bytes")
            require(RLP.encodedLength(of: item) == input.count, "the length is foretold")
            require(length == input.count, "itemLength \(String(describing: length)) of \(input.count)")
            require(refuses(input + [0]) && refuses(input.dropLast()), "no byte more or less is accepted")
            exercise(item)
        } catch {
            requireOneLine(error)
            if case .trailingBytes(let count) = error {
                require(length == input.count - count, "itemLength \(String(describing: length)), \(count) left")
            }
        }
        limits(input)
    }

    private static func refuses(_ input: some Collection<UInt8>) -> Bool {
        (try? RLP.decode(Array(input))) == nil
    }

    /// The typed readings of an item: each gives back what it was made of.
    private static func exercise(_ item: RLPItem) {
        if let value = try? item.uint64() { require(RLPItem.uint(value) == item, "uint64 \(value)") }
        if let value = try? item.uint256() { require(RLPItem.uint(value) == item, "uint256 \(value)") }
        if let value = try? item.hash32() { require(RLPItem.hash(value) == item, "hash \(value)") }
        if let value = try? item.address() { require(RLPItem.address(value) == item, "address \(value)") }
        if let list = try? item.list() { for entry in list { exercise(entry) } }
    }

    /// Smaller limits refuse more and never accept something else.
    private static func limits(_ input: [UInt8]) {
        guard let item = try? RLP.decode(input, depthLimit: 2, itemLimit: 8) else { return }
        require((try? RLP.decode(input)) == item, "limits do not change the value")
        require(count(item) <= 8 && depth(item) <= 2, "limits hold")
    }

    private static func count(_ item: RLPItem) -> Int {
        guard case .list(let items) = item else { return 1 }
        return items.reduce(1) { $0 + count($1) }
    }

    private static func depth(_ item: RLPItem) -> Int {
        guard case .list(let items) = item else { return 0 }
        return 1 + (items.map(depth).max() ?? 0)
    }
}
