"""Parts of test_rpc_abuse.py that ask for too much: time, memory, depth, answers."""

import json
import socket
import threading
import time

from rpc_attacks import frame, web_socket
from rpc_node import RPCFault

HERE = "0x" + "c0" * 20
LOOP = "0x5b600056"  # JUMPDEST, PUSH1 0, JUMP
# Stores at a place that is 1 MiB further each time, until the gas is gone.
GROW = "0x5f5b6210000001808052600156"
# Calls itself with all gas; also after 64 KiB of memory in each frame.
RECURSE = "0x5f5f5f5f5f305af100"
RECURSE_WIDE = "0x600162010000525f5f5f5f5f305af100"
# Creates contracts of 24 KiB of zeros without end.
CREATE = "0x5b6160005f5ff050600056"
# Hashes 64 KiB again and again; logs 64 KiB again and again; writes new slots; reads new slots.
HASH = "0x5b620100005f2050600056"
LOG = "0x5b620100005fa0600056"
WRITE = "0x5f5b600101808055600156"
READ = "0x5f5b600101805450600156"
REVERT_WIDE = "0x624000005ffd"  # reverts with 4 MiB
RETURN_WIDE = "0x624000005ff3"  # returns 4 MiB
# 2048 bits to the power of 2048 bits, again and again.
MODEXP = "0x6101005f526101006020526101006040525f196060525f19610160525f196102605" + "25b5f5f6103605f60055afa50602256"
BOMBS = {
    "an endless loop": LOOP,
    "memory that grows": GROW,
    "a contract that calls itself": RECURSE,
    "with memory in each call": RECURSE_WIDE,
    "endless creation": CREATE,
    "endless hashing": HASH,
    "endless logs": LOG,
    "endless writing": WRITE,
    "endless reading": READ,
    "a wide revert": REVERT_WIDE,
    "a wide answer": RETURN_WIDE,
    "endless powers": MODEXP,
}


def ask(node, method, *params, timeout=60):
    """Result or error of a call; an exception if the node gives neither."""
    try:
        return node.rpc(method, *params, timeout=timeout)
    except RPCFault as fault:
        return fault


def calls(node, checks):
    checks.group("calls that take all they can")
    for name, code in BOMBS.items():
        for method in ("eth_call", "eth_estimateGas", "eth_createAccessList"):
            got = ask(node, method, {"to": HERE, "gas": "0xffffffffffffffff"}, "latest", {HERE: {"code": code}})
            checks.check(
                f"{method}: {name}", not isinstance(got, RPCFault) or got.code in (3, -32000, -32002, -32016), got
            )
    got = ask(node, "eth_call", {"to": HERE}, "latest", {HERE: {"code": LOOP}})
    checks.check("an endless loop is an error", isinstance(got, RPCFault) and got.code in (-32000, -32016), got)
    got = ask(node, "eth_call", {"to": HERE}, "latest", {HERE: {"code": RECURSE}})
    checks.check("recursion ends at its depth", got == "0x", got)
    got = ask(node, "eth_call", {"to": HERE}, "latest", {HERE: {"code": "0x600163ffffffff52"}})
    checks.check("a word at 4 GiB is out of gas", isinstance(got, RPCFault) and got.code == -32000, got)


def traces(node, checks):
    checks.group("traces of such calls")
    for name, code in BOMBS.items():
        for config in (
            {"enableMemory": True, "enableReturnData": True},
            {"tracer": "callTracer", "tracerConfig": {"withLog": True}},
        ):
            config["stateOverrides"] = {HERE: {"code": code}}
            got = ask(node, "debug_traceCall", {"to": HERE}, "latest", config)
            checks.check(
                f"debug_traceCall: {name}",
                not isinstance(got, RPCFault) or got.code in (-32000, -32005, -32016, -32002, -32003),
                got,
            )


