import PoAIPrimitives

import struct LibP2P.PeerID

extension TransactionRelay {
    /// What the relay keeps and does at most.
    public struct Limits: Sendable {
        /// Hashes that are remembered.
        public var known = 32_768
        /// Hashes that are being fetched or wait for it.
        public var wanted = 8192
        /// Of these, those of one peer.
        public var wantedPerPeer = 2048
        /// Peers that are tried for one hash.
        public var announcers = 4
        /// Requests that one peer has to answer at a time.
        public var requestsPerPeer = 1
        /// Requests to one peer: at once, and in a second.
        public var requests = (burst: 100, rate: 50)
        /// Unknown hashes of one peer that are looked at: at once, and in a second.
        public var announced = (burst: 4096, rate: 1000)
        /// Bytes that are fetched from one peer: at once, and in a second.
        public var bytes = (burst: 4 << 20, rate: 1 << 20)
        /// Peers.
        public var peers = 1024
        /// Hashes in a row that a peer may fail to deliver before it counts as silent.
        public var missed = 64
        /// Time for an answer.
        public var requestTime = Duration.seconds(8)
        /// Time after which a hash that no request could be made for is given up.
        public var wantTime = Duration.seconds(20)
        /// How long own transactions wait for others to be announced with.
        public var flushTime = Duration.milliseconds(200)
        /// How long what was taken is not fetched again after it left the pool.
        public var takenTime = Duration.seconds(600)
        /// How long what was refused is not fetched again.
        public var refusedTime = Duration.seconds(60)
        /// How long what there was no place for is not fetched again at first; it doubles each time, up to `refusedTime`.
        public var againTime = Duration.seconds(5)
        /// How long what is invalid is not fetched again.
        public var invalidTime = Duration.seconds(3600)

        /// The limits of docs/spec/network.md.
        public init() {}
    }

    /// A request to make.
    public struct Fetch: Hashable, Sendable {
        /// Its name.
        public var id: UInt64
        /// Whom to ask.
        public var peer: PeerID
        /// For what: 1 to 256 hashes.
        public var hashes: [Hash32]
    }

    /// What became of a wanted hash.
    public enum Outcome: Hashable, Sendable {
        /// It is in the pool, new.
        case added(size: Int)
        /// It was in the pool already, by another way.
        case known(size: Int)
        /// The pool does not want it.
        case refused(size: Int)
        /// It is invalid.
        case invalid
        /// Nobody delivered it.
        case missing

        /// Bytes of its envelope, if it was delivered.
        public var size: Int? {
            switch self {
            case .added(let size), .known(let size), .refused(let size): size
            case .invalid, .missing: nil
            }
        }
    }

    /// A wanted hash that is wanted no more.
    public struct Resolution: Hashable, Sendable {
        /// The hash.
        public var hash: Hash32
        /// What became of it.
        public var outcome: Outcome

        /// Puts the two together.
        public init(hash: Hash32, outcome: Outcome) {
            self.hash = hash
            self.outcome = outcome
        }
    }

    /// What to make of an answer.
    public struct Delivery: Hashable, Sendable {
        /// Hashes whose transactions go to the pool; `judged` must follow for each.
        public var taken: [Hash32] = []
        /// What went wrong with the peer, if anything.
        public var offence: Offence?
        /// Hashes that nobody is left to deliver.
        public var resolved: [Resolution] = []
    }
}
