"""A client for each process of a server: a connection stays with the process that accepted it."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.reliability.running import PATIENCE, Server, until


def clients_of_workers(server: Server) -> dict[int, httpx.Client]:
    """A client of each worker, by the number of its process. Each keeps one connection open; the caller closes them."""
    pids = server.workers() or [server.pid]
    clients: dict[int, httpx.Client] = {}

    def find_more() -> bool:
        made = httpx.Client(
            base_url=server.url, headers={"Authorization": f"Bearer {server.token}"}, timeout=PATIENCE,
            limits=httpx.Limits(max_connections=1, keepalive_expiry=None),
        )  # fmt: skip
        with made.stream("GET", "/healthz") as reply:
            reply.read()
            port = reply.extensions["network_stream"].get_extra_info("client_addr")[1]
        pid = _holder(port, server.port, pids)
        if pid is None or pid in clients:
            made.close()
        else:
            clients[pid] = made
        return len(clients) == len(pids)

    until(find_more)
    return clients


def _holder(client_port: int, server_port: int, pids: list[int]) -> int | None:
    """The process that accepted the connection from a port of this process."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        words = line.split()
        here, there = (int(address.rsplit(":", 1)[1], 16) for address in words[1:3])
        if (here, there) == (server_port, client_port):
            return next((pid for pid in pids if f"socket:[{words[9]}]" in _open_files(pid)), None)
    return None


def _open_files(pid: int) -> list[str]:
    found = []
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(opened.readlink()))
        except FileNotFoundError:  # it has just been closed
            continue
    return found


def count_open_files(pid: int) -> int:
    return len(_open_files(pid))


def private_bytes(pid: int) -> int:
    """The memory of a process, with its share of what it shares with others."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return 1024 * int(rollup.split("\nPss:")[1].split()[0])
