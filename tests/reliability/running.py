"""The real program in separate processes: commands run to their end, and a server on a free port."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from click.testing import CliRunner

from letrics.cli import cli

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds after which something that should happen is given up on."""


def environment(home: Path | None = None, **settings: object) -> dict[str, str]:
    """An environment with no settings but these."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LETRICS_")}
    given = {f"LETRICS_{name.upper()}": str(value) for name, value in settings.items()}
    given |= {} if home is None else {"LETRICS_HOME": str(home)}
    return kept | {"PYTHONPATH": str(ROOT / "src")} | given


def start(home: Path, *arguments: object, files: int | None = None, **settings: object) -> subprocess.Popen[str]:
    """The command line, started; `files` limits the number of its open files."""

    def limit() -> None:
        if files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

    command = [sys.executable, "-m", "letrics.cli", *map(str, arguments)]
    return subprocess.Popen(
        command, env=environment(home, **settings), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=limit,
    )  # fmt: skip


def letrics(home: Path, *arguments: object, code: int = 0, **settings: object) -> str:
    """Run a command to its end, which must be with exit code `code`; returns its standard output."""
    process = start(home, *arguments, files=None, **settings)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, f"{arguments} ended with {process.returncode}\n{out}\n{err}"
    return out


def run_here(home: Path, *arguments: object, **settings: object) -> str:
    """Run a command in this process, for tests that are not about it: that is ten times as fast as a separate one."""
    given = environment(home, **settings)
    changes = {name: given.get(name) for name in {*os.environ, *given} if name.startswith("LETRICS_")}
    result = CliRunner(env=changes).invoke(cli, [*map(str, arguments)], prog_name="letrics")
    assert result.exit_code == 0, f"{arguments} ended with {result.exit_code}\n{result.output}\n{result.exception!r}"
    return result.stdout


class Server:
    """A running server, with a token that may write."""

    def __init__(self, home: Path, url: str, token: str, pid: int) -> None:
        self.home = home
        self.pid = pid
        self.url = url
        self.token = token
        self.client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE)

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def total(self, kind: str, **body: Any) -> int:
        answer = self.client.post(f"/v1/{kind}", json={**body, "per_page": 1})
        assert answer.status_code == 200, answer.text
        return int(answer.json()["meta"]["total"])

    def workers(self) -> list[int]:
        """The processes that serve, where there are several."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        # The other child, which multiprocessing starts, tracks shared resources.
        return [int(pid) for pid in children if b"spawn_main" in _command(pid)]

    def alive(self) -> bool:
        return self.client.get("/healthz").status_code == 200


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:  # it has just ended
        return b""


def make_token(home: Path, name: str = "tests", *options: str, **settings: object) -> str:
    words = ("token", "create", "--user", "tests@people.example", "--name", name, *options)
    return run_here(home, *words, **settings).strip()


@contextmanager
def serving(home: Path, files: int | None = None, **settings: object) -> Iterator[Server]:
    """Serve `home` on a free port until the end of the block; `files` as for `start`."""
    run_here(home, "user", "add", "tests@people.example")
    token = make_token(home, "tests", "--scope", "write")
    process = start(home, "serve", "--port", "0", files=files, **settings)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.search(r"http://[0-9.]+:[0-9]+", line)
        assert url, line + process.communicate()[1]
        server = Server(home, url[0], token, process.pid)
        yield server
        server.client.close()
    finally:
        process.terminate()
        try:
            _, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        # Bytes that are not HTTP close the transport while a response is sent, which uvicorn logs as a failure.
        assert err.count("Traceback") == err.count("RuntimeError: Cannot call write() after write_eof()"), err


def until(condition: Any, seconds: float = PATIENCE, pause: float = 0.01) -> float:
    """How many seconds it took until `condition()` was true; fails when it never is."""
    started = time.monotonic()
    while not condition():
        assert time.monotonic() - started < seconds, "it never came about"
        time.sleep(pause)
    return time.monotonic() - started
