import NIOCore

/// First in, first out, without moving everything at each removal. What was taken is not held on to.
struct YamuxQueue<Element: Sendable>: Sendable {
    /// From `head` on they are all there.
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }
    /// In order, first in first.
    var contents: [Element] { elements[head...].compactMap(\.self) }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard head < elements.count else { return nil }
        let element = elements[head].take()
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
        elements = contents.filter { !isRemoved($0) }
        head = 0
    }

    /// Changes the last element. Without one nothing happens.
    mutating func changeLast(_ body: (inout Element) -> Void) {
        guard head < elements.count, var last = elements[elements.count - 1].take() else { return }
        body(&last)
        elements[elements.count - 1] = last
    }
}

/// Bytes that are taken in the order in which they came. Long pieces are kept as they came, short ones are joined.
struct YamuxByteQueue: Sendable {
    /// Pieces up to this are joined, so that many of them do not cost more than their bytes.
    private static let shortPiece = 4096

    private var pieces = YamuxQueue<ArraySlice<UInt8>>()
    private var isLastShort = false
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func append(_ more: ArraySlice<UInt8>) {
        guard !more.isEmpty else { return }
        count += more.count
        let isShort = more.count <= Self.shortPiece
        if isShort, isLastShort, !pieces.isEmpty {
            pieces.changeLast { $0 += more }
        } else {
            pieces.append(isShort ? ArraySlice(Array(more)) : more)
        }
        isLastShort = isShort
    }

    /// Moves the first bytes to `buffer`, at most so many.
    mutating func move(_ most: Int, to buffer: inout ByteBuffer) {
        var left = min(max(most, 0), count)
        count -= left
        while left > 0, let first = pieces.popFirst() {
            let part = first.prefix(left)
            buffer.writeBytes(part)
            left -= part.count
            if part.count < first.count { pieces.putBack(first.dropFirst(part.count)) }
        }
    }
}
