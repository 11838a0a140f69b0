"""Slow clients and too many connections, over a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from letrics.api.connection_limits import MAX_LINGERING, ConnectionLimits
from letrics.api.server import bind, make_config
from tests.api.wire import parsed, statuses
from tests.conftest import Service
from tests.waiting import wait_for

PATIENCE = 20.0
SHORT = ConnectionLimits(head_seconds=1, body_seconds=1, write_seconds=1, keep_alive_seconds=1, max_connections=20)
HEAD = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /v1/contacts HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"


@contextmanager
def running(app: object, limits: ConnectionLimits, send_buffer: int = 0) -> Iterator[tuple[str, int]]:
    with bind("127.0.0.1", 0) as bound:
        if send_buffer:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)  # its connections inherit it
        server = uvicorn.Server(make_config(app, limits))
        thread = threading.Thread(target=server.run, args=([bound],))
        thread.start()
        wait_for(lambda: server.started)
        try:
            yield bound.getsockname()
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def address(service: Service) -> Iterator[tuple[str, int]]:
    with running(service.api.app, SHORT) as found:
        yield found


def connect(address: tuple[str, int]) -> socket.socket:
    return socket.create_connection(address, timeout=PATIENCE)


def rest(connection: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    reply = b""
    try:
        while data := connection.recv(1 << 16):
            reply += data
    except ConnectionResetError:
        pass
    return reply


def trickle(connection: socket.socket, data: bytes) -> bool:
    """Send the data byte by byte; returns whether the server accepted all of it."""
    try:
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)
    except OSError:
        return False
    return True


@pytest.mark.parametrize("sent", [b"", b"\r\n", b"GET", HEAD, HEAD + b"A: b"], ids=repr)
def test_head_that_does_not_come_is_cut_off(address: tuple[str, int], sent: bytes) -> None:
    with connect(address) as connection:
        connection.sendall(sent)
        assert rest(connection) == b""


def test_head_that_comes_byte_by_byte_is_cut_off(address: tuple[str, int]) -> None:
    with connect(address) as connection:
        assert not trickle(connection, HEAD * 10)


def test_body_that_does_not_come_is_cut_off(address: tuple[str, int], service: Service) -> None:
    auth = b"Authorization: Bearer %s\r\n\r\n" % service.tokens["read"].encode()
    with connect(address) as connection:
        connection.sendall(POST + auth + b"{")
        assert rest(connection) == b""


def test_body_nobody_waits_for_is_cut_off_after_its_answer(address: tuple[str, int]) -> None:
    with connect(address) as connection:
        connection.sendall(POST + b"\r\n{")
        assert statuses(rest(connection)) == [b"401"]


def test_body_that_makes_progress_is_read(service: Service) -> None:
    auth = b"Authorization: Bearer %s\r\n\r\n" % service.tokens["read"].encode()
    limits = ConnectionLimits(body_seconds=1, body_bytes_per_second=5)
    with running(service.api.app, limits) as address, connect(address) as connection:
        connection.sendall(POST.replace(b"100", b"30") + b"Connection: close\r\n" + auth)
        for _ in range(3):
            connection.sendall(b" " * 9)
            time.sleep(1.1)
        connection.sendall(b" {}")
        assert statuses(rest(connection)) == [b"200"]


def test_idle_connection_is_closed_after_its_answer(address: tuple[str, int]) -> None:
    with connect(address) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert statuses(rest(connection)) == [b"200"]


def test_blank_lines_do_not_keep_a_connection_open(address: tuple[str, int]) -> None:
    with connect(address) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert not trickle(connection, b"\n" * 400)


def test_client_that_reads_nothing_is_cut_off() -> None:
    ended = threading.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"a" * (1 << 20), "more_body": True})
            if (await receive_now(receive)) == "http.disconnect":
                ended.set()
                return

    async def receive_now(receive: Receive) -> str:
        try:
            return str((await asyncio.wait_for(receive(), 0.001))["type"])
        except TimeoutError:
            return ""

    with running(app, SHORT) as address, connect(address) as connection:
        connection.sendall(HEAD + b"\r\n")
        assert ended.wait(PATIENCE)


async def megabyte(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"a" * (1 << 20)})


def is_cut_off(address: tuple[str, int], seconds: float) -> bool:
    """Whether a client that reads some kilobytes a second, without a pause, is disconnected within `seconds`."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.settimeout(PATIENCE)
        connection.connect(address)
        connection.sendall(HEAD + b"\r\n")
        ends = time.monotonic() + seconds
        try:
            while time.monotonic() < ends:
                if not connection.recv(512):
                    return True
                time.sleep(0.1)
        except ConnectionResetError:
            return True
    return False


def test_client_that_reads_too_slowly_is_cut_off() -> None:
    limits = ConnectionLimits(write_seconds=3, write_bytes_per_second=100_000)
    with running(megabyte, limits, send_buffer=2048) as address:
        assert is_cut_off(address, PATIENCE)


def test_client_that_reads_fast_enough_is_served() -> None:
    limits = ConnectionLimits(write_seconds=3, write_bytes_per_second=100)
    with running(megabyte, limits, send_buffer=2048) as address:
        assert not is_cut_off(address, 8)


def test_connections_over_the_limit_get_503(address: tuple[str, int]) -> None:
    held = [connect(address) for _ in range(SHORT.max_connections)]
    with connect(address) as connection:
        connection.sendall(HEAD + b"\r\n")
        reply = rest(connection)
    assert parsed(reply)[1]["errors"][0]["id"] == "unavailable"  # type: ignore[index]
    assert statuses(reply) == [b"503"] and b"retry-after: 1\r\n" in reply and b"connection: close" in reply
    for connection in held:
        connection.close()


def test_places_are_free_again_after_a_flood(address: tuple[str, int]) -> None:
    held = [connect(address) for _ in range(SHORT.max_connections + 2 * MAX_LINGERING)]
    time.sleep(0.2)
    for connection in held:
        assert rest(connection)[:12] in (b"", b"HTTP/1.1 503")
        connection.close()
    with connect(address) as connection:
        connection.sendall(HEAD + b"Connection: close\r\n\r\n")
        assert statuses(rest(connection)) == [b"200"]
