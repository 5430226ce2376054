#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A whole regular file mapped read-only. The bytes stay valid as long as the object lives.
///
/// The file must not be shortened while it is mapped: the system answers a read behind its new end with a signal, not with
/// an error. Replace a model by renaming a new file over the old one, which leaves the mapping intact.
package final class MappedFile: Sendable {
    /// The path as given.
    package let path: String
    /// The file's bytes.
    nonisolated(unsafe) package let bytes: UnsafeRawBufferPointer

    /// Maps the file at `path`. An empty file gives an empty buffer.
    package init(path: String) throws(GGUFError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GGUFError(path: path, fault: .system(call: "open", errno: errno)) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw GGUFError(path: path, fault: .system(call: "fstat", errno: errno))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw GGUFError(path: path, fault: .notARegularFile) }

        let size = Int(status.st_size)
        self.path = path
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address, address != MAP_FAILED else {
            throw GGUFError(path: path, fault: .system(call: "mmap", errno: errno))
        }
        bytes = UnsafeRawBufferPointer(start: address, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }

    /// Length in bytes.
    package var size: Int { bytes.count }

    /// Lets the system drop the resident pages; they are read from the file again when touched.
    func adviseDontNeed() {
        guard let start = bytes.baseAddress else { return }
        _ = madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, MADV_DONTNEED)
    }

    /// An error about this file.
    func error(_ fault: GGUFError.Fault) -> GGUFError { GGUFError(path: path, fault: fault) }
}
