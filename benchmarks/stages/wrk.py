"""Load over HTTP by wrk (`apt-get install wrk`), which costs little itself. wrk.lua sends the requests of a file."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.measure import Spread, cpu_seconds
from benchmarks.stages.bench import CLIENT, Figures
from benchmarks.stages.server import Served

_LUA: Final = Path(__file__).with_name("wrk.lua")
_FOREVER: Final = 86_400
"""The seconds of a run that ends when it is stopped or has sent all requests."""


class Load:
    """A running wrk. It sends the lines of `requests` over and over, or once, until its time is over or it is stopped.

    `rest_ms` is the pause before each request. `first` runs it before all others on its core, where that is permitted,
    so that their work is not counted as the server's.
    """

    def __init__(
        self,
        server: Served,
        requests: Iterable[bytes],
        connections: int = 1,
        seconds: int = _FOREVER,
        once: bool = False,
        rest_ms: float = 0.0,
        first: bool = False,
    ) -> None:
        if shutil.which("wrk") is None:
            raise FileNotFoundError("wrk is not installed: apt-get install wrk")
        self._server = server
        self._file = tempfile.NamedTemporaryFile(suffix=".requests")  # noqa: SIM115
        self._file.writelines(requests)
        self._file.flush()
        env = os.environ | {"REQUESTS": self._file.name, "TOKEN": server.token, "REST_MS": str(rest_ms)}
        command = ["chrt", "--fifo", "1"] if first and _may_run_first() else []
        command += ["taskset", "-c", str(CLIENT), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        self._cpu_s = cpu_seconds(server.pid)
        self._process = subprocess.Popen(
            [*command, "--timeout", "600s", "-s", _LUA, f"http://127.0.0.1:{server.port}"],
            env=env | {"ONCE": "1"} if once else env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip

    def result(self) -> Figures:
        """Wait for the end. Latencies in ms, requests a second, errors, and CPU time of the server a request."""
        out, _ = self._process.communicate()
        cpu_s = cpu_seconds(self._server.pid) - self._cpu_s
        self._file.close()
        if self._process.returncode:
            raise RuntimeError(f"wrk failed: {out}")
        found: Figures = json.loads(out.splitlines()[-1])
        ms: Spread = {name: found.pop(name) for name in ("p50", "p90", "p99", "max")}
        return {**found, "ms": ms, "cpu_us": cpu_s / max(1, found["requests"]) * 1e6}

    def stop(self, when_sent: bool = False) -> Figures:
        """End it now, or when all requests were sent once; the result so far."""
        if when_sent:
            assert self._process.stderr is not None
            self._process.stderr.readline()
        self._process.send_signal(signal.SIGINT)
        return self.result()


def send_once(server: Served, requests: Iterable[bytes]) -> Figures:
    """Each request once, over one connection."""
    found = Load(server, requests, once=True).stop(when_sent=True)
    if found["errors"]:
        raise RuntimeError(f"{found['errors']:.0f} requests failed")
    return found


@contextmanager
def in_background(server: Served, requests: Iterable[bytes]) -> Iterator[None]:
    """Send the requests over and over until the end of the block."""
    load = Load(server, requests)
    try:
        yield
    finally:
        load.stop()


def _may_run_first() -> bool:
    return subprocess.run(["chrt", "--fifo", "1", "true"], check=False, capture_output=True).returncode == 0
