#!/usr/bin/env python3
"""Runs our libp2p against go-libp2p and py-libp2p on this machine, each side dialling the other, and against a peer that
breaks the rules. Installs both into ~/.cache/poai (POAI_CACHE_DIR), from PyPI. LIBP2P_PEER names another LibP2PPeer."""

import pathlib
import sys
import time
import traceback

from interop_environment import enter_environment, go_daemon
from interop_peers import OURS, ours, python_peer
from rpc_node import Progress


def attempt(checks, part, *arguments):
    """Runs a part; what it cannot cope with is one failed check."""
    started = time.monotonic()
    try:
        part(checks, *arguments)
    except Exception:  # pylint: disable=broad-except
        checks.check(f"{part.__name__} ends", False, traceback.format_exc())
    print(f"{checks.name}: {part.__name__} took {time.monotonic() - started:.1f} s", flush=True)


def run(checks, program):
    import interop_adversary as adversary
    import interop_basics as basics
    import interop_dht as dht
    import interop_gossip as gossip
    import interop_streams as streams
    from interop_go import GoPeer

    with ours() as peer, GoPeer(program) as go, python_peer() as python:
        for other in (go, python):
            attempt(checks, basics.basics, peer, other)
            attempt(checks, basics.late_muxer, other)
            attempt(checks, basics.wrong_peer, peer, other)
            attempt(checks, streams.streams, peer, other)
        attempt(checks, basics.secp256k1, peer)
        attempt(checks, dht.dht, go)
        attempt(checks, gossip.gossip, go, python)
        attempt(checks, adversary.adversary, go)
        checks.check("ours runs", peer.crash() is None, peer.crash())


def main():
    if not pathlib.Path(OURS).exists():
        sys.exit(f"error: there is no {OURS}; build it: swift build -c release --product LibP2PPeer")
    enter_environment()
    checks = Progress("libp2p interop")
    run(checks, go_daemon())
    checks.finish()


if __name__ == "__main__":
    main()
