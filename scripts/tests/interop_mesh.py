"""A gossipsub peer by hand, on top of RawPeer: it says what it is told to say and notes what it hears."""

import os
import struct
import time

from interop_noise import ACK, DATA, FIN, PING, RST, SYN, WINDOW_UPDATE, RawPeer, line
from interop_wire import fields, from_base58, message, prefixed, read_prefixed

SIGNED_PREFIX = b"libp2p-pubsub:"
OUT = 1  # the stream on which it sends RPCs
FIRST_WINDOW = 256 << 10


class Cut(Exception):
    """A varint or message is not whole yet."""


class MeshPeer(RawPeer):
    """Speaks gossipsub of one version only. `rpcs` has what came, `proposed` which protocols were proposed to it."""

    def __init__(self, address, version="/meshsub/1.1.0"):
        super().__init__(address)
        self.version, self.room, self.number = version, FIRST_WINDOW, int.from_bytes(os.urandom(4), "big")
        self.inbound, self.agreed, self.proposed, self.rpcs, self.is_reset = {}, {}, [], [], False
        self.upgrade()
        opening = line("/multistream/1.0.0") + line(version)
        self.write_data(OUT, opening, SYN)
        self.room -= len(opening)

    def take(self):
        """Reads one frame and answers it as a good peer does."""
        kind, flags, stream, length, data = self.read_yamux()
        if kind == PING and flags & SYN:
            self.write_yamux(PING, ACK, 0, length)
        if stream == OUT:
            self.room += length if kind == WINDOW_UPDATE else 0
            self.is_reset = self.is_reset or bool(flags & RST)
        if stream and stream % 2 == 0:
            if flags & SYN:
                self.inbound[stream], self.agreed[stream] = b"", None
                self.write_yamux(WINDOW_UPDATE, ACK, stream, 16 << 20)
            if kind == DATA and stream in self.inbound:
                self.inbound[stream] += data
                self.advance(stream)
            if flags & (FIN | RST):
                self.inbound.pop(stream, None)

    def advance(self, stream):
        """Takes whole lines, then whole RPCs, out of what came on a stream that the other side opened."""
        while part := self.split(stream):
            if self.agreed[stream]:
                self.rpcs.append(fields(part))
                continue
            name = part.decode().rstrip("\n")
            if name == "/multistream/1.0.0":
                self.write_data(stream, line(name))
                continue
            self.proposed.append(name)
            if name == self.version:
                self.agreed[stream] = name
            self.write_data(stream, line(name if name == self.version else "na"))

    def split(self, stream):
        """The next whole line or RPC of a stream, or None."""
        position, data = 0, self.inbound[stream]

        def read(count):
            nonlocal position
            if position + count > len(data):
                raise Cut
            position += count
            return data[position - count : position]

        try:
            part = read_prefixed(read)
        except Cut:
            return None
        self.inbound[stream] = data[position:]
        return part

    def take_until(self, condition, seconds=20):
        """Reads frames until a condition holds; whether it does."""
        deadline = time.monotonic() + seconds
        while not condition() and time.monotonic() < deadline:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                self.take()
            except (TimeoutError, EOFError, ConnectionError):
                break
        return condition()

    def send(self, *rpc):
        """Sends an RPC when the window has room for it."""
        data = prefixed(message(*rpc))
        if not self.take_until(lambda: self.room >= len(data)):
            raise ConnectionError("there is no more room on the stream")
        self.room -= len(data)
        self.write_data(OUT, data)

    def subscribe(self, topic):
        self.send((1, message((1, 1), (2, topic))), (3, message((3, message((1, topic))))))

    def signed(self, topic, data, change=lambda parts: parts):
        """A message of this peer; `change` may spoil its fields after they were signed."""
        self.number += 1
        parts = [(1, from_base58(self.id)), (2, data), (3, struct.pack(">Q", self.number)), (4, topic)]
        signature = self.identity.sign(SIGNED_PREFIX + message(*parts))
        return message(*change(dict(parts) | {5: signature}).items())

    def wanted(self):
        """Ids that the other side asked for by IWANT so far."""
        controls = (fields(control) for rpc in self.rpcs for control in rpc.get(3, []))
        wants = (fields(want) for control in controls for want in control.get(2, []))
        return [name for want in wants for name in want.get(1, [])]
