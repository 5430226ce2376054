"""Parts of the interop test on gossipsub: messages across three implementations, leaving and coming back, and a peer by
hand that forges, floods, and sends too much."""

import os
import time

from interop_adversary import MOST_MEMORY, is_cut_off
from interop_mesh import MeshPeer
from interop_noise import RawPeer
from interop_peers import eventually, ours
from interop_wire import from_base58, message, uvarint

TOPIC, OTHER = "interop/blocks", "interop/pool"
FORGOTTEN = 6.0  # seconds after which py-libp2p replays a message to nobody: 3 heartbeats, and some


def gossip(checks, go, python):
    """py-libp2p — ours — go-libp2p — ours: a message has to pass through two others to reach the far end."""
    checks.group("gossip")
    with ours("--gossip") as center, ours("--gossip") as edge:
        center.connect(go.address)
        edge.connect(go.address)
        python.connect(center.address)
        everybody = [center, go, python, edge]
        for topic in (TOPIC, OTHER):
            # py-libp2p prunes who grafts it before it has quite joined, for a minute; so it joins first.
            for peer in (python, center, go, edge):
                peer.subscribe(topic)
            meshes(checks, center, edge, go, python, topic)
        versions(checks, center, go, python)
        for size in (32, 900, 5000, 100_000):
            spread(checks, everybody, TOPIC, size)
        spread(checks, [edge, go, center], TOPIC, 1_000_000)
        leave(checks, center, go, python, edge)
        come_back(checks, everybody)
        forged(checks, center, go, python, edge)
        flood(checks, center)
        oversized(checks, center)
        for peer in (center, edge):
            checks.check("ours runs", peer.crash() is None, peer.crash())
            peak = peer.memory("VmHWM")
            checks.check("memory", peak < 2 * MOST_MEMORY, f"{peak:.0f} MiB")


def mesh(peer, topic):
    return set(peer.call("mesh", topic=topic)["peers"])


def meshes(checks, center, edge, go, python, topic):
    """Every link of ours is in the mesh, seen from both ends where both tell."""
    wanted = {go.id, python.id}
    checks.check(f"{topic}: mesh of ours", eventually(lambda: mesh(center, topic) == wanted), mesh(center, topic))
    checks.check(f"{topic}: mesh of the edge", eventually(lambda: mesh(edge, topic) == {go.id}), mesh(edge, topic))
    there = eventually(lambda: center.id in mesh(python, topic))
    checks.check(f"{topic}: py-libp2p has ours in its mesh", there, mesh(python, topic))
    both = eventually(lambda: {center.id, edge.id} <= set(go.topic_peers(topic)))
    checks.check(f"{topic}: go-libp2p knows ours", both, go.topic_peers(topic))


