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
from poaid_process import need_program
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
        rates(checks, folder)
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
        lambda node, checks: rpc_bombs.nonsense(node, checks, options.nonsense, options.seed),
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


def rates(checks, folder):
    checks.group("--rpc-rate")
    with Node(folder / "data", None, "--no-mine", "--rpc-rate", 5) as node:
        statuses = [node.post(rpc_attacks.ASK)[0] for _ in range(400)]
        checks.check(
            "too many calls are turned away",
            5 <= statuses.count(200) < 400 and set(statuses) == {200, 429},
            (statuses.count(200), set(statuses)),
        )
        time.sleep(2)
        checks.check("and served again later", node.post(rpc_attacks.ASK)[0] == 200)
        checks.check("it ends", node.stop() == 0)


if __name__ == "__main__":
    main()
