"""A host of py-libp2p that does what JSON lines on standard input say, in the way of LibP2PPeer."""

import argparse
import contextlib
import hashlib
import json
import logging
import os
import sys
import time

import multiaddr
import trio
from libp2p import new_host
from libp2p.crypto.ed25519 import create_new_key_pair
from libp2p.crypto.secp256k1 import create_new_key_pair as create_secp256k1_key_pair
from libp2p.crypto.x25519 import create_new_key_pair as create_noise_key_pair
from libp2p.identity.identify.identify import parse_identify_response
from libp2p.network.stream.exceptions import StreamEOF
from libp2p.peer.id import ID
from libp2p.peer.peerinfo import info_from_p2p_addr
from libp2p.pubsub.gossipsub import GossipSub
from libp2p.pubsub.pubsub import Pubsub
from libp2p.security.noise.transport import PROTOCOL_ID, Transport
from libp2p.tools.anyio_service import background_trio_service
from libp2p.utils.varint import decode_varint_with_size

PIECE = 65_536
MESHSUB = ["/meshsub/1.2.0", "/meshsub/1.1.0", "/meshsub/1.0.0"]


def tell(answer):
    print(json.dumps(answer), flush=True)


async def read_some(stream, count=PIECE):
    """At most so many bytes; none at the end."""
    try:
        return await stream.read(count)
    except StreamEOF:
        return b""


async def read_exactly(stream, count):
    data = b""
    while len(data) < count and (part := await read_some(stream, count - len(data))):
        data += part
    return data


class PatientGossipSub(GossipSub):
    """GossipSub of py-libp2p counts whole seconds, so it would graft up to a second before a backoff is over, for which
    it is pruned for a minute. This one waits until it is over."""

    def _check_back_off(self, peer, topic):
        return self.back_off.get(topic, {}).get(peer, 0) + 1 > time.time()


