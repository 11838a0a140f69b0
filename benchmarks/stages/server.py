"""A server under measurement, and a caller that costs little itself: plain sockets, requests encoded beforehand."""

from __future__ import annotations

import re
import select
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from benchmarks.measure import resident
from benchmarks.stages.asked import encoded
from benchmarks.stages.bench import ROOT, SERVER, environment, python
from benchmarks.workloads import Search

_LENGTH: Final = re.compile(rb"content-length: ([0-9]+)", re.IGNORECASE)
_EMAIL: Final = "benchmark@people.example"
_START_SECONDS: Final = 600.0
_SETTLED_SECONDS: Final = 3.0
_SETTLED_BYTES: Final = 1 << 20


class Connection:
    """One connection that is kept open. `token` may be empty for paths that need none."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._connect()
        self._authorization = f"Authorization: Bearer {token}\r\n" if token else ""

    def _connect(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self._port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def encode(self, path: str, body: bytes | None = None) -> bytes:
        """A whole request: POST where there is a body, else GET."""
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self._authorization}"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        return f"{head}\r\n".encode() + (body or b"")

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """The status and the whole body of the answer."""
        data = bytearray(self._begin(request))
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        length = _LENGTH.search(data, 0, end)
        if length is None:
            while not data.endswith(b"\r\n0\r\n\r\n"):
                data += self._receive()
        else:
            whole = end + 4 + int(length[1])
            while len(data) < whole:
                data += self._receive()
        return int(data[9:12]), bytes(data[end + 4 :])

    def _begin(self, request: bytes) -> bytes:
        """Send it; the first part of the answer. The server closes what has been idle for seconds: then anew."""
        try:
            self._socket.sendall(request)
            return self._receive()
        except (ConnectionError, BrokenPipeError):
            self.close()
            self._connect()
            self._socket.sendall(request)
            return self._receive()

    def _receive(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def search(self, search: Search) -> bytes:
        """The search as a request."""
        return self.encode(f"/v1/{search.kind}", encoded(search))

    def total(self, request: bytes) -> int:
        """How many records a search finds."""
        status, body = self.ask(request)
        assert status == 200, body
        return int(msgspec.json.decode(body)["meta"]["total"])

    def close(self) -> None:
        self._socket.close()


class Served:
    """A running server: its port, its process id and a token, and how long it took until it could answer."""

    def __init__(self, process: subprocess.Popen[str], port: int, token: str, start_s: float) -> None:
        self.process, self.port, self.pid, self.token, self.start_s = process, port, process.pid, token, start_s

    def connect(self) -> Connection:
        return Connection(self.port, self.token)

    def settle(self) -> None:
        """Wait until its memory has not grown for some seconds: a server takes what it keeps at hand after its start,
        which is nobody's processor time."""
        size, since = resident(self.pid), time.monotonic()
        while time.monotonic() < since + _SETTLED_SECONDS:
            time.sleep(_SETTLED_SECONDS / 10)
            now = resident(self.pid)
            if now > size + _SETTLED_BYTES:
                size, since = now, time.monotonic()


def make_token(home: Path, source: Path = ROOT) -> str:
    """A token of a user made for the benchmark."""
    env = environment(home, source)
    subprocess.run(python(None, "-m", "letrics.cli", "user", "add", _EMAIL), env=env, check=False, capture_output=True)
    command = python(None, "-m", "letrics.cli", "token", "create", "--user", _EMAIL, "--name", "benchmark")
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@contextmanager
def served(
    home: Path,
    command: Sequence[object] = ("-m", "letrics.cli", "serve", "--port", "0"),
    core: int | None = SERVER,
    source: Path = ROOT,
) -> Iterator[Served]:
    """A server over `home` with one worker, ready to answer; stopped at the end of the block. What it says of itself
    is beside `home`, in a file of that name and .log."""
    token = make_token(home, source)
    started = time.monotonic()
    with home.with_name(f"{home.name}.log").open("w") as log:
        process = subprocess.Popen(
            python(core, *command), env=environment(home, source), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        if not select.select([process.stdout], [], [], _START_SECONDS)[0]:
            raise TimeoutError("the server does not start")
        line = process.stdout.readline()
        found = re.search(r":([0-9]+)", line)
        if found is None:
            raise RuntimeError(f"the server has not started: {line!r}")
        yield Served(process, int(found[1]), token, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait()
