/// Writes GGUF version 3 files, right ones and, on request, wrong ones: nothing that is put in is checked.
public struct GGUFBuilder: Sendable {
    /// A metadata value.
    public indirect enum Value: Sendable {
        case uint8(UInt8)
        case uint32(UInt32)
        case uint64(UInt64)
        case int32(Int32)
        case float32(Float)
        case bool(Bool)
        case string(String)
        case strings([[UInt8]])
        case int32s([Int32])
        /// An array of arrays of uint8.
        case nested([Value])
        /// A value type number and the bytes that follow it.
        case raw(type: UInt32, bytes: [UInt8])
    }

    /// A tensor: its dimensions (row length first) and encoded bytes.
    public struct Tensor: Sendable {
        /// Name of the tensor.
        public var name: String
        /// ggml's type number.
        public var type: UInt32
        /// Row length first.
        public var dimensions: [UInt64]
        /// Encoded elements.
        public var data: [UInt8]
        /// Written in place of the offset at which `data` lands.
        public var offsetOverride: UInt64?

        /// A tensor placed behind the one before it.
        public init(name: String, type: UInt32, dimensions: [UInt64], data: [UInt8]) {
            self.name = name
            self.type = type
            self.dimensions = dimensions
            self.data = data
        }
    }

    /// The first four bytes.
    public var magic: [UInt8] = Array("GGUF".utf8)
    /// The format version.
    public var version: UInt32 = 3
    /// Metadata in file order.
    public var entries: [(key: String, value: Value)] = []
    /// Tensors in file order.
    public var tensors: [Tensor] = []
    /// Where tensor data is aligned to; write `general.alignment` into `entries` when it is not 32.
    public var alignment = 32
    /// Written in place of the number of tensors.
    public var tensorCountOverride: UInt64?
    /// Written in place of the number of metadata entries.
    public var entryCountOverride: UInt64?

    /// An empty file.
    public init() {}

    /// Replaces the value of `key`, or appends it.
    public mutating func set(_ key: String, _ value: Value) {
        if let index = entries.firstIndex(where: { $0.key == key }) {
            entries[index].value = value
        } else {
            entries.append((key, value))
        }
    }

    /// Removes `key`.
    public mutating func remove(_ key: String) { entries.removeAll { $0.key == key } }

    /// The header, metadata and tensor list without the tensor data.
    public func header() -> [UInt8] {
        var bytes = magic
        append(version, to: &bytes)
        append(tensorCountOverride ?? UInt64(tensors.count), to: &bytes)
        append(entryCountOverride ?? UInt64(entries.count), to: &bytes)
        for (key, value) in entries {
            append(Array(key.utf8), to: &bytes)
            append(typeNumber(value), to: &bytes)
            append(value, to: &bytes)
        }
        var offset: UInt64 = 0
        for tensor in tensors {
            append(Array(tensor.name.utf8), to: &bytes)
            append(UInt32(tensor.dimensions.count), to: &bytes)
            for dimension in tensor.dimensions { append(dimension, to: &bytes) }
            append(tensor.type, to: &bytes)
            append(tensor.offsetOverride ?? offset, to: &bytes)
            offset += UInt64(padded(tensor.data.count))
        }
        return bytes
    }

    /// The whole file.
    public func file() -> [UInt8] {
        var bytes = header()
        if !tensors.isEmpty { bytes.append(contentsOf: zeros(padded(bytes.count) - bytes.count)) }
        for tensor in tensors {
            bytes.append(contentsOf: tensor.data)
            bytes.append(contentsOf: zeros(padded(tensor.data.count) - tensor.data.count))
        }
        return bytes
    }

    private func padded(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    private func typeNumber(_ value: Value) -> UInt32 {
        switch value {
        case .uint8: 0
        case .uint32: 4
        case .int32: 5
        case .float32: 6
        case .bool: 7
        case .string: 8
        case .strings, .int32s, .nested: 9
        case .uint64: 10
        case .raw(let type, _): type
        }
    }

    private func append(_ value: Value, to bytes: inout [UInt8]) {
        switch value {
        case .uint8(let number): append(number, to: &bytes)
        case .uint32(let number): append(number, to: &bytes)
        case .uint64(let number): append(number, to: &bytes)
        case .int32(let number): append(number, to: &bytes)
        case .float32(let number): append(number.bitPattern, to: &bytes)
        case .bool(let truth): bytes.append(truth ? 1 : 0)
        case .string(let text): append(Array(text.utf8), to: &bytes)
        case .strings(let texts):
            append(UInt32(8), to: &bytes)
            append(UInt64(texts.count), to: &bytes)
            for text in texts { append(text, to: &bytes) }
        case .int32s(let numbers):
            append(UInt32(5), to: &bytes)
            append(UInt64(numbers.count), to: &bytes)
            for number in numbers { append(number, to: &bytes) }
        case .nested(let elements):
            append(elements.first.map(typeNumber) ?? 0, to: &bytes)
            append(UInt64(elements.count), to: &bytes)
            for element in elements { append(element, to: &bytes) }
        case .raw(_, let content): bytes.append(contentsOf: content)
        }
    }

    private func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        append(UInt64(text.count), to: &bytes)
        bytes.append(contentsOf: text)
    }

    private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        TensorEncoding.append(number, to: &bytes)
    }
}
