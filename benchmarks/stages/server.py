"""A server to measure, and the little that stages ask it themselves. Load is sent by `wrk.py`."""

from __future__ import annotations

import http.client
import json
import re
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.stages.bench import ROOT, SERVER, environment, letrics, python
from benchmarks.workloads import Search

_EMAIL: Final = "benchmark@people.example"
_START_SECONDS: Final = 600.0
"""The longest time a server may take to start."""
_FOUND_SECONDS: Final = 600.0
"""The longest time until a search finds a change."""
SETTLE_SECONDS: Final = 5.0
"""The time after its start in which a server prepares its pages, which costs CPU time. Older commits also
reserved memory."""
SERVE: Final = ("-m", "letrics.cli", "serve", "--port", "0")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server, and the seconds from the start of its process until it was ready."""

    port: int
    pid: int
    token: str
    start_s: float

    def total(self, search: Search) -> int:
        """The number of records a search finds."""
        path, _, body = search.line().strip().partition(b" ")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_START_SECONDS)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        connection.request("POST", path.decode(), body, headers)
        response = connection.getresponse()
        found = json.loads(response.read())
        connection.close()
        assert response.status == 200, found
        return int(found["meta"]["total"])

    def until_found(self, search: Search, total: int, pause_s: float = 0.005) -> float:
        """Seconds from now until the search finds `total` records."""
        started = time.monotonic()
        while self.total(search) != total:
            if time.monotonic() - started > _FOUND_SECONDS:
                raise TimeoutError(f"{search.body} does not find {total} records")
            time.sleep(pause_s)
        return time.monotonic() - started


def make_token(home: Path, source: Path = ROOT) -> str:
    """A token of a user made for the benchmark."""
    env = environment(home, source)
    subprocess.run(letrics(None, "user", "add", _EMAIL), env=env, check=False, capture_output=True)
    command = letrics(None, "token", "create", "--user", _EMAIL, "--name", "benchmark")
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@contextmanager
def served(
    home: Path, command: Sequence[object] = SERVE, core: int | None = SERVER, source: Path = ROOT
) -> Iterator[Served]:
    """A server over `home` with one worker, ready for requests, until the end of the block.

    Its log is a file next to `home`, with its name and .log.
    """
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
        yield Served(int(found[1]), process.pid, token, time.monotonic() - started)
    finally:
        process.terminate()
        process.wait()
