"""Parts of the interop test on connections: ping, identify, both ways to agree on the muxer, kinds of keys."""

from interop_peers import PeerFault, eventually, ours, python_peer
from interop_wire import base58, host_port

PINGS = 100


def basics(checks, ours_peer, other):
    """Ping and identify over a connection that ours made, then over one that the other one made."""
    for dialer, listener in ((ours_peer, other), (other, ours_peer)):
        checks.group(f"{dialer.name} dials {listener.name}")
        dialer.connect(listener.address)
        for one, two in ((dialer, listener), (listener, dialer)):
            connected = eventually(lambda: two.id in one.peers())
            checks.check(f"{one.name} has the connection", connected, one.peers())
            count = one.ping(two.id, PINGS)
            checks.check(f"{one.name} pings {two.name} {PINGS} times", count == PINGS, count)
            told = one.identity(two.id)
            check_identity(checks, f"{two.name} identified by {one.name}", told, two, one)
        told = ours_peer.identity(other.id)
        checks.check("direction", told["isOutbound"] == (dialer is ours_peer), told)
        dialer.disconnect(listener.id)
        gone = eventually(lambda: dialer.id not in listener.peers() and listener.id not in dialer.peers())
        checks.check("the connection ends for both", gone)


def check_identity(checks, name, told, of, by):
    """What `by` heard from `of`."""
    expected = {
        "LibP2PPeer": ("poai-interop", "poai/1", ["/ipfs/id/1.0.0", "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0"]),
        "go-libp2p": ("", "", ["/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/meshsub/1.1.0", "/ipfs/kad/1.0.0"]),
        "py-libp2p": ("py-libp2p", "", ["/ipfs/ping/1.0.0", "/meshsub/1.2.0"]),
    }
    agent, version, protocols = expected[of.name]
    checks.check(f"{name}: agent", agent in told["agent"], told["agent"])
    checks.check(f"{name}: version", version in told["protocolVersion"], told["protocolVersion"])
    checks.check(f"{name}: protocols", set(protocols) <= set(told["protocols"]), told["protocols"])
    places = [address.partition("/p2p/")[0] for address in told["addresses"]]
    checks.check(f"{name}: addresses", of.addresses[0] in places, told["addresses"])
    observed = told["observedAddress"].partition("/p2p/")[0]
    checks.check(f"{name}: observed address", host_port(observed)[0] == "127.0.0.1", observed)
    if of.name != "py-libp2p":
        checks.check(f"{name}: signed record", told["hasRecord"])
    if "key" in told:
        key = bytes.fromhex(told["key"])
        checks.check(f"{name}: key", base58(b"\0" + bytes([len(key)]) + key) == of.id, told["key"])


def late_muxer(checks, other):
    """The muxer is agreed by multistream-select after the handshake when ours offers no list."""
    checks.group(f"without early muxer, {other.name}")
    with ours("--no-early-muxer") as peer:
        peer.connect(other.address)
        checks.check("ours dials", peer.ping(other.id, 3) == 3)
        peer.disconnect(other.id)
        eventually(lambda: peer.id not in other.peers())
        other.connect(peer.address)
        checks.check("the other one dials", other.ping(peer.id, 3) == 3)


def wrong_peer(checks, ours_peer, other):
    """Who is dialled by the id of somebody else is refused, by both."""
    checks.group(f"wrong peer id, {other.name}")
    stranger = "12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp"
    for dialer, listener in ((ours_peer, other), (other, ours_peer)):
        address = listener.address.replace(listener.id, stranger)
        error = checks.raises(f"{dialer.name} refuses", "", lambda: dialer.connect(address))
        checks.check(f"{dialer.name} says why", isinstance(error, PeerFault) and str(error), error)
        checks.check(f"{dialer.name} has no such peer", not {stranger, listener.id} & set(dialer.peers()))


def secp256k1(checks, ours_peer):
    """A peer with a secp256k1 key, whichever side dials."""
    checks.group("secp256k1 identity")
    with python_peer("--secp256k1") as other:
        checks.check("its id is a hash or holds that key", other.id.startswith("16Uiu2"), other.id)
        ours_peer.connect(other.address)
        checks.check("ours dials", ours_peer.ping(other.id, 3) == 3)
        ours_peer.disconnect(other.id)
        eventually(lambda: ours_peer.id not in other.peers())
        other.connect(ours_peer.address)
        checks.check("the other one dials", other.ping(ours_peer.id, 3) == 3)
        checks.check("ours knows it", other.id in ours_peer.peers())