def many(node, checks):
    """Sixteen clients at once, each with the most expensive calls."""
    checks.group("many such calls at once")
    results = []

    def client(code):
        for method, params in (
            ("eth_call", [{"to": HERE}, "latest", {HERE: {"code": code}}]),
            (
                "debug_traceCall",
                [{"to": HERE}, "latest", {"enableMemory": True, "stateOverrides": {HERE: {"code": code}}}],
            ),
        ):
            try:
                results.append(ask(node, method, *params, timeout=120))
            except Exception as error:  # pylint: disable=broad-except
                checks.check("every call is answered", False, f"{method} {code}: {error!r}")

    clients = [threading.Thread(target=client, args=(code,)) for code in [GROW, LOOP, RECURSE_WIDE, RETURN_WIDE] * 4]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    checks.check("all were answered", len(results) == 2 * len(clients), len(results))


def answers(node, checks):
    checks.group("answers that are too large, and stores that are full")
    refused = ask(node, "eth_getProof", HERE, [hex(i) for i in range(1025)], "latest")
    checks.check("too many slots", isinstance(refused, RPCFault), refused)
    checks.check(
        "as many slots as one may",
        len(ask(node, "eth_getProof", HERE, [hex(i) for i in range(1024)], "latest")["storageProof"]) == 1024,
    )
    history = ask(node, "eth_feeHistory", "0xffffffff", "latest", [i / 2 for i in range(100)])
    checks.check("all of the fee history", isinstance(history, dict), history)
    refused = ask(node, "eth_feeHistory", "0x2", "latest", [1] * 101)
    checks.check("too many percentiles", isinstance(refused, RPCFault), refused)
    refused = ask(node, "eth_getLogs", {"fromBlock": "0x0", "toBlock": "0xffffffffffffffff"})
    checks.check("logs of the future", isinstance(refused, RPCFault), refused)
    wide = [{"address": HERE, "storageKeys": [f"0x{i:064x}" for i in range(10_000)]}]
    got = ask(node, "eth_call", {"to": HERE, "accessList": wide * 5}, "latest")
    checks.check("a long access list", got == "0x" or isinstance(got, RPCFault), got)
    filters = [ask(node, "eth_newBlockFilter") for _ in range(1010)]
    refused = sum(isinstance(got, RPCFault) for got in filters)
    checks.check("filters beyond the limit are refused", refused == 10, refused)
    for installed in filters:
        if not isinstance(installed, RPCFault):
            ask(node, "eth_uninstallFilter", installed)
    batch = [
        {
            "jsonrpc": "2.0",
            "id": i,
            "method": "eth_call",
            "params": [{"to": HERE}, "latest", {HERE: {"code": RETURN_WIDE}}],
        }
        for i in range(8)
    ]
    status, body = node.post(json.dumps(batch), timeout=120)
    answered = json.loads(body)
    checks.check(
        "the answer to a batch is bounded",
        status == 200 and len(answered) == 8 and len(body) < 40 << 20 and any("error" in answer for answer in answered),
        (status, len(body)),
    )


def deaf_clients(node, checks):
    """Sockets that ask for 4 MiB each and read nothing, over HTTP and WebSocket; then one that reads."""
    checks.group("clients that ask and never read")
    wide = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "eth_call",
        "params": [{"to": HERE}, "latest", {HERE: {"code": RETURN_WIDE}}],
    }
    body = json.dumps(wide).encode()
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    request = head + b"Content-Length: %d\r\n\r\n" % len(body) + body
    deaf = []
    try:
        for _ in range(8):
            connection = socket.create_connection(("127.0.0.1", node.port), timeout=20)
            connection.sendall(request * 4)
            deaf.append(connection)
            connection, _ = web_socket(node)
            connection.sendall(frame(0x81, body) * 4)
            deaf.append(connection)
        time.sleep(5)
        checks.check("one that reads is answered", node.rpc("eth_chainId", timeout=60) is not None)
    finally:
        for connection in deaf:
            connection.close()
