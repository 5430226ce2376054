"""Parts of test_rpc_abuse.py that attack the server: bodies, HTTP, sockets, WebSocket frames."""

import base64
import json
import os
import socket
import time

BODY_LIMIT, BATCH_LIMIT, CONNECTION_LIMIT, SUBSCRIPTION_LIMIT = 5 << 20, 100, 512, 100
ASK = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_chainId", "params": []}).encode()


def error_code(answer):
    """The code of the JSON-RPC error in an answer (status, body), or None if it is none."""
    try:
        return json.loads(answer[1])["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return None


def bodies(node, checks):
    checks.group("bodies that are no requests")
    cases = [
        ("nothing", b"", -32700),
        ("half an object", b'{"jsonrpc":"2.0","id":1', -32700),
        ("bytes", bytes(range(256)), -32700),
        ("a lone surrogate", b'"\\ud800"', -32700),
        ("bad UTF-8", b'"\xff\xfe"', -32700),
        ("a number", b"7", -32600),
        ("two values", ASK + ASK, -32700),
        ("null", b"null", -32600),
        ("an empty batch", b"[]", -32600),
        ("a number beyond all", b'{"jsonrpc":"2.0","id":1e999999999,"method":"eth_chainId"}', None),
        ("a key twice", b'{"jsonrpc":"2.0","id":1,"id":2,"method":"eth_chainId"}', None),
        ("an id that is a list", b'{"jsonrpc":"2.0","id":[1],"method":"eth_chainId"}', -32600),
        ("lists in lists, 1000 deep", b"[" * 1000 + b"]" * 1000, -32700),
        ("objects in objects, 1000 deep", b'{"a":' * 1000 + b"1" + b"}" * 1000, -32700),
        ("lists that never end", b"[" * (1 << 20), -32700),
        (
            "arguments 1000 deep",
            b'{"jsonrpc":"2.0","id":1,"method":"eth_call","params":' + b"[" * 1000 + b"]" * 1000 + b"}",
            -32700,
        ),
        ("a batch of 10000", b"[" + b",".join([ASK] * 10_000) + b"]", -32600),
        ("a batch of one too many", b"[" + b",".join([ASK] * (BATCH_LIMIT + 1)) + b"]", -32600),
        ("a batch of nothing but nulls", b"[" + b",".join([b"null"] * 101) + b"]", -32600),
    ]
    for name, body, code in cases:
        answer = node.post(body)
        got = error_code(answer)
        checks.check(name, answer[0] == 200 and (got == code if code else len(answer[1]) < 1000), answer[1][:300])
    status, body = node.post(b"[" + b",".join([ASK] * BATCH_LIMIT) + b"]")
    checks.check("the largest batch is answered", status == 200 and len(json.loads(body)) == BATCH_LIMIT, body[:300])


def too_large(node, checks):
    checks.group("bodies that are too large")
    filled = ASK[:-2] + b'"' + b"a" * (6 << 20) + b'"]}'
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with_length = head + f"Content-Length: {len(filled)}\r\n\r\n".encode() + filled
    part = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    chunked = head + b"Transfer-Encoding: chunked\r\n\r\n" + part * 96 + b"0\r\n\r\n"
    for name, data in (("6 MiB", with_length), ("6 MiB in chunks", chunked)):
        got = exchange(node, data)
        checks.check(name, got.startswith(b"HTTP/1.1 413"), got[:200])
    near = ASK[:-2] + b'"' + b"a" * (BODY_LIMIT - 200) + b'"]}'
    checks.check("just below the limit it is read", error_code(node.post(near)) == -32602)


def http(node, checks):
    checks.group("HTTP that is none, or not for us")
    post = b"POST / HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n" + ASK
    json_type = b"application/json"

    def request(host=b"localhost", kind=json_type, more=b"", length=len(ASK)):
        return post % (host, kind, length, more)

    cases = [
        ("a right request", request(), b" 200 "),
        ("bytes", os.urandom(4096), None),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00", None),
        ("another host (DNS rebinding)", request(host=b"evil.example"), b" 403 "),
        ("a form of a web page", request(kind=b"text/plain"), b" 415 "),
        ("a compressed body", request(more=b"Content-Encoding: gzip\r\n"), b" 415 "),
        ("another path", request().replace(b"POST /", b"POST /admin", 1), b" 404 "),
        ("another method", request().replace(b"POST", b"DELETE", 1), b" 405 "),
        ("a length that is none", request().replace(b"Content-Length: ", b"Content-Length: -", 1), None),
        ("two lengths", request(more=b"Content-Length: 5\r\n"), None),
        ("length and chunks", request(more=b"Transfer-Encoding: chunked\r\n"), None),
        ("a header of 1 MiB", request(more=b"X: " + b"a" * (1 << 20) + b"\r\n"), None),
        ("10000 headers", request(more=b"X: a\r\n" * 10_000), None),
    ]
    for name, data, wanted in cases:
        got = exchange(node, data)
        is_good = wanted in got[:20] if wanted else got[:12] not in (b"HTTP/1.1 200",)
        checks.check(name, is_good, got[:200])
    got = exchange(node, request() * 2000, until=lambda got: got.count(b"HTTP/1.1 200") == 2000)
    checks.check(
        "2000 requests in one go are answered in turn", got.count(b'"result":') == 2000, got.count(b'"result":')
    )


def exchange(node, data, until=None):
    """What comes back for `data`, until the other side has nothing more to say for a while."""
    with socket.create_connection(("127.0.0.1", node.port), timeout=20) as connection:
        connection.setblocking(False)
        got, deadline, quiet = b"", time.monotonic() + 30, time.monotonic()
        while time.monotonic() < deadline:
            try:
                if data:
                    data = data[connection.send(data) :]
                    quiet = time.monotonic()
            except BlockingIOError:
                pass
            except OSError:
                data = b""
            try:
                part = connection.recv(1 << 16)
                if not part:
                    return got
                got, quiet = got + part, time.monotonic()
                if until and until(got):
                    return got
            except BlockingIOError:
                if not data and time.monotonic() - quiet > (5 if until else 1):
                    return got
                time.sleep(0.005)
            except OSError:
                return got
        return got


def is_closed(connection):
    """Whether the other side has ended a connection, after whatever it said."""
    connection.setblocking(False)
    try:
        while connection.recv(4096):
            pass
        return True
    except BlockingIOError:
        return False
    except OSError:
        return True


def slow_clients(node, checks):
    checks.group("clients that send a byte now and then")
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Long: " + b"a" * 500
    slow = [socket.create_connection(("127.0.0.1", node.port)) for _ in range(200)]
    try:
        answered = 0
        for step in range(30):
            for connection in slow:
                try:
                    connection.send(head[step : step + 1])
                except OSError:
                    pass
            answered += node.rpc("eth_chainId", timeout=10) is not None
            if step > 20 and all(map(is_closed, slow)):
                break
            time.sleep(0.6)
        checks.check("others are served meanwhile", answered == step + 1, answered)
        checks.check("all slow ones are closed", all(map(is_closed, slow)), sum(map(is_closed, slow)))
    finally:
        for connection in slow:
            connection.close()


def many_sockets(node, checks):
    checks.group("2000 sockets at once")
    opened, told = [], 0
    try:
        for _ in range(2000):
            opened.append(socket.create_connection(("127.0.0.1", node.port), timeout=30))
        time.sleep(2)
        for connection in opened:
            connection.setblocking(False)
            try:
                told += connection.recv(100).startswith(b"HTTP/1.1 503")
            except OSError:
                pass
        checks.check("all beyond the limit are told", told == 2000 - CONNECTION_LIMIT, told)
        deadline = time.monotonic() + 30
        while not (closed := all(map(is_closed, opened))) and time.monotonic() < deadline:
            time.sleep(0.5)
        checks.check("those that say nothing are closed", closed)
    finally:
        for connection in opened:
            connection.close()
    checks.check("the node answers", node.rpc("eth_chainId") is not None)


def frame(opcode, data, length=None):
    """A WebSocket frame of a client, with a mask of zeros; `length` lies about what follows."""
    count = len(data) if length is None else length
    size = (
        bytes([0x80 | count])
        if count < 126
        else b"\xfe" + count.to_bytes(2, "big") if count < 1 << 16 else b"\xff" + count.to_bytes(8, "big")
    )
    return bytes([opcode]) + size + bytes(4) + data


def web_socket(node, extra=b""):
    """A connection after a WebSocket handshake."""
    connection = socket.create_connection(("127.0.0.1", node.port), timeout=20)
    key = base64.b64encode(os.urandom(16))
    connection.sendall(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key + b"\r\n" + extra + b"\r\n"
    )
    head = b""
    while not head.endswith(b"\r\n\r\n") and (part := connection.recv(1)):
        head += part
    return connection, head


def receive_all(connection, seconds=15):
    """What comes until the other side closes; None: it does not close."""
    got, deadline = b"", time.monotonic() + seconds
    while time.monotonic() < deadline:
        connection.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            part = connection.recv(1 << 16)
        except TimeoutError:
            return None
        except OSError:
            return got
        if not part:
            return got
        got += part
    return None


def web_sockets(node, checks):
    checks.group("WebSocket frames that are none")
    for name, data in (
        ("a frame of 2^62 bytes", frame(0x81, b"", 1 << 62)),
        ("a frame of 6 MiB", frame(0x81, b"", 6 << 20)),
        ("no mask", b"\x81\x02hi"),
        ("a reserved opcode", frame(0x83, b"")),
        ("a reserved bit", frame(0xF1, b"")),
        ("a long ping", frame(0x89, b"a" * 200)),
        ("a ping in pieces", frame(0x09, b"a")),
        ("the end of nothing", frame(0x80, b"a")),
        ("6 MiB in pieces", frame(0x01, b"a" * 65_535) + frame(0x00, b"a" * 65_535) * 96),
    ):
        connection, _ = web_socket(node)
        with connection:
            try:
                connection.sendall(data)
            except OSError:
                pass
            got = receive_all(connection)
            checks.check(f"{name} ends the connection", got is not None, got)
    _, head = web_socket(node, b"Origin: https://evil.example\r\n")
    checks.check("a web page that is not allowed", b" 403 " in head, head)
    subscriptions(node, checks)


def subscriptions(node, checks):
    """A socket asks for more subscriptions than it may."""
    ask = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "eth_subscribe", "params": ["newHeads"]}).encode()
    connection, _ = web_socket(node)
    with connection:
        connection.sendall(frame(0x81, ask) * (SUBSCRIPTION_LIMIT + 20))
        got, deadline = b"", time.monotonic() + 20
        while got.count(b'"id":1') < SUBSCRIPTION_LIMIT + 20 and time.monotonic() < deadline:
            got += connection.recv(1 << 16)
        refused = got.count(b'"error"')
        checks.check("subscriptions beyond the limit are refused", refused == 20, refused)
