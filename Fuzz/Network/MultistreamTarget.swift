import LibP2P

/// Both sides of multistream-select: how the peer's bytes are cut changes nothing, and little is answered.
enum MultistreamTarget {
    private static let names = ["/noise", "/yamux/1.0.0", "/ipfs/id/1.0.0"]

    /// What a side did with all bytes.
    private struct Course: Equatable {
        var sent: [UInt8] = []
        var agreed: String?
        var rest: [UInt8] = []
        var error: MultistreamError?
    }

    @Sendable static func run(_ input: [UInt8]) {
        var script = InputScript(input)
        let length = 1 + script.below(64)
        let bytes = script.remainder()
        var listeners = (MultistreamListener(names), MultistreamListener(names))
        require(listeners.0.start() == listeners.1.start(), "one header")
        check(
            course([bytes]) { (part) throws(MultistreamError) in try listeners.0.receive(part) },
            course(pieces(bytes, of: length)) { (part) throws(MultistreamError) in try listeners.1.receive(part) },
            bytes)
        var dialers = (MultistreamDialer(names), MultistreamDialer(names))
        require(dialers.0.start() == dialers.1.start(), "one first proposal")
        check(
            course([bytes]) { (part) throws(MultistreamError) in try dialers.0.receive(part) },
            course(pieces(bytes, of: length)) { (part) throws(MultistreamError) in try dialers.1.receive(part) }, bytes)
    }

    private static func course(
        _ parts: [[UInt8]], _ receive: ([UInt8]) throws(MultistreamError) -> [MultistreamAction]
    ) -> Course {
        var course = Course()
        do throws(MultistreamError) {
            for part in parts {
                guard course.agreed == nil else {
                    course.rest += part
                    continue
                }
                for action in try receive(part) {
                    switch action {
                    case .send(let bytes): course.sent += bytes
                    case .agreed(let name, let leftOver): (course.agreed, course.rest) = (name, leftOver)
                    }
                }
            }
        } catch {
            requireOneLine(error)
            // Answers to lines before the bad one may be sent or not.
            course = Course(error: error)
        }
        return course
    }

    private static func check(_ whole: Course, _ cut: Course, _ bytes: [UInt8]) {
        require(whole == cut, "how the bytes are cut changes nothing: \(whole) \(cut)")
        require(whole.sent.count <= MultistreamListener.maximumProposals * 20, "few answers: \(whole.sent.count)")
        guard let agreed = whole.agreed else { return }
        require(names.contains(agreed), "a name that is spoken: \(agreed)")
        require(bytes.suffix(whole.rest.count).elementsEqual(whole.rest), "the rest is the end of the bytes")
    }
}
