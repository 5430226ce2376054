extension KademliaTable {
    /// What holds between any two calls, checked the slow way; for tests.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        func require(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
        var sums: [KademliaGroup: Int] = [:]
        for (place, bucket) in buckets.enumerated() {
            require(bucket.entries.count <= limits.bucketSize, "bucket size")
            require(bucket.replacements.count <= limits.replacements, "replacements")
            let all = bucket.entries + bucket.replacements
            require(Set(all.map(\.peer.id)).count == all.count, "twice")
            for entry in all {
                require(place == self.place(of: entry.key) && entry.key == hash(entry.peer.id), "place")
                require(entry.failures < limits.failures, "failures")
            }
            for entry in bucket.entries {
                sums[entry.group, default: 0] += 1
                let isFew = bucket.count(of: entry.group) <= limits.groupInBucket
                require(limits.isExempt(entry.group) || isFew, "group in bucket")
            }
        }
        require(sums == groups, "groups")
        require(groups.allSatisfy { limits.isExempt($0.key) || $0.value <= limits.groupInTable }, "group in table")
        return broken
    }
}

extension KademliaLookup {
    /// What holds between any two calls, checked the slow way; for tests.
    package var brokenInvariants: [String] {
        var broken: [String] = []
        func require(_ condition: Bool, _ name: String) { if !condition { broken.append(name) } }
        var asked = 0
        for (index, path) in paths.enumerated() {
            let distances = path.candidates.map(\.distance)
            require(distances == distances.sorted(), "order")
            require(Set(path.candidates.map(\.peer.id)).count == path.candidates.count, "twice")
            require(path.candidates.count <= limits.candidatesPerPath, "candidates")
            require(path.queries <= limits.queriesPerPath, "queries")
            for candidate in path.candidates {
                require(candidate.peer.addresses.count <= limits.addresses, "addresses")
                require(candidate.peer.id != ownID, "own")
                guard candidate.state != .waiting, candidate.state != .failed else { continue }
                asked += 1
                require(owners[candidate.peer.id] == index, "disjoint")
            }
            let underWay = path.candidates.count { if case .asked = $0.state { true } else { false } }
            require(underWay <= limits.parallelism, "parallelism")
        }
        require(asked == owners.count, "owners")
        require(isFinished == (nextDeadline == nil), "deadline")
        return broken
    }
}
