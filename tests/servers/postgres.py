"""A private PostgreSQL server on the loopback address, with a database for each test.

One server is started by the first test of a process that needs it. PostgreSQL refuses to run as root, so root starts
it as the user `nobody`. A shell waits for the end of the tests, also if they are killed. Then it stops the server and
deletes its data, which takes too long for a process that is ending.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final, Literal

import psycopg
import pytest

_NOBODY: Final = 65534
"""The user and the group that run the server if the tests run as root."""
_PACKAGED: Final = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu put the programs of each version of the server."""
_SETTINGS: Final = (
    "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''", "shared_buffers = 32MB", "max_connections = 60",
    "wal_level = replica", "max_wal_senders = 4", "hot_standby = on", "max_wal_size = 1GB",
    "autovacuum_naptime = 3600", "lc_messages = 'C'",
)  # fmt: skip
_NOT_DURABLE: Final = ("fsync = off", "full_page_writes = off", "synchronous_commit = off")
_GUARD: Final = """(
while kill -0 "$1" 2> /dev/null; do sleep 1; done
kill -QUIT "$(head -n 1 "$2/data/postmaster.pid")" 2> /dev/null
sleep 1
rm -rf "$2"
) &
"""
"""A shell script that goes on in the background: when the process $1 has ended, it stops the server in the directory $2
and deletes the directory."""
_numbers: Final = count(1)


def programs() -> Path | None:
    """The directory of the server's programs; None if PostgreSQL is not installed."""
    versions = [path for path in _PACKAGED.glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return None if found is None else Path(found).resolve().parent


def missing() -> str | None:
    """What tests with PostgreSQL lack on this machine, as the reason of a skipped test."""
    if programs() is None:
        return "PostgreSQL is not installed: apt-get install postgresql"
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        return "PostgreSQL refuses to run as root, and setpriv is missing: apt-get install util-linux"
    return None


def free_port() -> int:
    """A TCP port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class PostgresServer:
    """One server with its own directory and port. The superuser is `letrics`; loopback connections need no password.

    A server that is not `durable` does not wait for the disk.
    """

    def __init__(self, directory: Path, port: int, *, durable: bool = False) -> None:
        self.directory = directory
        self.port = port
        self._durable = durable

    @property
    def url(self) -> str:
        """The URL of the database for maintenance."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The URL of a database of the server."""
        return f"postgresql://letrics@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Create the server's data and start it."""
        self._make_directory()
        self._run("initdb", "-U", "letrics", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-instructions",
                  "--no-sync")  # fmt: skip
        self._configure()
        self.start()

    def create_standby_of(self, primary: PostgresServer) -> None:
        """Copy a running server and start the copy as its streaming standby."""
        self._make_directory()
        self._run("pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "letrics", "-R", "-X", "stream",
                  "-C", "-S", f"standby_{self.port}", "-c", "fast", "--no-sync")  # fmt: skip
        self._configure()
        self.start()

    def start(self) -> None:
        """Start the server, and wait until it accepts connections."""
        self._run("pg_ctl", "-s", "-w", "-l", str(self.directory / "log"), "start")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop the server. `immediate` stops it as a crash does."""
        self._run("pg_ctl", "-s", "-w", "-m", mode, "stop")

    def promote(self) -> None:
        """Make a standby the primary."""
        self._run("pg_ctl", "-s", "-w", "promote")

    def create_database(self, name: str) -> str:
        """Create an empty database; returns its URL."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self.url_of(name)

    def remove(self) -> None:
        """Stop the server if it runs, and delete its data."""
        with suppress(subprocess.CalledProcessError):
            self.stop("immediate")
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    def _make_directory(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.directory, _NOBODY, _NOBODY)

    def _configure(self) -> None:
        settings = [f"port = {self.port}", *_SETTINGS, *(() if self._durable else _NOT_DURABLE)]
        with (self._data / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")

    def _run(self, program: str, *arguments: str) -> None:
        directory = programs()
        assert directory is not None
        drop: list[str] = []
        if os.geteuid() == 0:
            drop = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        command = [*drop, str(directory / program), "-D", str(self._data), *arguments]
        output = self.directory / f"{program}.out"  # a file: the server inherits it, and a pipe would stay open
        with output.open("w") as file:
            subprocess.run(
                command, check=True, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=self.directory,
                env={"PATH": os.defpath, "HOME": str(self.directory), "LC_ALL": "C.UTF-8"}, timeout=60,
            )  # fmt: skip


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A new server, which is removed at the end. Skips the test if PostgreSQL is missing."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    server = _new_server(durable=durable)
    try:
        server.create()
        yield server
    finally:
        server.remove()


@contextmanager
def running_standby(primary: PostgresServer) -> Iterator[PostgresServer]:
    """A new streaming standby of a server, which is removed at the end."""
    standby = _new_server(durable=True)
    try:
        standby.create_standby_of(primary)
        yield standby
    finally:
        standby.remove()


def shared_server() -> PostgresServer:
    """The server that all tests of this process share. Skips the test if PostgreSQL is missing."""
    reason = missing()
    if reason:
        pytest.skip(reason)
    return _start_shared()


def new_database() -> str:
    """The URL of a new and empty database of the shared server. Skips the test if PostgreSQL is missing."""
    return shared_server().create_database(f"test{next(_numbers)}")


@cache
def database_of(directory: Path) -> str:
    """The URL of the database that belongs to a directory: a new one for the first call. Skips as `new_database`."""
    return new_database()


def _new_server(*, durable: bool) -> PostgresServer:
    """A server without data. Its directory is not below that of pytest, which other users may not read."""
    directory = Path(tempfile.mkdtemp(prefix="letrics-postgres-"))
    subprocess.run(
        ["sh", "-c", _GUARD, "sh", str(os.getpid()), str(directory)], check=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    return PostgresServer(directory, free_port(), durable=durable)


@cache
def _start_shared() -> PostgresServer:
    server = _new_server(durable=False)
    server.create()
    return server
