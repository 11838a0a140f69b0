"""A server in a thread, and a client that sends raw bytes."""

from __future__ import annotations

import json
import re
import socket


class Wire:
    """A server in a thread that receives raw requests."""

    def __init__(self, address: tuple[str, int], token: str) -> None:
        self.address = address
        self.auth = f"Authorization: Bearer {token}\r\n".encode()

    def send(self, *parts: bytes) -> bytes:
        """Send the parts and return all bytes until the server closes the connection."""
        with socket.create_connection(self.address, timeout=20) as connection:
            for part in parts:
                connection.sendall(part)
            reply = b""
            while data := connection.recv(1 << 16):
                reply += data
            return reply

    def get(self, target: bytes, headers: bytes = b"") -> tuple[int, dict[str, object]]:
        head = b"GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%s\r\n" % (target, self.auth, headers)
        return parsed(self.send(head))


def parsed(reply: bytes) -> tuple[int, dict[str, object]]:
    head, _, body = reply.partition(b"\r\n\r\n")
    assert b"x-request-id: " in head
    return int(head.split()[1]), json.loads(body)


def statuses(reply: bytes) -> list[bytes]:
    return re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", reply)