def versions(checks, center, go, python):
    """1.2 with py-libp2p; go-libp2p has no 1.2, so 1.1."""
    spoken = python.call("mesh", topic=TOPIC)["protocols"]
    checks.check("py-libp2p speaks 1.2 with ours", "/meshsub/1.2.0" in spoken, spoken)
    checks.check("go-libp2p has no 1.2", "/meshsub/1.2.0" not in center.identity(go.id)["protocols"])
    for version, proposed in (
        ("/meshsub/1.1.0", ["/meshsub/1.2.0", "/meshsub/1.1.0"]),
        ("/meshsub/1.0.0", ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"]),
    ):
        with MeshPeer(center.address, version) as peer:
            peer.take_until(lambda: any(1 in rpc for rpc in peer.rpcs))
            heard = [name for name in peer.proposed if "meshsub" in name]
            checks.check(f"ours falls back to {version}", heard == proposed and peer.rpcs, heard)


def spread(checks, peers, topic, size):
    """Everybody publishes one message; all others get each exactly once."""
    sent = {peer.name + str(number): os.urandom(size) for number, peer in enumerate(peers)}
    for peer, data in zip(peers, sent.values()):
        peer.publish(topic, data)
    for peer, own in zip(peers, sent.values()):
        others = [data for data in sent.values() if data != own]
        arrived = eventually(lambda: all(data in peer.messages(topic) for data in others))
        checks.check(f"{peer.name} gets {len(others)} messages of {size} bytes", arrived)
        twice = [data for data in others if peer.messages(topic).count(data) > 1]
        checks.check(f"{peer.name} gets none twice", not twice, len(twice))


def leave(checks, center, go, python, edge):
    """Ours leaves one topic; the two others leave the other one. Then they all join again.

    When ours joins, py-libp2p replays it the last messages from a task of its own, in the midst of whose bytes it may write
    another RPC (docs/spec/network.md, "Other implementations"); so ours comes back when there is nothing to replay."""
    center.unsubscribe(TOPIC)
    go.unsubscribe(OTHER)
    python.unsubscribe(OTHER)
    gone = eventually(lambda: center.id not in go.topic_peers(TOPIC) and center.id not in mesh(python, TOPIC))
    checks.check("ours leaves: the others prune it", gone, go.topic_peers(TOPIC))
    checks.check("the others leave: ours prunes them", eventually(lambda: not mesh(center, OTHER)), mesh(center, OTHER))
    data = os.urandom(64)
    go.publish(TOPIC, data)
    checks.check("others still get messages", eventually(lambda: data in edge.messages(TOPIC)))
    checks.check("ours gets none", data not in center.messages(TOPIC))
    time.sleep(FORGOTTEN)
    center.subscribe(TOPIC)
    go.subscribe(OTHER)
    python.subscribe(OTHER)


def come_back(checks, peers):
    """Once the backoff of 10 s is over the meshes are as before, and messages pass through all of them."""
    center, go, python, edge = peers
    for topic in (TOPIC, OTHER):
        meshes(checks, center, edge, go, python, topic)
        spread(checks, peers, topic, 64)


def forged(checks, center, go, python, edge):
    """A message whose fields were changed after it was signed reaches nobody; a good one before and after it does."""

    def another(parts):
        with RawPeer(center.address) as stranger:
            return parts | {1: from_base58(stranger.id)}

    changes = {
        "data": lambda parts: parts | {2: parts[2][:-1] + bytes([parts[2][-1] ^ 1])},
        "signature": lambda parts: parts | {5: bytes([parts[5][0] ^ 1]) + parts[5][1:]},
        "number": lambda parts: parts | {3: parts[3][:-1] + bytes([parts[3][-1] ^ 1])},
        "topic": lambda parts: parts | {4: TOPIC if parts[4] == OTHER else OTHER},
        "publisher": another,
        "no signature": lambda parts: {name: value for name, value in parts.items() if name != 5},
    }
    for name, change in changes.items():
        with MeshPeer(center.address) as peer, MeshPeer(center.address) as later:
            for one in (peer, later):  # ours reads from a peer that it can write to
                one.take_until(lambda: one.rpcs)
            peer.subscribe(TOPIC)
            first, bad, last = (os.urandom(40) for _ in range(3))
            peer.send((2, peer.signed(TOPIC, first)))
            peer.send((2, peer.signed(TOPIC, bad, change)))
            peer.take_until(lambda: False, 0.3)
            later.send((2, later.signed(TOPIC, last)))
            for one in (center, go, python, edge):
                arrived = eventually(lambda: {first, last} <= set(one.messages(TOPIC)), 10)
                checks.check(f"changed {name}: {one.name} gets the good messages", arrived)
                heard = [data[:-1] for topic in (TOPIC, OTHER) for data in one.messages(topic)]
                checks.check(f"changed {name}: {one.name} does not get it", bad[:-1] not in heard)


def flood(checks, center):
    """Advertises a million messages that do not exist: ours asks for at most 5000 a heartbeat."""
    with MeshPeer(center.address) as peer:
        peer.subscribe(TOPIC)
        started = time.monotonic()
        for _ in range(100):
            have = message((1, TOPIC), *((2, os.urandom(20)) for _ in range(5000)))
            peer.send((3, message((1, have))))
        beats = int(time.monotonic() - started) + 2
        peer.take_until(lambda: False, 1)
        count = len(peer.wanted())
        checks.check("IHAVE flood: ours asks", count > 0)
        checks.check("IHAVE flood: it asks for no more than it may", count <= 5000 * (beats + 1), f"{count}, {beats} s")


def oversized(checks, center):
    """The stream of an RPC that is too long is ended before it is read."""
    with MeshPeer(center.address) as peer:
        peer.take_until(lambda: peer.rpcs)
        peer.write_data(1, uvarint(2 << 20) + bytes(1000))
        peer.take_until(lambda: peer.is_reset, 10)
        checks.check("a long RPC: the stream is reset", peer.is_reset or is_cut_off(peer))
