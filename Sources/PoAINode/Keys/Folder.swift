import Foundation

/// Why a folder could not be made; `code` is the errno.
struct FolderError: Error, Equatable {
    let path: String
    let code: Int32
}

/// Folders in the file system.
enum Folder {
    /// Makes a folder, and those above it, unless it is there.
    static func make(_ path: String, mode: mode_t) throws(FolderError) {
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

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
