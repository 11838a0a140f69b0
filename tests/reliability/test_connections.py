"""More connections than open files allow, and requests that delay the server: other requests are served."""

from __future__ import annotations

import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.reliability.running import PATIENCE, Server, serving, start

FILES = 1024
IDLE = 1200
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = b"POST /v1/contacts HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
MIB = b"a" * (1 << 20)
HOSTILE: dict[str, list[bytes]] = {
    "a trailer without end": [CHUNKED + b"0\r\nX: ", *[MIB] * 50],
    "trailers without end": [CHUNKED + b"0\r\n", *[b"a: b\r\n" * 170_000] * 20],
    "an extension without end": [CHUNKED + b"2;", *[MIB] * 50],
    "tiny chunks": [CHUNKED, b"1\r\nx\r\n" * 200_000],
    "headers without end": [HEALTH + b"a: b\r\n" * 300_000],
    "a header without end": [HEALTH + b"a: ", *[MIB] * 20],
    "a URL without end": [b"GET /", *[MIB] * 20],
    "pipelined requests": [(HEALTH + b"\r\n") * 50_000],
    "spaces in Accept-Encoding": [
        b"GET /docs HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip" + b" " * 30_000 + b"x\r\n\r\n"
    ],
    "cookies": [b"GET /signin HTTP/1.1\r\nHost: localhost\r\nCookie: " + b"a=b;" * 7_500 + b"\r\n\r\n"],
    "a long form": [
        b"POST /signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n\r\n",
        *[MIB] * 20,
    ],
}


@pytest.fixture(scope="module", autouse=True)
def many_files() -> Iterator[None]:
    """This process needs an open file for each connection too."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] < 3 * IDLE:
        pytest.skip(f"needs {3 * IDLE} open files, {before[1]} are allowed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(before[0], 3 * IDLE), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def health(server: Server) -> int:
    """The status that a new client gets."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as connection:
        connection.sendall(HEALTH + b"Connection: close\r\n\r\n")
        return int(connection.recv(4096).split(b" ", 2)[1])


def resident_mb(pid: int) -> float:
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


@contextmanager
def asking(server: Server) -> Iterator[list[float]]:
    """The seconds that each of another client's requests takes, until the end of the block."""
    took: list[float] = []
    done = threading.Event()

    def ask() -> None:
        while not done.wait(0.005):
            started = time.perf_counter()
            assert health(server) == 200
            took.append(time.perf_counter() - started)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield took
    finally:
        done.set()
        thread.join(PATIENCE)


@pytest.mark.parametrize("workers", [1, 2])
def test_new_client_gets_a_response_beside_idle_connections(tmp_path: Path, workers: int) -> None:
    with serving(tmp_path / "home", files=FILES, workers=workers, head_timeout_seconds=3) as server:
        held = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) for _ in range(IDLE * workers)]
        for _ in range(10):
            started = time.monotonic()
            assert health(server) in (200, 503)
            assert time.monotonic() - started < 5  # a second is asked for; this machine may be busy
        started = time.monotonic()
        while health(server) != 200:  # the idle ones are cut off in time
            assert time.monotonic() - started < PATIENCE
            time.sleep(0.1)
        for connection in held:
            connection.close()


def test_hostile_requests_hold_up_nobody(tmp_path: Path) -> None:
    with serving(tmp_path / "home", files=FILES) as server:
        health(server)
        before = resident_mb(server.pid)
        with asking(server) as took:
            for parts in HOSTILE.values():
                for _ in range(2):
                    send(server, parts)
        assert len(took) > 10 and max(took) < 3
        assert resident_mb(server.pid) - before < 50


def send(server: Server, parts: list[bytes]) -> None:
    """Send them, and wait for the server to close, at most a second."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=1) as connection:
        try:
            for part in parts:
                connection.sendall(part)
            while connection.recv(1 << 16):
                pass
        except OSError:
            pass


def test_max_connections_above_open_files_is_refused(tmp_path: Path) -> None:
    process = start(tmp_path / "home", "serve", "--port", "0", files=FILES, max_connections=1000)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2 and "max_connections = 1,000" in err and "LimitNOFILE" in err
