"""A PostgreSQL server of the benchmark's own: its cluster in one directory, a socket, stopped by its own process.

PostgreSQL refuses to run as root, so root hands it to the user postgres.
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

from benchmarks.peers.base import process_bytes

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
"""For a machine of two cores that does nothing else; what is unsafe (no fsync) only hastens the build. A second worker
beside the leader makes no search faster on two cores, and each start of one takes milliseconds."""


def binaries() -> Path | None:
    """Where the newest PostgreSQL server's programs are; None where there is none."""
    packaged = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if packaged:
        return max(packaged, key=lambda path: int(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Server:
    """One running cluster."""

    def __init__(self, cluster: Path) -> None:
        """Start the server of `cluster`, which is made where it is not there."""
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
        """A connection, as soon as the server takes one (within a minute)."""
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
        """Of the server and its processes; shared buffers that are in use count once."""
        return sum(process_bytes(pid) for pid in _family(self._process.pid))

    def stop(self) -> None:
        """The server stops in good order, whatever connections it has."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait()
        shutil.rmtree(self._socket, ignore_errors=True)


def _as_user() -> list[str | Path]:
    """Stopped in good order too if this process is killed."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig=INT"]
    return ["setpriv", "--pdeathsig=INT", f"--reuid={_USER}", f"--regid={_USER}", "--init-groups"]


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]
