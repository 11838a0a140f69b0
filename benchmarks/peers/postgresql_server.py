"""A PostgreSQL server for the benchmark: its cluster is in one directory, and it ends with the process that started it.

PostgreSQL refuses to run as root, so root starts it as the user postgres.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from benchmarks.measure import family, memory

_USER = "postgres"
_SETTINGS = """
listen_addresses = ''
shared_buffers = {quarter}MB
effective_cache_size = {most}MB
work_mem = 256MB
hash_mem_multiplier = 4
maintenance_work_mem = 2GB
jit = off
random_page_cost = 1.05
effective_io_concurrency = 200
max_worker_processes = 8
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
max_parallel_maintenance_workers = 1
default_statistics_target = 1000
autovacuum = off
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 20GB
checkpoint_timeout = 1h
"""
"""For a dedicated machine with two cores; what is unsafe (no fsync) only speeds up the build. A second worker makes no
search faster on two cores, and each start of one takes milliseconds."""


def binaries() -> Path | None:
    """The directory of the newest PostgreSQL server's programs, or None."""
    packaged = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if packaged:
        return max(packaged, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Server:
    """One running cluster."""

    def __init__(self, cluster: Path) -> None:
        """Start the server of `cluster`, which is created if it does not exist."""
        cluster = cluster.absolute()
        programs = binaries()
        assert programs is not None
        self._socket = Path(tempfile.mkdtemp(prefix="peer-"))
        if os.geteuid() == 0:
            shutil.chown(self._socket, _USER)
        if not cluster.exists():
            self._make(programs, cluster)
        with (cluster.parent / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_user(), programs / "postgres", "-D", cluster, "-k", self._socket],
                stdout=log, stderr=log, cwd="/",
            )  # fmt: skip

    def _make(self, programs: Path, cluster: Path) -> None:
        cluster.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(cluster, _USER)
        command = [*_as_user(), programs / "initdb", "-D", cluster, "-U", _USER, "-A", "trust", "-E", "UTF8"]
        subprocess.run([*command, "--locale=C", "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
        with (cluster / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS.format(quarter=memory // 4, most=memory * 3 // 4))

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection, as soon as the server accepts one (within a minute)."""
        until = time.monotonic() + 60
        while True:
            try:
                return psycopg.connect(host=str(self._socket), user=_USER, dbname="postgres", autocommit=True)
            except psycopg.OperationalError:
                if time.monotonic() > until or self._process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.05)

    def memory_bytes(self) -> int:
        """The memory of the server and its processes; shared buffers that are in use count once."""
        return sum(map(memory, family(self._process.pid)))

    def stop(self) -> None:
        """Shut the server down cleanly, even if it has connections."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()
        shutil.rmtree(self._socket, ignore_errors=True)


def _as_user() -> list[str | Path]:
    """A prefix that also shuts the server down cleanly if this process is killed."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig=INT"]
    return ["setpriv", "--pdeathsig=INT", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]
