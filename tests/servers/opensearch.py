"""OpenSearch nodes on the loopback address for tests. `python -m tests.servers.opensearch DIR NODES` runs a cluster.

The nodes have no security plugin, so they must not listen on any other address.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, suppress
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.servers.opensearch_home import NOBODY, find_java, install, missing

_SECONDS: Final = 120
"""Time limit for a cluster to become green: machines that run tests are busy."""
_SETTINGS: Final = """\
cluster.name: letrics-test
node.name: node-{number}
path.data: {directory}/data
path.logs: {directory}/logs
network.host: 127.0.0.1
http.port: {http}
transport.port: {transport}
{discovery}
cluster.routing.allocation.disk.threshold_enabled: false
action.auto_create_index: false
indices.query.bool.max_clause_count: 8192
node.processors: 2
"""
_LOGGING: Final = """\
status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d{ISO8601}][%-5p][%c{1.}] %m%n
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
"""
_MEMORY_BYTES: Final = 1 << 30
"""Free bytes from which a test run has its indexes in memory: containers often have 64 MiB."""
_GUARD: Final = 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; kill -9 $(cat "$0"/*/pid); rm -rf "$0"'
"""Shell code that ends the nodes of the directory $0 when the process $1 has ended, and deletes the directory."""
_SHARED: Final[list[Cluster]] = []
"""The cluster of the test run, if this process started it. It keeps the objects of processes that outlive it."""


class Cluster:
    """A cluster of `nodes` nodes, numbered from 1, with their data below `directory`."""

    def __init__(self, directory: Path, nodes: int = 1, heap: str = "512m") -> None:
        self._directory = directory
        self._heap = heap
        self._home = install()
        ports = _free_ports(2 * nodes)
        self._http, self._transport = ports[:nodes], ports[nodes:]
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._guard: subprocess.Popen[bytes] | None = None
        for number in range(1, nodes + 1):
            self._configure(number)

    @property
    def url(self) -> str:
        """The URL of all nodes, without a prefix of indexes."""
        return "opensearch+http://" + ",".join(f"127.0.0.1:{port}" for port in self._http)

    def start(self) -> None:
        """Start all nodes and wait until the cluster is green. Takes 6 to 10 s."""
        for number in range(1, len(self._http) + 1):
            self.revive(number)
        self.wait_green()

    def kill(self, number: int) -> None:
        """End a node without notice, as a power failure does."""
        process = self._processes.pop(number)
        process.kill()
        process.wait()

    def freeze(self, number: int) -> None:
        """Stop a node so that it accepts connections and does not reply."""
        self._processes[number].send_signal(signal.SIGSTOP)

    def thaw(self, number: int) -> None:
        """Let a frozen node go on."""
        self._processes[number].send_signal(signal.SIGCONT)

    def revive(self, number: int) -> None:
        """Start a node on the data it has."""
        directory = self._directory / str(number)
        java = find_java()
        assert java is not None
        drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        with (directory / "out.log").open("ab") as out:
            self._processes[number] = subprocess.Popen(
                [
                    *(["setpriv", *drop] if os.geteuid() == 0 else []),
                    str(java),
                    *(f"-Xms{self._heap}", f"-Xmx{self._heap}", "-XX:+ExitOnOutOfMemoryError"),
                    "-XX:TieredStopAtLevel=1",  # the quick compiler alone: a cluster starts in a quarter of the time
                    *("-XX:+AutoCreateSharedArchive", f"-XX:SharedArchiveFile={self._home}/archive/node.jsa"),
                    *("-Xlog:cds=off", "-Xlog:cds+dynamic=off", "--add-modules=jdk.incubator.vector"),
                    *("--enable-native-access=ALL-UNNAMED", f"-Djava.io.tmpdir={directory}/tmp"),
                    *("-Djava.awt.headless=true", "-Dio.netty.noUnsafe=true", "-Dlog4j2.disable.jmx=true"),
                    *(f"-Dopensearch.path.home={self._home}", f"-Dopensearch.path.conf={directory}/config"),
                    *("-cp", f"{self._home}/lib/*", "org.opensearch.bootstrap.OpenSearch"),
                ],
                cwd=directory, env={"PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip
        (directory / "pid").write_text(str(self._processes[number].pid))

    def wait_green(self) -> None:
        """Wait until all nodes that run belong to the cluster and all shards have all copies."""
        until = time.monotonic() + _SECONDS
        number = next(iter(self._processes))
        query = f"wait_for_nodes={len(self._processes)}&wait_for_status=green&timeout=1s"
        while True:
            with suppress(OSError), urllib.request.urlopen(
                f"http://127.0.0.1:{self._http[number - 1]}/_cluster/health?{query}", timeout=5
            ) as response:  # fmt: skip
                if response.status == 200:
                    return
            ended = [number for number, process in self._processes.items() if process.poll() is not None]
            if ended or time.monotonic() > until:
                log = (self._directory / str((ended or [number])[0]) / "out.log").read_text(errors="replace")
                raise RuntimeError(f"the cluster is not green: {log[-3000:]}")
            time.sleep(0.2)

    def stop(self) -> None:
        """End all nodes, and the guard."""
        for number in [*self._processes]:
            self.kill(number)
        if self._guard is not None:
            self._guard.kill()
            self._guard.wait()

    def guard(self, pid: int) -> None:
        """Have the nodes killed and the directory deleted when the process `pid` has ended, however it ends."""
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, str(self._directory), str(pid)],
            start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def _configure(self, number: int) -> None:
        directory = self._directory / str(number)
        for name in ("config", "data", "logs", "tmp"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        hosts = ", ".join(f'"127.0.0.1:{port}"' for port in self._transport)
        names = ", ".join(f"node-{other}" for other in range(1, len(self._http) + 1))
        discovery = "discovery.type: single-node"
        if len(self._http) > 1:
            discovery = f"discovery.seed_hosts: [{hosts}]\ncluster.initial_cluster_manager_nodes: [{names}]"
        http, transport = self._http[number - 1], self._transport[number - 1]
        (directory / "config" / "opensearch.yml").write_text(
            _SETTINGS.format(number=number, directory=directory, http=http, transport=transport, discovery=discovery)
        )
        (directory / "config" / "log4j2.properties").write_text(_LOGGING)
        if os.geteuid() == 0:
            for path in (directory, *directory.rglob("*")):
                os.chown(path, NOBODY, NOBODY)


@cache
def shared_url() -> str:
    """The URL of a node that all processes of this test run share. Skips the test if no node can run here.

    The first caller starts it. It ends when the test run does.
    """
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    memory = Path("/dev/shm")  # creating indexes waits for the disk many times
    fits = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > _MEMORY_BYTES
    parent = memory if fits else Path(tempfile.gettempdir())
    directory = parent / f"letrics-opensearch-run-{run}"
    directory.mkdir(mode=0o755, exist_ok=True)
    with (directory / "url").open("a+") as shared:
        fcntl.flock(shared, fcntl.LOCK_EX)
        shared.seek(0)
        if url := shared.read():
            return url
        cluster = Cluster(directory)
        with ExitStack() as stack:
            stack.callback(cluster.stop)
            cluster.start()
            stack.pop_all()
        cluster.guard(run)
        _SHARED.append(cluster)
        shared.write(cluster.url)
        return cluster.url


def _free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def main() -> None:
    """Run a cluster until it is interrupted or terminated."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    directory, nodes = Path(sys.argv[1]).absolute(), int(sys.argv[2])
    directory.mkdir(mode=0o755, parents=True, exist_ok=True)
    cluster = Cluster(directory, nodes)
    try:
        cluster.start()
        sys.stdout.write(f"{cluster.url}\n")
        sys.stdout.flush()
        signal.pause()
    except KeyboardInterrupt:
        pass
    finally:
        cluster.stop()
        shutil.rmtree(directory)


if __name__ == "__main__":
    main()
