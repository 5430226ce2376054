"""Parts of the interop test where a peer breaks the rules of connections and streams: ours ends the connection, resets the
stream or ignores it, stays up for others, and spends little memory."""

import contextlib
import os
import socket
import struct

from cryptography.exceptions import InvalidSignature

from interop_noise import ACK, DATA, FIN, GO_AWAY, PING, RST, SYN, WINDOW_UPDATE, YAMUX, RawPeer, line
from interop_peers import eventually, ours
from interop_raw_listener import dialled
from interop_wire import host_port, prefixed, uvarint

ECHO = "/interop/echo/1"
MOST_MEMORY = 80  # MiB, of which the program itself takes 30
IMPATIENCE = 5.0  # seconds within which the wrongdoer is to be cut off


def adversary(checks, other):
    """Each kind of bad behaviour, one after the other; `other` is an honest peer that is connected meanwhile."""
    checks.group("a peer that breaks the rules")
    with ours() as victim:
        victim.serve(ECHO, "echo")
        other.connect(victim.address)
        honest(checks, victim)
        files = victim.files()
        for part in (security, handshake, dialled, half_frames, negotiation, frames, overrun, stream_flood, ping_flood, silence):
            part(checks, victim)
            name = part.__name__
            checks.check(f"{name}: ours runs", victim.crash() is None, victim.crash())
            checks.check(f"{name}: the honest peer is served", other.ping(victim.id, 3) == 3)
            peak = victim.memory("VmHWM")
            checks.check(f"{name}: memory", peak < MOST_MEMORY, f"{peak:.0f} MiB")
            closed = eventually(lambda: victim.files() <= files)
            checks.check(f"{name}: file handles", closed, f"{files} {victim.files()}")
        gone = eventually(lambda: victim.peers() == [other.id])
        checks.check("only the honest peer is left", gone, victim.peers())


def is_cut_off(peer):
    """Whether ours ends the connection soon."""
    peer.socket.settimeout(IMPATIENCE)
    return peer.is_ended()


def honest(checks, victim):
    """The peer by hand is a good one when it keeps the rules; else the rest would prove nothing."""
    for muxers in ((YAMUX,), ("/mplex/6.7.0", YAMUX), None):
        with RawPeer(victim.address, muxers) as peer:
            peer.upgrade()
            checks.check(f"by hand, muxers {muxers}: the peer id", peer.remote_id == victim.id, peer.remote_id)
            checks.check("early muxers are offered", peer.early_muxers == [YAMUX], peer.early_muxers)
            peer.open_stream(1, ECHO)
            peer.write_data(1, b"hello", FIN)
            data = b""
            while frame := peer.find_yamux(lambda kind, flags, stream, *_: stream == 1):
                data += frame[4]
                if frame[1] & FIN:
                    break
            checks.check("it echoes and finishes", data == line("/multistream/1.0.0") + line(ECHO) + b"hello", data)
    with ours("--no-early-muxer") as late, RawPeer(late.address) as peer:
        peer.upgrade()
        checks.check("without early muxers none are offered", not peer.early_muxers, peer.early_muxers)


def security(checks, victim):
    """Nothing but Noise."""
    for name in ("/plaintext/2.0.0", "/secio/1.0.0", "/tls/1.0.0", "/yamux/1.0.0"):
        with RawPeer(victim.address) as peer:
            answer = peer.select(name, peer.receive, peer.socket.sendall)
            checks.check(f"{name} is refused", answer == "na", answer)


def handshake(checks, victim):
    """A proof, or a message, that is wrong at one place."""

    def wrong_signature(peer):
        peer.sign = lambda text: bytes([peer.identity.sign(text)[0] ^ 1]) + peer.identity.sign(text)[1:]

    def other_text(peer):
        peer.sign = lambda text: peer.identity.sign(b"x" + text)

    def other_key(peer):
        peer.key = RawPeer(victim.address).key

    def no_proof(peer):
        peer.proof = lambda: b""

    for spoil in (wrong_signature, other_text, other_key, no_proof):
        with RawPeer(victim.address) as peer:
            spoil(peer)
            peer.select_noise()
            peer.handshake()
            checks.check(f"{spoil.__name__}: the connection ends", is_cut_off(peer))
            checks.check(f"{spoil.__name__}: there is no such peer", peer.id not in victim.peers())
    for name, data in (
        ("a short first message", struct.pack(">H", 31) + bytes(31)),
        ("a zero key", struct.pack(">H", 32) + bytes(32)),
    ):
        with RawPeer(victim.address) as peer:
            peer.select_noise()
            peer.socket.sendall(data)
            checks.check(f"{name}: the connection ends", is_cut_off(peer))
    with RawPeer(victim.address) as peer:
        peer.select_noise()
        peer.socket.sendall(struct.pack(">H", 32) + os.urandom(7))
        peer.socket.shutdown(socket.SHUT_WR)
        checks.check("half a first message: the connection ends", is_cut_off(peer))
    with RawPeer(victim.address) as peer:
        peer.upgrade()
        peer.send_frame(os.urandom(64))
        checks.check("bytes that cannot be decrypted: the connection ends", is_cut_off(peer))


