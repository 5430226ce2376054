"""Encodings of libp2p that the interop tests write and read by hand: varints, protobuf, peer ids, addresses."""

import ipaddress

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def uvarint(number):
    """The unsigned varint of a number."""
    encoded = bytearray()
    while number >= 0x80:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(encoded) + bytes([number])


def read_uvarint(read):
    """A varint from `read(count)`, which returns exactly so many bytes."""
    number = shift = 0
    while True:
        byte = read(1)[0]
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number
        shift += 7


def prefixed(data):
    return uvarint(len(data)) + data


def read_prefixed(read):
    return read(read_uvarint(read))


def message(*fields):
    """A protobuf message of (number, value) in this order; a value is an int, text, or bytes."""
    encoded = b""
    for number, value in fields:
        if isinstance(value, int):
            encoded += uvarint(number << 3) + uvarint(value)
        else:
            encoded += uvarint(number << 3 | 2) + prefixed(value.encode() if isinstance(value, str) else value)
    return encoded


def fields(encoded):
    """The fields of a protobuf message of varints and bytes: a list of values by number."""
    found, position = {}, 0

    def read(count):
        nonlocal position
        part = encoded[position : position + count]
        if len(part) != count:
            raise ValueError("the message is cut off")
        position += count
        return part

    while position < len(encoded):
        tag = read_uvarint(read)
        if tag & 7 not in (0, 2):
            raise ValueError(f"wire type {tag & 7}")
        found.setdefault(tag >> 3, []).append(read_uvarint(read) if tag & 7 == 0 else read_prefixed(read))
    return found


def base58(data):
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text):
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def address_bytes(text):
    """The binary form of /ip4/IP/tcp/PORT or /unix/PATH."""
    kind, _, rest = text[1:].partition("/")
    if kind == "unix":
        return uvarint(400) + prefixed(f"/{rest}".encode())
    ip, _, port = rest.split("/")[:3]
    return b"\x04" + ipaddress.IPv4Address(ip).packed + b"\x06" + int(port).to_bytes(2, "big")


def address_text(data):
    """The text of a binary address of IPv4 and TCP, and perhaps a peer; in hexadecimal digits if it is another one."""
    if len(data) < 8 or data[0] != 4 or data[5] != 6:
        return data.hex()
    text = f"/ip4/{ipaddress.IPv4Address(data[1:5])}/tcp/{int.from_bytes(data[6:8], 'big')}"
    return text + (f"/p2p/{base58(data[11:])}" if data[8:10] == b"\xa5\x03" else "")


def host_port(address):
    parts = address.split("/")
    return parts[2], int(parts[4])
