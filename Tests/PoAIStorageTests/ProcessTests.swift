import Foundation
import PoAIPrimitives
import PoAIStorage
import PoAITestSupport
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// What needs a process of its own: limits of the system, and readers and writers side by side.
@Suite struct ProcessTests {
    /// The child writes until the file size limit stops it; what it acknowledged must be there, and nothing else.
    @Test func aFullDiskIsAnErrorAndLosesNothing() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(2) }
            let environment = try Environment(folder: path, mode: .readWrite, tables: testTableNames)
            let table = RawTable(.bodies)
            var acknowledged: UInt8 = 0
            do throws(StorageError) {
                while true {
                    try environment.write { (transaction) throws(StorageError) in
                        let value = StoredBytes([UInt8](repeating: acknowledged, count: 50_000))
                        try table.put(RawKey([acknowledged]), value, in: transaction)
                        return .commit(())
                    }
                    acknowledged += 1
                }
            } catch {
                guard case .diskFull(path, _, EFBIG) = error else { exit(3) }
            }
            guard acknowledged > 5 else { exit(4) }
            let found = try environment.read { (snapshot) throws(StorageError) in try content(table, snapshot) }
            guard found.map(\.0.keyBytes) == (0..<acknowledged).map({ [$0] }) else { exit(5) }
            for (key, value) in found where value.bytes != [UInt8](repeating: key.keyBytes[0], count: 50_000) {
                exit(6)
            }
        }
        let environment = try openEnvironment(folder)
        try environment.checkPages()
        let count = try environment.read { (snapshot) throws(StorageError) in
            try RawTable(.bodies).count(in: snapshot)
        }
        #expect(count > 5)
    }

    /// Another process reads consistent states while this one writes: both records of a commit are always equal.
    @Test func anotherProcessReadsWhileThisOneWrites() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        let environment = try openEnvironment(folder)
        let table = RawTable(.meta)
        let write = { @Sendable (round: Int) throws in
            try environment.write { (transaction) throws(StorageError) in
                let value = StoredBytes(Array("\(round)".utf8) + [UInt8](repeating: 0, count: round % 9000))
                try table.put(RawKey([1]), value, in: transaction)
                try table.put(RawKey([2]), value, in: transaction)
                return .commit(())
            }
        }
        try write(0)
        let marker = path + "/writer-failed"
        // A thread of its own: the test's tasks share few, which other tests may block.
        let stop = Atomic(false)
        let rounds = Atomic(0)
        let finished = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            while !stop.load(ordering: .relaxed), (try? write(rounds.load(ordering: .relaxed) + 1)) != nil {
                rounds.add(1, ordering: .relaxed)
            }
            if !stop.load(ordering: .relaxed) { _ = TestFile.write([], to: marker) }
            finished.signal()
        }
        // However slow this machine is: until the reader saw so many states, or the writer failed.
        await #expect(processExitsWith: .success) { [path = path as String, marker = marker as String] in
            let table = RawTable(.meta)
            let environment = try Environment(folder: path, mode: .readOnly, tables: testTableNames)
            var seen: Set<[UInt8]> = []
            while seen.count < 20 {
                guard access(marker, F_OK) != 0 else { exit(3) }
                try environment.read { (snapshot) throws(StorageError) in
                    let first = try table.get(RawKey([1]), in: snapshot)
                    let second = try table.get(RawKey([2]), in: snapshot)
                    guard let first, first == second else { exit(2) }
                    seen.insert(first.bytes)
                }
            }
            for _ in 0..<200 { try environment.checkPages() }
        }
        stop.store(true, ordering: .relaxed)
        finished.wait()
        #expect(rounds.load(ordering: .relaxed) >= 19)
        try environment.checkPages()
    }

    /// With a limited address space the database opens with a smaller map instead of not at all.
    @Test func littleAddressSpaceIsEnough() async throws {
        let folder = try TemporaryDirectory()
        let path = folder.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            var limit = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
            guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { exit(2) }
            let environment = try Environment(folder: path, mode: .readWrite, tables: testTableNames)
            try environment.write { (transaction) throws(StorageError) in
                try RawTable(.bodies).put(RawKey([1]), StoredBytes([1]), in: transaction)
                return .commit(())
            }
        }
        let environment = try openEnvironment(folder, mode: .readOnly)
        let count = try environment.read { (snapshot) throws(StorageError) in
            try RawTable(.bodies).count(in: snapshot)
        }
        #expect(count == 1)
    }
}
