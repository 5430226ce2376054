import PoAIPrimitives
import PoAITypes

#if canImport(Glibc)
    import Glibc
#endif

/// Why kept headers cannot be written or used: one line.
public struct HeadersFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// File, what is wrong, what happens now.
    public let description: String
}

/// Headers that are not stored yet, kept in the data folder over a restart. RLP
/// `[version, genesisHash, headers, checksum]`; the checksum is the Keccak-256 of the encodings before it.
public struct HeadersFile: Sendable {
    /// What the file is called.
    public static let name = "sync-headers.rlp"
    static let version: UInt64 = 1
    static let byteLimit = 128 << 20

    private let path: String
    private let genesis: Hash32

    /// The file in `folder` for the chain that begins with `genesis`.
    public init(folder: String, genesis: Hash32) { (path, self.genesis) = (folder + "/" + Self.name, genesis) }

    /// Puts headers into the file: whoever opens it finds the old ones or the new ones, even after a crash.
    /// - Throws: when it cannot be written.
    public func write(_ headers: [BlockHeader]) throws(HeadersFileError) {
        let partial = path + ".part"
        do throws(HeadersFileError) {
            try write(Self.encode(headers, genesis: genesis), to: partial)
            guard rename(partial, path) == 0 else { throw failure("rename", partial) }
        } catch {
            unlink(partial)
            throw error
        }
        let folder = String(path.dropLast(Self.name.count + 1))
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", folder) }
    }

    /// The headers; none if there is no file.
    /// - Throws: when it cannot be read, is damaged, or belongs to another chain; `remove` it then.
    public func read() throws(HeadersFileError) -> [BlockHeader] {
        guard let bytes = try contents() else { return [] }
        guard let content = try? Self.content(of: bytes) else {
            throw HeadersFileError(description: "\(path) is damaged: its headers are fetched again")
        }
        guard content.version == Self.version else {
            throw HeadersFileError(description: "\(path) is of another version: its headers are fetched again")
        }
        guard content.genesis == genesis else {
            throw HeadersFileError(description: "\(path) belongs to another chain: it is not used")
        }
        return content.headers
    }

    private struct Damage: Error {}

    /// The bytes of a file with these headers.
    static func encode(_ headers: [BlockHeader], genesis: Hash32) -> [UInt8] {
        var payload = RLP.encode(.uint(version)) + RLP.encode(.hash(genesis))
        payload += RLP.encode(listPayload: headers.flatMap { $0.rlpEncoded() })
        payload += RLP.encode(.hash(Keccak256.hash(payload)))
        return RLP.encode(listPayload: payload)
    }

    /// What the bytes of a file hold; throws when they are damaged.
    static func content(
        of bytes: [UInt8]
    ) throws -> (version: UInt64, genesis: Hash32, headers: [BlockHeader]) {
        let parts = try RLP.split(list: bytes[...])
        guard parts.count == 4 else { throw Damage() }
        let checksum = try RLP.decode(Array(parts[3])).hash32()
        guard Keccak256.hash(Array(parts[0] + parts[1] + parts[2])) == checksum else { throw Damage() }
        return (
            try RLP.decode(Array(parts[0])).uint64(), try RLP.decode(Array(parts[1])).hash32(),
            try RLP.split(list: parts[2]).map { try BlockHeader(rlp: $0) }
        )
    }

    /// Removes the file, if there is one.
    public func remove() { unlink(path) }

    private func failure(_ operation: String, _ path: String) -> HeadersFileError {
        HeadersFileError(description: "cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }

    private func write(_ bytes: [UInt8], to path: String) throws(HeadersFileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { close(descriptor) }
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if put < 0, errno == EINTR { continue }
            guard put >= 0 else { throw failure("write", path) }
            done += put
        }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    private func contents() throws(HeadersFileError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let got = chunk.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw failure("read", path) }
            if got == 0 { return bytes }
            bytes += chunk[..<got]
            guard bytes.count <= Self.byteLimit else {
                throw HeadersFileError(description: "\(path) has more than \(Self.byteLimit) bytes: it is not used")
            }
        }
    }
}