def half_frames(checks, victim):
    """After the handshake: frames that end early. Many that each owe the rest of the longest frame cost what they sent."""
    for name, data in (("cut off", b"\xff\xff" + bytes(1000)), ("half a length", b"\x10")):
        with RawPeer(victim.address) as peer:
            peer.upgrade()
            peer.socket.sendall(data)
            peer.socket.shutdown(socket.SHUT_WR)
            checks.check(f"a frame {name}: the connection ends", is_cut_off(peer))
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(RawPeer(victim.address)) for _ in range(40)]
        for peer in held:
            peer.upgrade()
            peer.socket.sendall(b"\xff\xff" + bytes(65_000))
        checks.check("half frames: all are held", eventually(lambda: len(victim.peers()) >= 40), len(victim.peers()))
        checks.check("half frames: file handles", victim.files() < 80, victim.files())


def negotiation(checks, victim):
    """Lines that are too long, in the open, in Noise, and on a stream."""
    long = uvarint(65_536) + b"/" * 65_535 + b"\n"
    for name, data in (("a long line", long), ("a length without end", b"\xff" * 32), ("no protocol", prefixed(b"\n"))):
        with RawPeer(victim.address) as peer, contextlib.suppress(ConnectionError):
            peer.socket.sendall(data)
            checks.check(f"{name}: the connection ends", is_cut_off(peer))
    with RawPeer(victim.address, muxers=None) as peer:
        peer.select_noise()
        peer.handshake()
        peer.write(long)
        checks.check("a long line in Noise: the connection ends", is_cut_off(peer))
    with RawPeer(victim.address) as peer:
        peer.upgrade()
        peer.write_data(1, long, SYN)
        frame = peer.find_yamux(lambda kind, flags, stream, *_: stream == 1 and flags & RST)
        checks.check("a long line on a stream: that is reset", frame is not None)
        peer.write_yamux(PING, SYN, 0, 7)
        frame = peer.find_yamux(lambda kind, flags, stream, *_: kind == PING and flags & ACK)
        checks.check("the connection lives on", frame is not None and frame[3] == 7, frame)


def frames(checks, victim):
    """Yamux frames that must not be."""
    bad = {
        "an unknown version": struct.pack(">BBHII", 1, DATA, SYN, 1, 0),
        "an unknown type": struct.pack(">BBHII", 0, 4, 0, 0, 0),
        "a stream id of the other side": struct.pack(">BBHII", 0, DATA, SYN, 2, 0),
        "a frame beyond every window": struct.pack(">BBHII", 0, DATA, SYN, 1, 1 << 31) + bytes(65_536),
        "a stream that is there already": struct.pack(">BBHII", 0, WINDOW_UPDATE, SYN, 1, 0) * 2,
    }
    for name, data in bad.items():
        with RawPeer(victim.address) as peer:
            peer.upgrade()
            with contextlib.suppress(ConnectionError):
                peer.write(data)
            checks.check(f"{name}: the connection ends", is_cut_off(peer))


def overrun(checks, victim):
    """More bytes on a stream than its window has room for, while the echo cannot get rid of any."""
    with RawPeer(victim.address) as peer:
        peer.upgrade()
        peer.open_stream(1, ECHO)
        with contextlib.suppress(ConnectionError):
            for _ in range(64):
                peer.write_data(1, bytes(65_536))
        checks.check("overrun: the connection ends", is_cut_off(peer))


def stream_flood(checks, victim):
    """Streams without end of which nothing is ever acknowledged."""
    with RawPeer(victim.address) as peer:
        peer.upgrade()
        peer.socket.settimeout(IMPATIENCE)
        with contextlib.suppress(ConnectionError, TimeoutError):
            for number in range(20_000):
                peer.write_yamux(WINDOW_UPDATE, SYN, 2 * number + 1, 0)
        frame = peer.find_yamux(lambda kind, flags, *_: flags & RST or kind == GO_AWAY)
        checks.check("stream flood: streams are refused, or the connection ends", frame is not None or is_cut_off(peer))


def ping_flood(checks, victim):
    """Pings of which no answer is ever read."""
    with RawPeer(victim.address) as peer:
        peer.upgrade()
        ping = struct.pack(">BBHII", 0, PING, SYN, 0, 1)
        peer.socket.settimeout(IMPATIENCE)
        with contextlib.suppress(ConnectionError):
            for _ in range(500):
                peer.write(ping * 5000)
        checks.check("ping flood: the connection ends", is_cut_off(peer))


def silence(checks, victim):
    """Connections that say nothing: there is a limit to them, and afterwards there is room again."""
    silent = []
    for _ in range(200):
        with contextlib.suppress(OSError):
            silent.append(socket.create_connection(host_port(victim.address), IMPATIENCE))
    for connected in silent:
        connected.settimeout(0.2)
    ended = 0
    for connected in silent[-20:]:
        with contextlib.suppress(TimeoutError):
            ended += connected.recv(1) == b""
    checks.check("silence: the last ones are refused", ended == 20, ended)
    for connected in silent:
        connected.close()

    def is_served():
        try:
            with RawPeer(victim.address) as peer:
                return peer.upgrade().remote_id == victim.id
        except (OSError, EOFError, ValueError, InvalidSignature):
            return False

    checks.check("silence: a good peer is taken afterwards", eventually(is_served))
