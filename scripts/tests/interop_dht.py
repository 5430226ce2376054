"""Part of the interop test on Kademlia: peers that know only go-libp2p find each other through it, and it finds them."""

from interop_peers import eventually, ours


def dht(checks, go):
    checks.group("find peers through go-libp2p")
    with ours("--kad") as one, ours("--kad") as two:
        for peer in (one, two):
            peer.connect(go.address)
            known = eventually(lambda: go.id in peer.call("table")["peers"])
            checks.check("go-libp2p is in the table of ours", known)
        for seeker, sought in ((one, two), (two, one)):
            found = eventually(lambda: seeker.call("findPeer", peer=sought.id)["addresses"])
            checks.check("ours finds ours", any(a.startswith(sought.addresses[0]) for a in found), found)
        checks.check("go-libp2p finds ours", one.addresses[0] in go.find_peer(one.id), one.addresses)
