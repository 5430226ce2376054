import PoAIPrimitives

/// Why a model file cannot be used for exact inference, beyond what `GGUFError` covers.
public enum ModelError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's SHA-256 is not the one the chain spec pins.
    case wrongHash(path: String, got: Hash32, expected: Hash32)
    /// A tensor has a type that the engine has no formula for.
    case unsupportedTensorType(tensor: String, type: String)
    /// A matrix is not two-dimensional or its rows are not a multiple of 32 long.
    case unsupportedShape(tensor: String, dimensions: [Int])
    /// The head size is not one the engine computes.
    case unsupportedHeadSize(got: Int)
    /// A weight, scale or minimum is NaN or infinite.
    case notFinite(tensor: String)

    /// The error in one line, with the way out.
    public var description: String {
        switch self {
        case .wrongHash(let path, let got, let expected):
            "model \(path): SHA-256 is \(got.hex), the chain pins \(expected.hex); fetch it again with 'poaid model fetch'"
        case .unsupportedTensorType(let tensor, let type):
            "model tensor \(tensor) has type \(type); the exact engine computes Q4_0, Q4_1, Q8_0, F16 and F32"
        case .unsupportedShape(let tensor, let dimensions):
            "model tensor \(tensor) has dimensions \(dimensions); rows must be a multiple of 32 long"
        case .unsupportedHeadSize(let got):
            "model has heads of \(got) elements, not all rotated or not a power of two from 16; the exact engine needs that"
        case .notFinite(let tensor):
            "model tensor \(tensor) holds NaN or infinity; the file is damaged: fetch it again with 'poaid model fetch'"
        }
    }
}
