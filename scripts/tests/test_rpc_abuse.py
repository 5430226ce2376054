#!/usr/bin/env python3
"""Treats the JSON-RPC of a real mining node badly, over real sockets. After each part the node must answer, mine on and
stay within MOST_MEMORY."""

import argparse
import pathlib
import resource
import sys
import tempfile
import time
import traceback

import rpc_attacks
import rpc_bombs
import rpc_nonsense
from poaid_process import MODEL, call, crash_of, error_line, need_program
from rpc_node import Node, Progress, wait_for, write_spec

MOST_MEMORY = 1536  # MiB at any time
MOST_KEPT = 768  # MiB when all is over


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nonsense", type=int, default=20_000, help="how many calls of nonsense")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    need_program()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096) if hard > 0 else 4096, hard))
    sys.setrecursionlimit(10_000)  # a trace of calls within each other is as deep as they are
    Node.keeps_exchanges = False
    checks = Progress("RPC under abuse")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        spec = write_spec(folder / "spec.json", ["0x" + "c0" * 20])
        with Node(folder / "data", spec) as node:
            attack(node, checks, options)
            checks.check("SIGTERM ends the node in order", node.stop() == 0, node.log())
        options_of_run(checks, folder)
    checks.finish()


def attack(node, checks, options):
    node.wait_for_block(2)
    before = node.memory()
    parts = [
        rpc_attacks.bodies,
        rpc_attacks.too_large,
        rpc_attacks.http,
        rpc_attacks.web_sockets,
        rpc_attacks.slow_clients,
        rpc_attacks.many_sockets,
        rpc_bombs.calls,
        rpc_bombs.traces,
        rpc_bombs.many,
        rpc_bombs.answers,
        rpc_bombs.deaf_clients,
        lambda node, checks: rpc_nonsense.nonsense(node, checks, options.nonsense, options.seed),
    ]
    for part in parts:
        started = time.monotonic()
        try:
            part(node, checks)
        except Exception:  # pylint: disable=broad-except
            checks.check("the part ends", False, traceback.format_exc())
        checks.check("the node runs", node.crash() is None, node.crash())
        height = node.height()
        wait_for("a block after the attack", lambda: node.height() > height)
        most = node.memory("VmHWM")
        checks.check("memory is bounded", most < MOST_MEMORY, f"{most:.0f} MiB")
        print(f"  {time.monotonic() - started:.0f} s, {node.memory():.0f} MiB, at most {most:.0f} MiB", flush=True)
    checks.check("memory is given back", node.memory() < MOST_KEPT, f"{node.memory():.0f} MiB")
    print(f"memory: {before:.0f} MiB before, at most {node.memory('VmHWM'):.0f} MiB, {node.memory():.0f} MiB after")


def options_of_run(checks, folder):
    """What `--rpc-*` of `poaid run` do, and what is said when they cannot be followed."""
    checks.group("options of the server")
    allowed = ("--rpc-cors-origin", "https://dapp.example", "--rpc-allowed-host", "node.example")
    with Node(folder / "data", None, "--no-mine", "--rpc-rate", 5, *allowed) as node:
        web_pages(checks, node)
        statuses = [node.post(rpc_attacks.ASK)[0] for _ in range(400)]
        checks.check(
            "too many calls are turned away",
            5 <= statuses.count(200) < 400 and set(statuses) == {200, 429},
            (statuses.count(200), set(statuses)),
        )
        wait_for("the next call to be allowed", lambda: node.post(rpc_attacks.ASK)[0] == 200)
        taken = ("--network", "devnet", "--no-mine", "--data-dir", folder / "second", "--model-path", MODEL)
        process = call("run", *taken, "--rpc-port", node.port)
        checks.check(
            "a port that is taken",
            process.returncode == 1 and str(node.port) in error_line(process) and not crash_of(process),
            process.stdout + process.stderr,
        )
        checks.check("SIGTERM ends it", node.stop() == 0)
    process = call("run", *taken, "--no-rpc", "--stop-at-height", 0)
    checks.check(
        "--no-rpc opens no port", process.returncode == 0 and "rpc ready" not in process.stdout, process.stdout
    )


def web_pages(checks, node):
    """Browsers say which page asks (Origin) and which name they found the node by (Host)."""
    for origin, is_allowed in (("https://dapp.example", True), ("https://evil.example", False), ("null", False)):
        request = (
            "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            f"Origin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\r\n"
        )
        got = rpc_attacks.exchange(node, request.encode()).lower()
        tells = f"access-control-allow-origin: {origin}\r\n".encode() in got
        checks.check(f"preflight of {origin}", tells == is_allowed and (b" 204 " in got[:20]) == is_allowed, got)
        connection, head = rpc_attacks.web_socket(node, f"Origin: {origin}\r\n".encode())
        connection.close()
        checks.check(f"WebSocket of {origin}", (b" 101 " in head[:20]) == is_allowed, head)
    for host, is_allowed in (("node.example", True), ("node.example:8545", True), ("evil.example", False)):
        got = rpc_attacks.exchange(node, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        checks.check(f"the name {host}", (b" 200 " in got[:20]) == is_allowed, got)


if __name__ == "__main__":
    main()
