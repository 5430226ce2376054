"""Parts of the interop test on streams: many bytes, many streams, half-closed and reset ones, each way."""

import hashlib

from interop_peers import PeerFault, eventually

ECHO, DIGEST, LATE = "/interop/echo/1", "/interop/digest/1", "/interop/late/1"
MANY_BYTES, MANY_STREAMS = 4 << 20, 240


def streams(checks, ours_peer, other):
    checks.group(f"streams with {other.name}")
    ours_peer.connect(other.address)
    for peer in (ours_peer, other):
        peer.serve(ECHO, "echo")
        peer.serve(DIGEST, "digest")
        if other.name != "go-libp2p":  # its daemon ends a stream when one side finishes
            peer.serve(LATE, "late")
    for opener, server in ((ours_peer, other), (other, ours_peer)):
        way = f"{opener.name} to {server.name}"
        bulk(checks, way, opener, server)
        if other.name != "go-libp2p":
            half_close(checks, way, opener, server)
        count = opener.many(server.id, ECHO, MANY_STREAMS)
        checks.check(f"{way}: {MANY_STREAMS} streams at once", count == MANY_STREAMS, count)
        reset(checks, way, opener, server)
        refusal = checks.raises(f"{way}: unknown protocol", "", lambda: opener.send(server.id, "/interop/none", 1))
        checks.check(f"{way}: it is the peer that refuses", isinstance(refusal, (PeerFault, OSError)), repr(refusal))
        checks.check(f"{way}: the connection lives on", opener.ping(server.id, 1) == 1)


def bulk(checks, way, opener, server):
    """Many bytes in one direction, then in both at once."""
    told = opener.send(server.id, DIGEST, MANY_BYTES, reply=32, counted=True)
    checks.check(f"{way}: {MANY_BYTES} bytes", told["receivedHash"] == hash_of_hash(told), told)
    told = opener.send(server.id, ECHO, MANY_BYTES, reply=MANY_BYTES)
    same = told["receivedHash"] == told["sentHash"] and told["received"] == MANY_BYTES
    checks.check(f"{way}: {MANY_BYTES} bytes there and back", same, told)


def half_close(checks, way, opener, server):
    """The opener finishes; what comes after that is still read."""
    for count in (0, 1, MANY_BYTES):
        told = opener.send(server.id, LATE, count)
        checks.check(f"{way}: {count} bytes, answered after the end", told["receivedHash"] == hash_of_hash(told), told)


def hash_of_hash(told):
    return hashlib.sha256(bytes.fromhex(told["sentHash"])).hexdigest()


def reset(checks, way, opener, server):
    """A stream that is reset ends at the other side, with an error where its API tells one."""
    opener.abort(server.id, ECHO, 777)

    def ended():
        return next((e for e in list(server.events) if e.get("event") == "ended" and e["count"] == 777), None)

    event = eventually(ended)
    checks.check(f"{way}: a reset stream ends", event is not None)
    if server.name == "LibP2PPeer":  # the API of the others tells no difference
        checks.check(f"{way}: the reset is noticed", event is not None and "reset" in (event.get("error") or ""), event)
