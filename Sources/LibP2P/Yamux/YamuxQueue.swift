/// First in, first out, without moving everything at each removal.
struct YamuxQueue<Element: Sendable>: Sendable {
    private var elements: [Element] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }
    /// In order, first in first.
    var contents: ArraySlice<Element> { elements[head...] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head]
        head += 1
        if head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Puts an element before all others.
    mutating func putBack(_ element: Element) {
        guard head > 0 else { return elements.insert(element, at: 0) }
        head -= 1
        elements[head] = element
    }

    mutating func removeAll(where isRemoved: (Element) -> Bool) {
        elements.removeFirst(head)
        head = 0
        elements.removeAll(where: isRemoved)
    }

}

/// Bytes that are taken in the order in which they came.
struct YamuxByteQueue: Sendable {
    private var bytes: [UInt8] = []
    private var head = 0

    var count: Int { bytes.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: [UInt8]) { bytes += more }

    /// The first bytes, at most so many.
    mutating func take(_ most: Int) -> [UInt8] {
        let end = head + min(max(most, 0), count)
        let taken = Array(bytes[head..<end])
        head = end
        if head * 2 >= bytes.count {
            bytes.removeFirst(head)
            head = 0
        }
        return taken
    }
}
