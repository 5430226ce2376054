import CKernels

/// One implementation of the numeric contract: a table of functions for an instruction set. All give the same bytes.
public struct Kernel: Sendable, CustomStringConvertible {
    /// The C function table; immutable and valid for the life of the process, which makes sharing it safe.
    package nonisolated(unsafe) let functions: UnsafePointer<poai_kernels>

    /// A kernel from its function table, which must outlive it.
    package init(functions: UnsafePointer<poai_kernels>) { self.functions = functions }

    /// Its short name: "portable", "avx2" or "avx512vnni".
    public var name: String { String(cString: functions.pointee.name) }

    /// Same as `name`.
    public var description: String { name }

    /// Every kernel this CPU can run, slowest first.
    public static var available: [Kernel] {
        [poai_kernels_portable(), poai_kernels_avx2(), poai_kernels_avx512vnni()]
            .compactMap { pointer in pointer.map(Kernel.init(functions:)) }
    }

    /// The fastest kernel this CPU can run.
    public static var best: Kernel { available[available.count - 1] }

    /// The kernel of that name, or nil when this CPU has none.
    public static func named(_ name: String) -> Kernel? { available.first { $0.name == name } }
}
