"""A peer by hand that is dialled and breaks the rules of the handshake, or of the frames after it, as the listener."""

import contextlib
import os
import socket
import struct
import threading

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from interop_noise import MULTISTREAM, NOISE, PREFIX, YAMUX, Cipher, RawPeer, Symmetric, line, public
from interop_peers import LONGEST_WAIT
from interop_wire import fields, message, read_prefixed


class RawListener(RawPeer):
    """Takes one connection and has `act(self)` do the rest in a thread. `is_cut_off` is whether the dialler ended it."""

    def __init__(self, act):  # pylint: disable=super-init-not-called
        self.make_keys((YAMUX,), None)
        self.act, self.is_cut_off, self.error = act, False, None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(LONGEST_WAIT)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    @property
    def address(self):
        return f"/ip4/127.0.0.1/tcp/{self.server.getsockname()[1]}/p2p/{self.id}"

    def run(self):
        try:
            self.socket, _ = self.server.accept()
            self.socket.settimeout(LONGEST_WAIT)
            self.act(self)
            self.is_cut_off = self.is_ended()
        except EOFError as error:
            self.is_cut_off, self.error = True, error
        except Exception as error:  # pylint: disable=broad-except
            self.error = error

    def __exit__(self, *_):
        self.thread.join(LONGEST_WAIT)
        self.server.close()
        with contextlib.suppress(AttributeError):
            self.socket.close()

    def answer_noise(self):
        """Agrees on Noise as the listener."""
        self.socket.sendall(line(MULTISTREAM))
        for wanted in (MULTISTREAM, NOISE):
            got = read_prefixed(self.receive).decode().rstrip("\n")
            if got != wanted:
                raise ValueError(f"the dialler proposes {got}")
        self.socket.sendall(line(NOISE))

    def handshake(self):
        """The three messages, as the responder."""
        self.answer_noise()
        state, own = Symmetric(), X25519PrivateKey.generate()
        first = self.receive_frame()
        theirs = X25519PublicKey.from_public_bytes(first)
        state.mix_hash(first)
        state.mix_hash(b"")
        state.mix_hash(public(own))
        state.mix_key(own.exchange(theirs))
        sealed = state.seal(public(self.static))
        state.mix_key(self.static.exchange(theirs))
        self.send_frame(public(own) + sealed + state.seal(self.proof()))
        last = self.receive_frame()
        static = state.open(last[:48])
        state.mix_key(own.exchange(X25519PublicKey.from_public_bytes(static)))
        self.check(fields(state.open(last[48:])), static)
        self.receiver, self.sender = map(Cipher, state.expand(b""))


def listeners():
    """What each does wrong, by name, and words of the error that the dialler has to give."""

    def spoiled(spoil):
        def act(peer):
            spoil(peer)
            peer.handshake()

        return act

    def wrong_signature(peer):
        peer.sign = lambda text: bytes([peer.identity.sign(text)[0] ^ 1]) + peer.identity.sign(text)[1:]

    def other_text(peer):
        peer.sign = lambda text: peer.identity.sign(b"x" + text)

    def other_key(peer):
        peer.key = message((1, 1), (2, public(Ed25519PrivateKey.generate())))

    def no_proof(peer):
        peer.proof = lambda: b""

    def half_answer(peer):
        peer.answer_noise()
        peer.receive_frame()
        peer.socket.sendall(struct.pack(">H", 500) + os.urandom(100))
        peer.socket.shutdown(socket.SHUT_WR)

    def zero_key(peer):
        peer.answer_noise()
        peer.receive_frame()
        peer.send_frame(bytes(200))

    unsigned = "did not sign its Noise key"
    return {
        "a wrong signature": (spoiled(wrong_signature), unsigned), "another text": (spoiled(other_text), unsigned),
        "the key of another": (spoiled(other_key), unsigned), "no proof": (spoiled(no_proof), "malformed"),
        "half an answer": (half_answer, "ended"), "a zero key": (zero_key, "gives no secret"),
    }


def dialled(checks, victim):
    """Ours dials who does not prove to be who it says: it refuses with the reason, and ends the connection."""
    with RawListener(RawListener.handshake) as peer:
        victim.connect(peer.address)
        checks.check("dialled by hand: a good listener is connected", peer.id in victim.peers(), peer.error)
        victim.disconnect(peer.id)
    checks.check("dialled by hand: it heard who ours is", peer.remote_id == victim.id and peer.is_cut_off, peer.error)
    for name, (act, words) in listeners().items():
        with RawListener(act) as peer:
            checks.raises(f"dialled, {name}: ours refuses", words, lambda: victim.connect(peer.address))
        checks.check(f"dialled, {name}: the connection ends", peer.is_cut_off, peer.error)
        checks.check(f"dialled, {name}: there is no such peer", peer.id not in victim.peers())
