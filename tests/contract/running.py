"""A service in separate processes over the small world, and a client of its API."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.settings import Home
from tests.contract.world import put
from tests.default_backends import open_store
from tests.reliability.running import environment

LETRICS = [sys.executable, "-m", "letrics.cli"]

PATIENCE = 30.0


def _command(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:  # it has just ended
        return b""


@dataclass
class Running:
    process: subprocess.Popen[str]
    home: Home
    client: httpx.Client
    token: int

    def workers(self) -> list[int]:
        """The pids of the server processes, if there are several."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        # The other child, which multiprocessing starts, tracks shared resources.
        return [int(pid) for pid in children.split() if b"spawn_main" in _command(pid)]


@contextlib.contextmanager
def running(path: Path, *options: str) -> Iterator[Running]:
    home = Home(path).make()
    with AccountsDatabase(home.accounts) as accounts:
        Users(accounts).add("ann@people.example")
        secret, token = Tokens(accounts).create("ann@people.example", "test", ["write"])
    with open_store(home.database) as store:
        put(store)
    command = [*LETRICS, "serve", "--home", str(path), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Serving on http://"), process.communicate(timeout=PATIENCE)[1]
        headers = {"Authorization": f"Bearer {secret}"}
        with httpx.Client(base_url=line.split()[2], headers=headers, timeout=PATIENCE) as client:
            yield Running(process, home, client, token.id)
    finally:
        process.kill()
        process.communicate()
