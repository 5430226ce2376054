"""go-libp2p: its daemon p2pd and the protobuf messages that control it over a Unix socket."""

import hashlib
import os
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import threading

from interop_peers import LONGEST_WAIT, PeerFault, eventually
from interop_wire import address_bytes, address_text, base58, fields, from_base58, message, prefixed, read_prefixed

IDENTIFY, CONNECT, STREAM_OPEN, STREAM_HANDLER, DHT, LIST_PEERS, _, DISCONNECT, PUBSUB = range(9)
PIECE = 65_536


class Pipe:
    """A Unix socket to the daemon: messages first, then the bytes of a stream."""

    def __init__(self, connected):
        self.socket = connected
        self.socket.settimeout(LONGEST_WAIT)

    def read(self, count):
        """Exactly so many bytes."""
        data = bytearray()
        while len(data) < count:
            part = self.socket.recv(min(count - len(data), 1 << 20))
            if not part:
                raise EOFError(f"{len(data)} of {count} bytes")
            data += part
        return bytes(data)

    def write(self, data):
        self.socket.sendall(data)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def unix_listener(path):
    """A Unix socket that listens."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(512)
    return listener


def serve_stream(pipe, name, mode, ended):
    """Serves one stream that the daemon hands over, and notes how many bytes came and how it ended."""
    with pipe:
        read_prefixed(pipe.read)
        digest, count, error = hashlib.sha256(), 0, None
        try:
            expected = int.from_bytes(pipe.read(8), "big") if mode == "digest" else -1
            while part := pipe.socket.recv(PIECE):
                count += len(part)
                digest.update(part)
                if mode == "echo":
                    pipe.write(part)
                if count == expected:
                    pipe.write(digest.digest())
        except OSError as caught:
            error = str(caught)
        ended.append({"event": "ended", "name": name, "count": count, "error": error})


class GoPeer:
    """One p2pd; use it in a `with`, which ends it."""

    name = "go-libp2p"

    def __init__(self, program, *options):
        self.folder = tempfile.TemporaryDirectory(prefix="p2pd")
        self.path = f"{self.folder.name}/control"
        self.command = [
            str(program), "-listen", f"/unix{self.path}", "-hostAddrs", "/ip4/127.0.0.1/tcp/0", "-relay=false",
            "-relayService=false", "-pubsub", "-gossipsubHeartbeatInterval", "1s", "-dhtServer", *options,
        ]  # fmt: skip
        self.received, self.listeners, self.events, self.subscriptions = {}, [], [], {}

    def __enter__(self):
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT
        )
        if not eventually(lambda: self.listens() or self.process.poll() is not None):
            sys.exit("error: p2pd does not start")
        if self.process.poll() is not None:
            self.output.seek(0)
            sys.exit(f"error: p2pd ended: {self.output.read()}")
        answer = fields(self.request(IDENTIFY)[4][0])
        self.id = base58(answer[1][0])
        self.addresses = [address_text(data) for data in answer[2]]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        for listener in self.listeners:
            listener.close()
        self.folder.cleanup()

    def listens(self):
        """Whether it takes requests; its socket is there a little before that."""
        with socket.socket(socket.AF_UNIX) as probe:
            return probe.connect_ex(self.path) == 0

    @property
    def address(self):
        return f"{next(a for a in self.addresses if a.startswith('/ip4/127.'))}/p2p/{self.id}"

    def control(self, kind, *parts):
        """A connection with one request on it, and the fields of the answer. Raises PeerFault."""
        connected = socket.socket(socket.AF_UNIX)
        connected.connect(self.path)
        pipe = Pipe(connected)
        pipe.write(prefixed(message((1, kind), *parts)))
        answer = fields(read_prefixed(pipe.read))
        if answer[1] != [0]:
            pipe.close()
            raise PeerFault(fields(answer[2][0])[1][0].decode())
        return pipe, answer

    def request(self, kind, *parts):
        pipe, answer = self.control(kind, *parts)
        pipe.close()
        return answer

    def connect(self, address):
        place, _, peer = address.partition("/p2p/")
        self.request(CONNECT, (2, message((1, from_base58(peer)), (2, address_bytes(place)), (3, 10))))

    def disconnect(self, peer):
        self.request(DISCONNECT, (7, message((1, from_base58(peer)))))

    def peers(self):
        return [base58(fields(entry)[1][0]) for entry in self.request(LIST_PEERS).get(6, [])]

    def open(self, protocol, peer):
        """A stream."""
        return self.control(STREAM_OPEN, (3, message((1, from_base58(peer)), (2, protocol), (3, 10))))[0]

    def ping(self, peer, count):
        with self.open("/ipfs/ping/1.0.0", peer) as pipe:
            for number in range(count):
                sent = os.urandom(32)
                pipe.write(sent)
                if pipe.read(32) != sent:
                    return number
        return count

    def identity(self, peer):
        """What a peer says by identify. On a busy machine go-libp2p now and then resets the first stream that it opens on a
        new connection before a protocol is agreed (docs/spec/network.md, "Other implementations"); then it is asked again."""
        for attempt in range(3):
            try:
                with self.open("/ipfs/id/1.0.0", peer) as pipe:
                    told = fields(read_prefixed(pipe.read))
                break
            except EOFError:
                if attempt == 2:
                    raise
        return {
            "key": told[1][0].hex(),
            "addresses": [address_text(data) for data in told.get(2, [])],
            "protocols": [name.decode() for name in told[3]],
            "observedAddress": address_text(told[4][0]),
            "protocolVersion": told[5][0].decode(),
            "agent": told[6][0].decode(),
            "hasRecord": 8 in told,
        }

    def send(self, peer, name, count, reply=None, counted=False):
        """As LinePeer.send, but the daemon reads nothing more from a stream that was finished."""
        digests, received = [hashlib.sha256(), hashlib.sha256()], 0
        with self.open(name, peer) as pipe:

            def fill():
                if counted:
                    pipe.write(count.to_bytes(8, "big"))
                for start in range(0, count, PIECE):
                    part = os.urandom(min(PIECE, count - start))
                    digests[0].update(part)
                    pipe.write(part)

            writer = threading.Thread(target=fill)
            writer.start()
            while (reply is None or received < reply) and (part := pipe.socket.recv(PIECE)):
                digests[1].update(part)
                received += len(part)
            writer.join()
        sent, got = (digest.hexdigest() for digest in digests)
        return {"sentHash": sent, "receivedHash": got, "received": received}

    def many(self, peer, name, count):
        pipes, good = [self.open(name, peer) for _ in range(count)], 0
        for pipe in pipes:
            sent = os.urandom(64)
            pipe.write(sent)
            good += pipe.read(64) == sent
        for pipe in pipes:
            pipe.close()
        return good

    def abort(self, peer, name, count):
        """Opens a stream to an echo, sends bytes, and resets it: the daemon does so when its pipe breaks."""
        pipe = self.open(name, peer)
        pipe.write(b"x" * count)
        select.select([pipe.socket], [], [], LONGEST_WAIT)
        pipe.close()  # with bytes that were not read

    def listen(self, protocol):
        """A Unix socket that gets a connection for each stream of a protocol."""
        path = f"{self.folder.name}/{len(self.listeners)}"
        listener = unix_listener(path)
        self.listeners.append(listener)
        self.request(STREAM_HANDLER, (4, message((1, address_bytes(f"/unix{path}")), (2, protocol), (3, 0))))
        return listener

    def serve(self, protocol, mode):
        """Serves a protocol, each stream on a thread of its own."""
        listener = self.listen(protocol)

        def accept():
            while True:
                try:
                    connected, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve_stream, args=[Pipe(connected), protocol, mode, self.events], daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()

    def subscribe(self, topic):
        """Joins a topic; `messages` has what comes."""
        pipe, _ = self.control(PUBSUB, (8, message((1, 3), (2, topic))))
        pipe.socket.settimeout(None)
        received = self.received.setdefault(topic, [])

        def follow():
            try:
                while True:
                    received.append(fields(read_prefixed(pipe.read)).get(2, [b""])[0])
            except (OSError, EOFError):
                return

        threading.Thread(target=follow, daemon=True).start()
        self.subscriptions[topic] = pipe

    def unsubscribe(self, topic):
        pipe = self.subscriptions.pop(topic)
        pipe.socket.shutdown(socket.SHUT_RDWR)
        pipe.close()

    def messages(self, topic):
        return list(self.received.get(topic, []))

    def publish(self, topic, data):
        self.request(PUBSUB, (8, message((1, 2), (2, topic), (3, data))))

    def topic_peers(self, topic):
        answer = fields(self.request(PUBSUB, (8, message((1, 1), (2, topic))))[7][0])
        return [base58(peer) for peer in answer.get(2, [])]

    def find_peer(self, peer):
        """The addresses that a look-up in the DHT finds."""
        answer = fields(self.request(DHT, (5, message((1, 0), (2, from_base58(peer)), (7, 10))))[5][0])
        return [address_text(data) for data in fields(answer[2][0]).get(2, [])]
