import CKernels
import Foundation
import PoAIInference
import PoAIModel
import PoAIPrimitives
import PoAITestSupport

/// Bit patterns of floats; every NaN as one and the same, since the contract leaves payload and sign of a NaN open.
func bits(_ values: [Float]) -> [UInt32] { values.map { $0.isNaN ? 0x7FC0_0000 : $0.bitPattern } }

extension DeterministicRandom {
    /// Any finite float, all exponents equally often, subnormals and both zeros included.
    mutating func anyFinite() -> Float {
        let value = Float(bitPattern: UInt32(truncatingIfNeeded: next()))
        return value.isFinite ? value : Float(bitPattern: value.bitPattern & 0x807F_FFFF)
    }

    /// Kinds of rows that kernels meet or may get wrong.
    mutating func row(_ count: Int, _ kind: RowKind) -> [Float] {
        switch kind {
        case .ordinary: return (0..<count).map { _ in unit() }
        case .wide: return (0..<count).map { _ in anyFinite() }
        case .subnormal: return (0..<count).map { _ in Float(bitPattern: UInt32(next() & 0x807F_FFFF)) }
        case .zero: return (0..<count).map { _ in next() & 1 == 0 ? 0 : -0.0 }
        case .ties:
            // amax 127 makes the inverse 1, so that halves are exact ties and 127 the largest quant.
            return (0..<count).map { $0 % 32 == 5 ? (next() & 1 == 0 ? 127 : -127) : Float(below(509) - 254) / 2 }
        case .tiny:
            // Around the threshold of 2⁻⁸⁰ below which a block counts as zero.
            return (0..<count).map { _ in Float(bitPattern: UInt32(0x177F_FFF0 + below(32))) }
        case .outlier: return (0..<count).map { $0 % 32 == 31 ? unit() * 1e30 : unit() * 1e-3 }
        }
    }
}

enum RowKind: CaseIterable { case ordinary, wide, subnormal, zero, ties, tiny, outlier }

/// The real model, loaded once for all tests.
enum RealModel {
    static let shared = Result {
        try ExactModel(file: try GGUFFile(path: DefaultModel.path), expectedSHA256: nil, threads: 2)
    }
}

/// A file of Tests/PoAIInferenceTests/Resources.
func resource(_ name: String) throws -> Data {
    try Data(contentsOf: PackageRoot.file("Tests/PoAIInferenceTests/Resources/\(name)"))
}

/// A model from the bytes of a GGUF file.
func model(_ bytes: [UInt8], expected: Hash32? = nil) throws -> ExactModel {
    let file = ScratchFile(bytes)
    return try ExactModel(file: try GGUFFile(path: file.path), expectedSHA256: expected, threads: 2)
}
