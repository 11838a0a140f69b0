"""A client for tests of load: many connections in one event loop, with times in processor time of the server.

On a machine that other programs use, processor time of the server says how long a request waits for the work of others;
on an idle machine it is the time that a client waits.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def cpu_seconds(pid: int) -> float:
    """The processor time of a process: its CPU-time clock (clock_getcpuclockid)."""
    return time.clock_gettime((~pid << 3) | 2)


def anonymous_mb(pid: int) -> float:
    """The memory of a process without mapped files."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


@dataclass
class Times:
    """Statuses of requests, with the seconds that each took by the clock and in processor time of the server."""

    statuses: Counter[int] = field(default_factory=Counter)
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def add(self, status: int, wall: float, cpu: float) -> None:
        self.statuses[status] += 1
        self.wall.append(wall)
        self.cpu.append(cpu)

    def cpu_ms(self, share: float) -> float:
        """The quantile of the processor times, in milliseconds."""
        return sorted(self.cpu)[int(len(self.cpu) * share)] * 1000 if self.cpu else 0.0

    def wall_ms(self, share: float) -> float:
        return sorted(self.wall)[int(len(self.wall) * share)] * 1000 if self.wall else 0.0

    def __str__(self) -> str:
        return (
            f"{dict(self.statuses)}, p50 {self.wall_ms(0.5):.0f} ms, p99 {self.wall_ms(0.99):.0f} ms; in processor "
            f"time of the server p50 {self.cpu_ms(0.5):.1f} ms, p99 {self.cpu_ms(0.99):.1f} ms"
        )


@dataclass
class Response:
    status: int
    head: str
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class LoadClient:
    """One connection to the server, which is opened with the first request."""

    def __init__(self, port: int, pid: int, token: str) -> None:
        self._port = port
        self._pid = pid
        self._token = token
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: object = None) -> None:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        self._streams[1].write(head.encode() + data)
        await self._streams[1].drain()

    async def receive(self, only_head: bool = False) -> Response:
        assert self._streams is not None
        reader = self._streams[0]
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        status = int(head.split()[1])
        if only_head:
            return Response(status, head, b"")
        if "content-length:" in head:
            size = int(head.split("content-length:")[1].split("\r\n")[0])
            return Response(status, head, await reader.readexactly(size))
        parts = []
        while size := int(await reader.readline(), 16):
            parts.append((await reader.readexactly(size + 2))[:-2])
        await reader.readexactly(2)
        return Response(status, head, b"".join(parts))

    async def ask(self, method: str, path: str, body: object = None, times: Times | None = None) -> Response:
        """Send a request and receive the response."""
        started, cpu = time.perf_counter(), cpu_seconds(self._pid)
        await self.send(method, path, body)
        response = await self.receive()
        if times is not None:
            times.add(response.status, time.perf_counter() - started, cpu_seconds(self._pid) - cpu)
        return response

    def close(self) -> None:
        """Leave at once."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None
