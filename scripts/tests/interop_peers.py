"""Peers that are programs with JSON lines: LibP2PPeer (ours) and interop_py_host.py (py-libp2p)."""

import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import time

from poaid_process import CRASH_MARKS, ROOT

OURS = os.environ.get("LIBP2P_PEER", str(ROOT / ".build/release/LibP2PPeer"))
LONGEST_WAIT = 30.0  # seconds until something must have happened, also on a busy machine


class PeerFault(Exception):
    """A peer answered with an error."""


def eventually(condition, seconds=LONGEST_WAIT):
    """The first value of `condition()` that counts as true, or the last one after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > deadline:
            return value
        time.sleep(0.02)


class LinePeer:
    """A program that answers JSON lines; use it in a `with`, which ends it. `events` has what it told unasked."""

    def __init__(self, name, command):
        self.name, self.command, self.numbers = name, command, itertools.count(1)
        self.answers, self.events, self.errors, self.changed = {}, [], [], threading.Condition()

    def __enter__(self):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(self.command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for body in (self.follow, lambda: self.errors.extend(self.process.stderr)):
            threading.Thread(target=body, daemon=True).start()
        started = self.wait_event(lambda event: event["event"] == "started", LONGEST_WAIT)
        if started is None:
            self.process.kill()
            sys.exit(f"error: {self.name} does not start: {self.log()}")
        self.id, self.addresses = started["peer"], started["addresses"]
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def follow(self):
        for line in self.process.stdout:
            answer = json.loads(line)
            with self.changed:
                if answer.get("id") is None:
                    self.events.append(answer)
                else:
                    self.answers[answer["id"]] = answer
                self.changed.notify_all()
        with self.changed:
            self.changed.notify_all()

    @property
    def address(self):
        """Where it listens, with its peer id."""
        return f"{self.addresses[0]}/p2p/{self.id}"

    def log(self):
        return "".join(list(self.errors)[-20:])

    def begin(self, command, **arguments):
        """Asks for something; the number is for `end`."""
        number = next(self.numbers)
        self.process.stdin.write(json.dumps({"id": number, "command": command, **arguments}) + "\n")
        self.process.stdin.flush()
        return number

    def end(self, number, seconds=LONGEST_WAIT):
        """The answer. Raises PeerFault."""
        with self.changed:
            self.changed.wait_for(lambda: number in self.answers or self.process.poll() is not None, seconds)
            answer = self.answers.pop(number, None)
        if answer is None:
            raise PeerFault(f"{self.name} does not answer: {self.log()}")
        if answer.get("error"):
            raise PeerFault(answer["error"])
        return answer

    def call(self, command, seconds=LONGEST_WAIT, **arguments):
        return self.end(self.begin(command, **arguments), seconds)

    def wait_event(self, condition, seconds=LONGEST_WAIT):
        """The first event for which `condition` holds, or None."""

        def found():
            return next((event for event in self.events if event.get("event") and condition(event)), None)

        with self.changed:
            self.changed.wait_for(lambda: found() or self.process.poll() is not None, seconds)
            return found()

    # What the tests ask of every peer, go-libp2p too.

    def connect(self, address):
        self.call("connect", address=address)

    def disconnect(self, peer):
        self.call("disconnect", peer=peer)

    def peers(self):
        return self.call("connections")["peers"]

    def ping(self, peer, count):
        return self.call("ping", peer=peer, count=count)["count"]

    def identity(self, peer):
        return self.call("identity", peer=peer)

    def serve(self, name, mode):
        self.call("serve", name=name, mode=mode)

    def send(self, peer, name, count, reply=None, counted=False):
        """Sends bytes, with their number in front if `counted`, and returns the hashes of what was sent and came. The
        stream is finished after `reply` bytes came, or, without that, at once; then it is read to its end."""
        extra = {} if reply is None else {"reply": reply}
        return self.call("send", peer=peer, name=name, bytes=count, isCounted=counted, **extra)

    def many(self, peer, name, count):
        """How many of so many streams, all open at once, got back what was sent on them."""
        return self.call("many", peer=peer, name=name, count=count)["count"]

    def abort(self, peer, name, count):
        """Opens a stream, sends bytes, and resets it."""
        self.call("abort", peer=peer, name=name, bytes=count)

    def subscribe(self, topic):
        self.call("subscribe", topic=topic)

    def unsubscribe(self, topic):
        self.call("unsubscribe", topic=topic)

    def publish(self, topic, data):
        self.call("publish", topic=topic, data=data.hex())

    def messages(self, topic):
        """What came on a topic so far, as bytes."""
        return [bytes.fromhex(e["data"]) for e in list(self.events) if e.get("event") == "message" and e["topic"] == topic]

    def memory(self, name="VmRSS"):
        """Resident memory in MiB: now, or with `VmHWM` the most it was."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) / 1024

    def files(self):
        """How many files and sockets it has open."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def crash(self):
        """Why it counts as crashed, or None."""
        if self.process.poll() is not None:
            return f"ended with exit code {self.process.returncode}: {self.log()}"
        text = "".join(list(self.errors))
        return next((f"printed '{mark}'" for mark in CRASH_MARKS if mark in text), None)


class OurPeer(LinePeer):
    """LibP2PPeer, which takes single steps on a stream."""

    def abort(self, peer, name, count):
        stream = self.call("open", peer=peer, name=name)["stream"]
        self.call("write", stream=stream, data="78" * count)
        self.call("read", stream=stream)
        self.call("reset", stream=stream)


def ours(*options, listen="/ip4/127.0.0.1/tcp/0"):
    return OurPeer("LibP2PPeer", [OURS, *(["--listen", listen] if listen else []), *options])


def python_peer(*options):
    program = pathlib.Path(__file__).parent / "interop_py_host.py"
    return LinePeer("py-libp2p", [sys.executable, "-B", "-u", str(program), *options])
