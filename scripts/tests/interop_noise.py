"""A libp2p peer by hand, on a plain socket, that can break the rules at every step: multistream-select, Noise, Yamux."""

import hashlib
import hmac
import os
import socket
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from interop_peers import LONGEST_WAIT
from interop_wire import base58, fields, host_port, message, prefixed, read_prefixed

PREFIX = b"noise-libp2p-static-key:"
MULTISTREAM, NOISE, YAMUX = "/multistream/1.0.0", "/noise", "/yamux/1.0.0"
DATA, WINDOW_UPDATE, PING, GO_AWAY = range(4)
SYN, ACK, FIN, RST = 1, 2, 4, 8


def line(text):
    """A line of multistream-select."""
    return prefixed(text.encode() + b"\n")


class Cipher:
    """One direction of an encrypted connection."""

    def __init__(self, key):
        self.aead, self.count = ChaCha20Poly1305(key), 0

    def nonce(self):
        self.count += 1
        return struct.pack("<4xQ", self.count - 1)

    def seal(self, text, data=b""):
        return self.aead.encrypt(self.nonce(), text, data)

    def open(self, text, data=b""):
        return self.aead.decrypt(self.nonce(), text, data)


class Symmetric:
    """The hash and the keys of a handshake."""

    def __init__(self):
        name = b"Noise_XX_25519_ChaChaPoly_SHA256"
        self.hash = self.chaining = name
        self.cipher = None
        self.mix_hash(b"")

    def mix_hash(self, data):
        self.hash = hashlib.sha256(self.hash + data).digest()

    def mix_key(self, secret):
        self.chaining, key = self.expand(secret)
        self.cipher = Cipher(key)

    def expand(self, secret):
        key = hmac.digest(self.chaining, secret, "sha256")
        first = hmac.digest(key, b"\x01", "sha256")
        return first, hmac.digest(key, first + b"\x02", "sha256")

    def seal(self, text):
        sealed = self.cipher.seal(text, self.hash)
        self.mix_hash(sealed)
        return sealed

    def open(self, sealed):
        text = self.cipher.open(sealed, self.hash)
        self.mix_hash(sealed)
        return text


def public(key):
    return key.public_key().public_bytes_raw()


class RawPeer:
    """A dialler. `sign` may be replaced to break the proof of the key, `muxers` is its early list, or None."""

    def __init__(self, address, muxers=(YAMUX,), seed=None):
        self.make_keys(muxers, seed)
        self.socket = socket.create_connection(host_port(address), LONGEST_WAIT)

    def make_keys(self, muxers, seed):
        """Who it is, and nothing read or written yet."""
        self.identity = Ed25519PrivateKey.from_private_bytes(seed or os.urandom(32))
        self.static, self.muxers = X25519PrivateKey.generate(), muxers
        self.key = message((1, 1), (2, public(self.identity)))
        self.id = base58(b"\0" + bytes([len(self.key)]) + self.key)
        self.sign = self.identity.sign
        self.sender = self.receiver = None
        self.plain, self.early_muxers = b"", None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # Bytes of the socket.

    def receive(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError("the connection ended")
            data += part
        return data

    def is_ended(self):
        """Whether the other side ends the connection; what it still sends is read."""
        try:
            while self.socket.recv(1 << 16):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def send_frame(self, data):
        self.socket.sendall(struct.pack(">H", len(data)) + data)

    def receive_frame(self):
        return self.receive(struct.unpack(">H", self.receive(2))[0])

    # The steps of an upgrade.

    def select(self, name, read, write):
        """Agrees on a protocol; returns what is answered."""
        write(line(MULTISTREAM) + line(name))
        answers = [read_prefixed(read).decode().rstrip("\n") for _ in range(2)]
        return answers[1] if answers[0] == MULTISTREAM else answers

    def select_noise(self):
        answer = self.select(NOISE, self.receive, self.socket.sendall)
        if answer != NOISE:
            raise ValueError(f"not agreed on Noise: {answer}")

    def handshake(self):
        """The three messages, to be called after `select_noise`."""
        state, own = Symmetric(), X25519PrivateKey.generate()
        state.mix_hash(public(own))
        state.mix_hash(b"")
        self.send_frame(public(own))
        answer = self.receive_frame()
        theirs = X25519PublicKey.from_public_bytes(answer[:32])
        state.mix_hash(answer[:32])
        state.mix_key(own.exchange(theirs))
        static = state.open(answer[32:80])
        state.mix_key(own.exchange(X25519PublicKey.from_public_bytes(static)))
        self.check(fields(state.open(answer[80:])), static)
        sealed = state.seal(public(self.static))
        state.mix_key(self.static.exchange(theirs))
        self.send_frame(sealed + state.seal(self.proof()))
        self.sender, self.receiver = map(Cipher, state.expand(b""))

    def check(self, payload, static):
        """Reads the other side's proof; raises if it is wrong."""
        key = fields(payload[1][0])[2][0]
        Ed25519PublicKey.from_public_bytes(key).verify(payload[2][0], PREFIX + static)
        self.remote_id = base58(b"\0" + bytes([len(payload[1][0])]) + payload[1][0])
        if 4 in payload:
            self.early_muxers = [name.decode() for name in fields(payload[4][0]).get(2, [])]

    def proof(self):
        parts = [(1, self.key), (2, self.sign(PREFIX + public(self.static)))]
        if self.muxers is not None:
            parts.append((4, message(*((2, name) for name in self.muxers))))
        return message(*parts)

    def upgrade(self):
        """Everything up to Yamux. Returns itself."""
        self.select_noise()
        self.handshake()
        if not (self.muxers and self.early_muxers):
            answer = self.select(YAMUX, self.read, self.write)
            if answer != YAMUX:
                raise ValueError(f"not agreed on Yamux: {answer}")
        return self

    # What is encrypted.

    def write(self, data):
        for start in range(0, len(data), 65_519):
            self.send_frame(self.sender.seal(data[start : start + 65_519]))

    def read(self, count):
        while len(self.plain) < count:
            self.plain += self.receiver.open(self.receive_frame())
        data, self.plain = self.plain[:count], self.plain[count:]
        return data

    def write_yamux(self, kind, flags, stream, length, data=b""):
        self.write(struct.pack(">BBHII", 0, kind, flags, stream, length) + data)

    def write_data(self, stream, data, flags=0):
        self.write_yamux(DATA, flags, stream, len(data), data)

    def read_yamux(self):
        """The next frame: type, flags, stream, length, data."""
        _, kind, flags, stream, length = struct.unpack(">BBHII", self.read(12))
        return kind, flags, stream, length, self.read(length) if kind == DATA else b""

    def find_yamux(self, condition):
        """The first frame for which `condition(type, flags, stream, length, data)` holds, or None at the end."""
        try:
            while True:
                frame = self.read_yamux()
                if frame[0] == PING and frame[1] & SYN:
                    self.write_yamux(PING, ACK, 0, frame[3])
                if condition(*frame):
                    return frame
        except (OSError, EOFError, InvalidTag):
            return None

    def open_stream(self, stream, name):
        """Opens a stream and agrees on its protocol, without waiting for the answer."""
        self.write_data(stream, line(MULTISTREAM) + line(name), SYN)
