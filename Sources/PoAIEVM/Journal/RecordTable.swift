import PoAIPrimitives

/// A word within something numbered: a slot of an account, or an address alone.
struct RecordKey: BitwiseCopyable {
    let word: UInt256
    let scope: UInt32

    @inline(__always)
    func matches(_ other: RecordKey) -> Bool {
        scope == other.scope && word == other.word
    }
}

/// What a `RecordTable` holds.
protocol Record: BitwiseCopyable {
    var key: RecordKey { get }
}

/// Records numbered in the order of their insertion, found by key through open addressing. Nothing is removed but
/// everything at once.
struct RecordTable<Element: Record>: ~Copyable {
    private let hash = SeededHash()
    private var records: UnsafeMutablePointer<Element>
    /// Number of the record plus one, 0 for none. As many as `mask` + 1, at least twice the records.
    private var buckets: UnsafeMutablePointer<UInt32>
    private var mask: Int
    private(set) var count = 0

    init(capacity: Int = 32) {
        var size = 16
        while size < 2 * capacity { size *= 2 }
        mask = size - 1
        records = .allocate(capacity: size / 2)
        buckets = .allocate(capacity: size)
        buckets.initialize(repeating: 0, count: size)
    }

    deinit {
        records.deallocate()
        buckets.deallocate()
    }

    /// The record with that number, which must exist.
    @inline(__always)
    subscript(_ index: Int) -> Element {
        @inline(__always) unsafeAddress { UnsafePointer(records + index) }
        @inline(__always) unsafeMutableAddress { records + index }
    }

    /// Number of the record with `key`.
    @inline(__always)
    func find(_ key: RecordKey) -> Int? {
        var place = Int(truncatingIfNeeded: hash(key.word, key.scope)) & mask
        while true {
            let number = Int(buckets[place])
            if number == 0 { return nil }
            if records[number &- 1].key.matches(key) { return number &- 1 }
            place = (place &+ 1) & mask
        }
    }

    /// Adds a record whose key is not there yet.
    /// - Returns: its number.
    @inline(never)
    mutating func insert(_ record: Element) -> Int {
        if 2 * (count + 1) > mask + 1 { grow() }
        (records + count).initialize(to: record)
        count += 1
        link(count)
        return count - 1
    }

    /// Removes all records. Keeps little room only, so that emptying costs no more than the filling did.
    mutating func removeAll() {
        if count == 0 { return }
        if mask >= 1024 {
            self = RecordTable()
        } else {
            buckets.update(repeating: 0, count: mask + 1)
            count = 0
        }
    }

    private mutating func link(_ number: Int) {
        let key = records[number - 1].key
        var place = Int(truncatingIfNeeded: hash(key.word, key.scope)) & mask
        while buckets[place] != 0 { place = (place &+ 1) & mask }
        buckets[place] = UInt32(truncatingIfNeeded: number)
    }

    private mutating func grow() {
        let size = 2 * (mask + 1)
        let larger = UnsafeMutablePointer<Element>.allocate(capacity: size / 2)
        larger.moveInitialize(from: records, count: count)
        records.deallocate()
        records = larger
        buckets.deallocate()
        buckets = .allocate(capacity: size)
        buckets.initialize(repeating: 0, count: size)
        mask = size - 1
        for number in stride(from: 1, through: count, by: 1) { link(number) }
    }
}
