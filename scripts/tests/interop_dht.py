"""Part of the interop test on Kademlia: peers that know only go-libp2p find each other through it, and it finds them."""

from interop_peers import PeerFault, eventually, ours


def join(peer, go):
    """Connects, again if go-libp2p did not learn by identify where the peer listens (docs/spec/network.md, "Other
    implementations")."""

    def is_known():
        try:
            return peer.addresses[0] in go.find_peer(peer.id)
        except PeerFault:
            return False

    for _ in range(3):
        peer.connect(go.address)
        if eventually(is_known, 5):
            return
        peer.disconnect(go.id)
        eventually(lambda: peer.id not in go.peers())


def dht(checks, go):
    checks.group("find peers through go-libp2p")
    with ours("--kad") as one, ours("--kad") as two:
        for peer in (one, two):
            join(peer, go)
            known = eventually(lambda: go.id in peer.call("table")["peers"])
            checks.check("go-libp2p is in the table of ours", known)
        for seeker, sought in ((one, two), (two, one)):
            found = eventually(lambda: seeker.call("findPeer", peer=sought.id)["addresses"])
            checks.check("ours finds ours", any(a.startswith(sought.addresses[0]) for a in found), found)
        checks.check("go-libp2p finds ours", one.addresses[0] in go.find_peer(one.id), one.addresses)
