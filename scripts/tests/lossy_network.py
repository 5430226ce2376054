"""Network namespaces joined by a hub in this process that delays frames and loses some, as the kernel's `tc netem` does,
which few kernels in containers and virtual machines have. Needs root, /dev/net/tun, and `ip` (package iproute2)."""
import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import selectors
import struct
import subprocess
import threading
import time

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
LIBC = ctypes.CDLL(None, use_errno=True)


class NotPermitted(Exception):
    """Why there can be no such network here."""


def system(name, result):
    if result != 0:
        raise NotPermitted(f"{name}: {os.strerror(ctypes.get_errno())}")


class Namespace:
    """A network namespace with one interface, eth0, whose frames are read from and written to `cable`. It is gone with
    the last process in it."""

    def __init__(self, address):
        self.address, self.is_cut = address, False
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        system("unshare", LIBC.unshare(CLONE_NEWNET))
        self.file = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        try:
            self.cable = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(self.cable, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TAP | IFF_NO_PI))
            for command in ("link set lo up", f"addr add {address}/24 dev eth0", "link set eth0 up"):
                subprocess.run(["ip", *command.split()], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NotPermitted(str(error)) from error
        finally:
            system("setns", LIBC.setns(own, CLONE_NEWNET))
            os.close(own)

    @contextlib.contextmanager
    def inside(self):
        """This thread, and what it starts and connects, is in the namespace."""
        own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        system("setns", LIBC.setns(self.file, CLONE_NEWNET))
        try:
            yield
        finally:
            system("setns", LIBC.setns(own, CLONE_NEWNET))
            os.close(own)


class Hub:
    """Carries frames between namespaces; use it in a `with`. Seconds of delay, give or take `jitter`, so that frames
    overtake each other; `loss` is the share of frames that are lost on the way."""

    def __init__(self, count, delay, jitter, loss, seed=1):
        self.delay, self.jitter, self.loss, self.random = delay, jitter, loss, random.Random(seed)
        self.carried = self.lost = 0
        self.spaces = [Namespace(f"10.77.0.{number + 1}") for number in range(count)]
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.is_over = True
        self.thread.join()
        for space in self.spaces:
            os.close(space.cable)
            os.close(space.file)

    def run(self):
        waiting, number = [], 0
        selector = selectors.DefaultSelector()
        for space in self.spaces:
            selector.register(space.cable, selectors.EVENT_READ, space)
        while not self.is_over:
            timeout = max(0, waiting[0][0] - time.monotonic()) if waiting else 0.1
            for key, _ in selector.select(min(timeout, 0.1)):
                with contextlib.suppress(BlockingIOError):
                    frame = os.read(key.fd, 1 << 16)
                    if key.data.is_cut or self.random.random() < self.loss:
                        self.lost += 1
                        continue
                    number += 1
                    due = time.monotonic() + self.delay + self.random.uniform(-self.jitter, self.jitter)
                    heapq.heappush(waiting, (due, number, key.data, frame))
            while waiting and waiting[0][0] <= time.monotonic():
                _, _, sender, frame = heapq.heappop(waiting)
                self.deliver(sender, frame)

    def deliver(self, sender, frame):
        """To everybody else; interfaces drop what is not for them."""
        for space in self.spaces:
            if space is not sender and not space.is_cut:
                with contextlib.suppress(OSError):
                    os.write(space.cable, frame)
        self.carried += 1
