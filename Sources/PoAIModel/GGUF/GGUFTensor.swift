/// Where a tensor lies in the file, and what it is.
public struct GGUFTensor: Sendable, Hashable {
    /// For example `blk.0.attn_q.weight`.
    public let name: String
    /// The type of its elements.
    public let type: GGMLType
    /// 1 to 4 dimensions, each at least 1; the first is the length of a contiguous row (ggml's `ne[0]`).
    public let dimensions: [Int]
    /// Bytes from the start of the tensor data to this tensor; a multiple of the file's alignment.
    public let offset: Int
    /// Bytes it takes.
    public let byteCount: Int

    /// The product of the dimensions.
    public var elementCount: Int { byteCount / type.bytesPerBlock * type.blockSize }
}

extension GGUFTensor {
    static let maximumDimensions: UInt32 = 4
    static let maximumNameLength = 64

    /// Reads one entry of the tensor list and computes its size without overflow.
    init(reading cursor: inout GGUFCursor, alignment: Int) throws(GGUFError) {
        let file = cursor.file
        let name = try cursor.name("tensor name", limit: Self.maximumNameLength)

        let dimensionCount = try cursor.integer(UInt32.self, "tensor \(name)")
        guard (1...Self.maximumDimensions).contains(dimensionCount) else {
            throw file.error(
                .outOfRange(
                    thing: "number of dimensions of \(name)", got: UInt64(dimensionCount), expected: "1 to 4"))
        }
        var dimensions: [Int] = []
        var elements = 1
        for index in 0..<dimensionCount {
            let extent = try cursor.integer(UInt64.self, "tensor \(name)")
            guard extent > 0, let extentInt = Int(exactly: extent) else {
                throw file.error(
                    .outOfRange(thing: "dimension \(index) of \(name)", got: extent, expected: "1 to 2^63-1"))
            }
            let (product, overflow) = elements.multipliedReportingOverflow(by: extentInt)
            guard !overflow else {
                throw file.error(
                    .outOfRange(thing: "dimension \(index) of \(name)", got: extent, expected: "a 63-bit product"))
            }
            dimensions.append(extentInt)
            elements = product
        }

        let typeNumber = try cursor.integer(UInt32.self, "tensor \(name)")
        guard let type = GGMLType(rawValue: typeNumber) else {
            throw file.error(.unknownTensorType(tensor: name, got: typeNumber))
        }
        guard let row = dimensions.first, row % type.blockSize == 0 else {
            throw file.error(
                .outOfRange(
                    thing: "row length of \(name)", got: UInt64(dimensions.first ?? 0),
                    expected: "a multiple of \(type.blockSize) for \(type)"))
        }
        let (bytes, overflow) = (elements / type.blockSize).multipliedReportingOverflow(by: type.bytesPerBlock)
        guard !overflow else {
            throw file.error(
                .outOfRange(thing: "elements of \(name)", got: UInt64(elements), expected: "a 63-bit byte count"))
        }

        let offset = try cursor.integer(UInt64.self, "tensor \(name)")
        guard let offsetInt = Int(exactly: offset), offsetInt % alignment == 0 else {
            throw file.error(
                .outOfRange(thing: "offset of \(name)", got: offset, expected: "a multiple of \(alignment)"))
        }
        self.init(name: name, type: type, dimensions: dimensions, offset: offsetInt, byteCount: bytes)
    }
}
