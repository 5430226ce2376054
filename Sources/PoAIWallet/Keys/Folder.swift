import Foundation

/// Why a folder could not be made; `code` is the errno.
package struct FolderError: Error, Equatable {
    /// The folder.
    package let path: String
    /// The operating system's reason.
    package let code: Int32
}

/// Folders in the file system.
package enum Folder {
    /// Makes a folder, and those above it, unless it is there.
    package static func make(_ path: String, mode: mode_t) throws(FolderError) {
        if mkdir(path, mode) == 0 { return }
        let code = errno
        switch code {
        case EEXIST:
            guard isFolder(path) else { throw FolderError(path: path, code: ENOTDIR) }
        case ENOENT:
            let parent = (path as NSString).deletingLastPathComponent
            guard !parent.isEmpty, parent != path else { throw FolderError(path: path, code: code) }
            try make(parent, mode: mode)
            guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FolderError(path: path, code: errno) }
        default:
            throw FolderError(path: path, code: code)
        }
    }

    /// Whether there is a folder of this name.
    package static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes what was changed in the folder last through a power cut.
    static func sync(_ path: String) throws(KeyFileError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(path: path, operation: "open", code: errno) }
        defer { close(descriptor) }
        // Some file systems cannot sync folders and say so with EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw .system(path: path, operation: "write", code: errno)
        }
    }
}