class PythonHost:
    """The host and what is asked of it: one method a command."""

    def __init__(self, host, pubsub, nursery):
        self.host, self.pubsub, self.nursery, self.streams = host, pubsub, nursery, {}

    async def open(self, request):
        return await self.host.new_stream(ID.from_string(request["peer"]), [request["name"]])

    async def connect(self, request):
        await self.host.connect(info_from_p2p_addr(multiaddr.Multiaddr(request["address"])))
        return {}

    async def disconnect(self, request):
        await self.host.disconnect(ID.from_string(request["peer"]))
        return {}

    async def connections(self, _):
        return {"peers": [str(peer) for peer in self.host.get_connected_peers()]}

    async def ping(self, request):
        stream = await self.open({**request, "name": "/ipfs/ping/1.0.0"})
        for _ in range(request["count"]):
            sent = os.urandom(32)
            await stream.write(sent)
            if await read_exactly(stream, 32) != sent:
                raise ValueError("other bytes came back")
        await stream.close()
        return {"count": request["count"]}

    async def identity(self, request):
        stream = await self.open({**request, "name": "/ipfs/id/1.0.0"})
        data = b""
        while part := await read_some(stream):
            data += part
        length, size = decode_varint_with_size(data)
        told = parse_identify_response(data[size : size + length])
        return {
            "agent": told.agent_version,
            "protocolVersion": told.protocol_version,
            "protocols": list(told.protocols),
            "addresses": [str(multiaddr.Multiaddr(address)) for address in told.listen_addrs],
            "observedAddress": str(multiaddr.Multiaddr(told.observed_addr)),
            "hasRecord": bool(told.signedPeerRecord),
            "key": told.public_key.hex(),
        }

    async def serve(self, request):
        name, mode = request["name"], request["mode"]

        async def handle(stream):
            digest, count, error = hashlib.sha256(), 0, None
            try:
                expected = int.from_bytes(await read_exactly(stream, 8), "big") if mode == "digest" else -1
                while part := await read_some(stream):
                    count += len(part)
                    digest.update(part)
                    if mode == "echo":
                        await stream.write(part)
                    if count == expected:
                        await stream.write(digest.digest())
                if mode == "late":
                    await stream.write(digest.digest())
                await stream.close()
            except Exception as caught:  # pylint: disable=broad-except
                error = f"{type(caught).__name__}: {caught}"
            tell({"event": "ended", "name": name, "count": count, "error": error})

        self.host.set_stream_handler(name, handle)
        return {}

    async def send(self, request):
        stream, reply = await self.open(request), request.get("reply")
        sent, received, count = hashlib.sha256(), hashlib.sha256(), 0

        async def fill():
            left = request["bytes"]
            if request.get("isCounted"):
                await stream.write(left.to_bytes(8, "big"))
            while left > 0:
                part = os.urandom(min(left, PIECE))
                sent.update(part)
                await stream.write(part)
                left -= len(part)
            if reply is None:
                await stream.close_write()

        async with trio.open_nursery() as nursery:
            nursery.start_soon(fill)
            while (reply is None or count < reply) and (part := await read_some(stream)):
                received.update(part)
                count += len(part)
        await stream.close()
        return {"sentHash": sent.hexdigest(), "receivedHash": received.hexdigest(), "received": count}

    async def many(self, request):
        streams = [await self.open(request) for _ in range(request["count"])]
        good = 0
        for stream in streams:
            sent = os.urandom(64)
            await stream.write(sent)
            good += await read_exactly(stream, 64) == sent
        for stream in streams:
            await stream.close()
        return {"count": good}

    async def abort(self, request):
        """Opens a stream, sends bytes, and resets it."""
        stream = await self.open(request)
        await stream.write(b"x" * request["bytes"])
        await trio.sleep(0.2)
        await stream.reset()
        return {}

    async def subscribe(self, request):
        topic = request["topic"]
        subscription = await self.pubsub.subscribe(topic)

        async def follow():
            with contextlib.suppress(trio.EndOfChannel):
                while True:
                    message = await subscription.get()
                    tell({"event": "message", "topic": topic, "data": message.data.hex()})

        self.nursery.start_soon(follow)
        return {}

    async def unsubscribe(self, request):
        await self.pubsub.unsubscribe(request["topic"])
        return {}

    async def publish(self, request):
        await self.pubsub.publish(request["topic"], bytes.fromhex(request["data"]))
        return {}

    async def mesh(self, request):
        topic = request["topic"]
        router = self.pubsub.router
        return {
            "peers": [str(peer) for peer in router.mesh.get(topic, ())],
            "addresses": [str(peer) for peer in self.pubsub.peer_topics.get(topic, ())],
            "protocols": [str(name) for name in router.peer_protocol.values()],
        }

    async def answer(self, request):
        try:
            answer = await getattr(self, request["command"])(request)
        except Exception as error:  # pylint: disable=broad-except
            answer = {"error": f"{type(error).__name__}: {error}"}
        tell({"id": request["id"], **answer})


async def run(options):
    seed = bytes.fromhex(options.seed) if options.seed else os.urandom(32)
    pair = (create_secp256k1_key_pair if options.secp256k1 else create_new_key_pair)(seed)
    noise = Transport(pair, create_noise_key_pair().private_key)
    host = new_host(key_pair=pair, sec_opt={PROTOCOL_ID: noise}, muxer_preference="YAMUX")
    router = PatientGossipSub(
        MESHSUB, degree=6, degree_low=5, degree_high=12, heartbeat_interval=1, spam_protection_enabled=False
    )
    pubsub = Pubsub(host, router, strict_signing=True)
    listen = [multiaddr.Multiaddr("/ip4/127.0.0.1/tcp/0")]
    async with host.run(listen_addrs=listen), trio.open_nursery() as nursery:
        async with background_trio_service(pubsub), background_trio_service(router):
            await pubsub.wait_until_ready()
            served = PythonHost(host, pubsub, nursery)
            addresses = [str(address).partition("/p2p/")[0] for address in host.get_addrs()]
            tell({"event": "started", "peer": str(host.get_id()), "addresses": addresses})
            while line := await trio.to_thread.run_sync(sys.stdin.readline, abandon_on_cancel=True):
                nursery.start_soon(served.answer, json.loads(line))
            nursery.cancel_scope.cancel()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed")
    parser.add_argument("--secp256k1", action="store_true")
    logging.disable(logging.CRITICAL)
    trio.run(run, parser.parse_args())


if __name__ == "__main__":
    main()
