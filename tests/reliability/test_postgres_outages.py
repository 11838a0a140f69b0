"""A server whose PostgreSQL is away at the start, stopped, or silent: 503 in time, and back soon."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.reliability.running import PATIENCE, run_here, start
from tests.servers.postgres import PostgresServer, free_port, running_server
from tests.servers.proxy import Proxy

_IN_TIME_SECONDS = 2.0
"""Seconds within which a request without a database is refused."""
_BACK_SECONDS = 5.0
"""Seconds after which requests succeed again once the database is there."""
_MOST_CONNECTIONS = 12
"""More connections than a server process keeps: 8 for documents, and 1 each for requests, pages, keys and changes."""


class Client:
    """Sends requests to a server on `port`, and measures them."""

    def __init__(self, port: int, token: str) -> None:
        self.port = port
        headers = {"Authorization": f"Bearer {token}"}
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=PATIENCE)

    def check_refused(self, kinds: int = 1) -> None:
        """That many kinds of requests are refused in time, and health checks never wait."""
        upsert = {"json": {"records": [{"email": "x@y.example"}]}, "headers": {"Idempotency-Key": "k"}}
        every: tuple[tuple[str, str, dict[str, object]], ...] = (
            ("GET", "/v1/contacts", {}), ("GET", "/v1/contacts/c_x", {}), ("GET", "/v1/account", {}),
            ("GET", "/readyz", {}), ("POST", "/v1/contacts/upsert", upsert),
        )  # fmt: skip
        for method, path, given in every[:kinds]:
            took, reply = self.send(method, path, **given)
            assert reply.status_code == 503 and int(reply.headers["retry-after"]) <= 2, (path, reply.text)
            assert took < _IN_TIME_SECONDS, path
            took, reply = self.send("GET", "/healthz")
            assert reply.status_code == 200 and took < 0.5

    def check_back(self) -> None:
        """Searches succeed again soon."""
        since = time.monotonic()
        while True:
            reply = self.send("GET", "/v1/contacts")[1]
            if reply.status_code == 200:
                assert reply.json()["meta"]["total"] == 2
                return
            assert time.monotonic() - since < _BACK_SECONDS, reply.text
            time.sleep(0.02)

    def send(self, method: str, path: str, **given: object) -> tuple[float, httpx.Response]:
        """Send a request; returns the seconds that it took, and the reply."""
        since = time.monotonic()
        reply = self.http.request(method, path, **given)  # type: ignore[arg-type]
        return time.monotonic() - since, reply


@contextmanager
def serving(home: Path, url: str, token: str, workers: int = 1) -> Iterator[Client]:
    """Serve `home`; does not wait until the server is ready."""
    port = free_port()
    process = start(home, "serve", "--port", port, database=url, workers=workers)
    client, output = Client(port, token), ("", "")

    def read() -> None:
        nonlocal output
        output = process.communicate()  # a full pipe would stop the server

    reading = threading.Thread(target=read, daemon=True)
    reading.start()
    try:
        while True:
            try:
                client.send("GET", "/healthz")
                break
            except httpx.ConnectError:
                assert process.poll() is None, output[1]
                time.sleep(0.05)
        yield client
    finally:
        client.http.close()
        process.terminate()
        reading.join(PATIENCE)
    assert process.returncode == 0 and "Traceback" not in output[1], output[1]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    with running_server() as made:
        yield made


@pytest.fixture
def proxy(server: PostgresServer) -> Iterator[Proxy]:
    """The network between the program and the database."""
    with Proxy(server.port) as made:
        yield made


def filled(tmp_path: Path, url: str) -> str:
    """Import two contacts into a database; returns a token."""
    home, file = tmp_path / "home", tmp_path / "people.jsonl"
    rows = [{"id": str(number), "full_name": f"P {number}", "company_domain": "a.example"} for number in range(2)]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    run_here(home, "user", "add", "tests@people.example", database=url)
    run_here(home, "import", file, database=url)
    token = run_here(home, "token", "create", "--user", "tests@people.example", "--name", "x", "--scope", "write",
                     database=url).strip()  # fmt: skip
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")  # the servers of tests do not write commits to the disk at once
    return token


@pytest.mark.slow
def test_outages_of_a_database_end_in_time(tmp_path: Path, server: PostgresServer, proxy: Proxy) -> None:
    server.create_database("letrics")
    url = f"postgresql://letrics@127.0.0.1:{proxy.port}/letrics"
    token = filled(tmp_path, url)
    server.stop("immediate")
    with serving(tmp_path / "home", url, token) as client:
        client.check_refused()  # away at the start
        server.start()
        client.check_back()

        with psycopg.connect(server.url_of("letrics")) as other:  # slow: reads wait for a lock
            other.execute("LOCK TABLE contact IN ACCESS EXCLUSIVE MODE")
            took, reply = client.send("GET", "/v1/contacts")
            assert reply.status_code == 503 and took < _IN_TIME_SECONDS
            assert client.send("GET", "/healthz")[0] < 0.5
        client.check_back()

        server.stop("immediate")  # killed
        client.check_refused()
        server.start()
        client.check_back()

        proxy.be_silent()  # half-open: connections are there, and nothing comes
        client.check_refused(kinds=5)
        proxy.flow()
        client.check_back()

        proxy.be_silent()
        client.check_refused()
        proxy.cut()
        proxy.flow()
        client.check_back()
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = 'letrics'").fetchone()
        assert row is not None and row[0] <= _MOST_CONNECTIONS


@pytest.mark.slow
def test_several_processes_start_without_a_database(tmp_path: Path, server: PostgresServer) -> None:
    url = server.create_database("letrics")
    token = filled(tmp_path, url)
    server.stop("immediate")
    with serving(tmp_path / "home", url, token, workers=2) as client:
        client.check_refused()
        server.start()
        client.check_back()
