import LibP2P
import NIOCore
import NIOPosix

/// A random connected graph: a ring through all nodes and random links beside, three links a node in all.
struct Topology {
    let links: [(from: Int, to: Int)]

    init(nodes: Int, degree: Int) {
        let ring = Array(0..<nodes).shuffled()
        var neighbours = [Set<Int>](repeating: [], count: nodes)
        var links: [(from: Int, to: Int)] = []
        func join(_ one: Int, _ other: Int) {
            guard one != other, neighbours[one].insert(other).inserted else { return }
            neighbours[other].insert(one)
            links.append(Bool.random() ? (one, other) : (other, one))
        }
        for position in ring.indices { join(ring[position], ring[(position + 1) % nodes]) }
        let wanted = min(nodes * degree / 2, nodes * (nodes - 1) / 2)
        while links.count < wanted { join(Int.random(in: 0..<nodes), Int.random(in: 0..<nodes)) }
        self.links = links
    }

    func degree(of node: Int) -> Int { links.count { $0.from == node || $0.to == node } }

    /// Links between the nodes that are farthest apart.
    func diameter(nodes: Int) -> Int {
        (0..<nodes).map { start in
            var reached: Set = [start]
            var steps = 0
            while reached.count < nodes {
                let crossing = links.filter { reached.contains($0.from) != reached.contains($0.to) }
                for link in crossing { reached.formUnion([link.from, link.to]) }
                steps += 1
            }
            return steps
        }.max() ?? 0
    }
}
