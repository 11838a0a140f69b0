"""The primary of PostgreSQL crashes and its standby takes over, during upserts and searches over HTTP, and an import.

`make reliability` runs these tests. Commits wait for the standby, as they must where no commit may be lost.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.reliability.running import PATIENCE, run_here, start
from tests.reliability.test_postgres_outages import Client, filled, serving
from tests.servers.postgres import PostgresServer, running_server, running_standby
from tests.waiting import wait_for

ROUNDS = int(os.environ.get("FAILOVERS", "0"))
"""How many times the primary crashes; without it, the test is skipped."""
_RESUMED_SECONDS = 5.0
"""Seconds after a crash within which an upsert succeeds."""
_LONGEST_SECONDS = 2.0
"""The longest time that a request may take."""
_RECORDS = 50
"""Records of an upsert."""
_IMPORTED = 16_000
"""Rows of an import."""
_BATCH = 500
"""Rows that it commits together."""


class Upserts:
    """Upserts batches of new contacts in an endless loop, each again until it succeeds."""

    def __init__(self, port: int, token: str) -> None:
        self._client = Client(port, token)
        self.done: list[str] = []
        self.longest_gap = 0.0
        self.statuses: dict[int, int] = {}

    def run(self, stopping: threading.Event) -> None:
        last, number = time.monotonic(), 0
        while not stopping.is_set():
            records = [{"id": f"n{number}-{each}", "full_name": f"N {each}"} for each in range(_RECORDS)]
            _, reply = self._client.send("POST", "/v1/contacts/upsert", json={"records": records})
            self.statuses[reply.status_code] = self.statuses.get(reply.status_code, 0) + 1
            if reply.status_code == 200:
                self.done += [record["id"] for record in records]
                self.longest_gap = max(self.longest_gap, time.monotonic() - last)
                last, number = time.monotonic(), number + 1
        self._client.http.close()


class Searches:
    """Searches in an endless loop, and notes failures and totals that are less than one before."""

    def __init__(self, port: int, token: str) -> None:
        self._client = Client(port, token)
        self.longest = 0.0
        self.wrong: list[str] = []
        self.statuses: dict[int, int] = {}

    def run(self, stopping: threading.Event) -> None:
        total = 0
        while not stopping.is_set():
            took, reply = self._client.send("POST", "/v1/contacts", json={"per_page": 3})
            self.longest = max(self.longest, took)
            self.statuses[reply.status_code] = self.statuses.get(reply.status_code, 0) + 1
            if reply.status_code == 200:
                found = reply.json()
                if found["meta"]["total"] < total or len(found["data"]) != min(3, found["meta"]["total"]):
                    self.wrong.append(reply.text[-500:])
                total = found["meta"]["total"]
            else:
                self.wrong.append(reply.text)
        self._client.http.close()


@pytest.fixture
def servers() -> Iterator[list[PostgresServer]]:
    """A primary and its standby."""
    if not ROUNDS:
        pytest.skip("crashes of a primary take a minute: make reliability")
    with running_server(durable=True) as primary:
        primary.create_database("letrics")
        with running_standby(primary) as standby:
            yield [primary, standby]


@pytest.fixture
def pair(servers: list[PostgresServer]) -> list[PostgresServer]:
    """A primary, whose commits wait for its standby, and that standby."""
    wait_for_standby(servers[0])
    return servers


def wait_for_standby(primary: PostgresServer) -> None:
    """Make commits wait for the standby, and wait until it has all of them."""
    with psycopg.connect(primary.url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
        sql = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        wait_for(lambda: connection.execute(sql).fetchone() is not None, 30)


def in_background(run: Callable[[threading.Event], None], stopping: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=run, args=(stopping,))
    thread.start()
    return thread


@pytest.mark.parametrize("outage", [0.0, 6.0])
def test_no_acknowledged_upsert_is_lost_in_a_failover(
    tmp_path: Path, pair: list[PostgresServer], outage: float
) -> None:
    """`outage` is the number of seconds without a primary."""
    primary, standby = pair
    ports = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    url = f"postgresql://letrics@{ports}/letrics"
    token = filled(tmp_path, url)
    stopping = threading.Event()
    with serving(tmp_path / "home", url, token) as client:
        wait_for(lambda: client.send("GET", "/readyz")[1].status_code == 200, 30)
        upserts, searches = Upserts(client.port, token), Searches(client.port, token)
        threads = [in_background(each.run, stopping) for each in (upserts, searches)]
        for _ in range(ROUNDS):
            time.sleep(3)
            primary.stop("immediate")
            time.sleep(outage)
            standby.promote()
            time.sleep(_RESUMED_SECONDS)
            primary.remove()
            primary.create_standby_of(standby)
            primary, standby = standby, primary
            wait_for_standby(primary)
        stopping.set()
        for thread in threads:
            thread.join()
        wait_for(lambda: total(client.http) == 2 + len(upserts.done), 10)
    with psycopg.connect(primary.url_of("letrics")) as connection:
        ids = connection.execute("SELECT convert_from(document, 'UTF8')::json ->> 'id' FROM contact")
        stored = {row[0] for row in ids}
    sys.stderr.write(
        f"\n{ROUNDS} crashes, promoted after {outage:g} s: upserts {upserts.statuses}, longest gap "
        f"{upserts.longest_gap:.2f} s; searches {searches.statuses}, longest {searches.longest:.2f} s\n"
    )
    assert set(upserts.done) <= stored
    assert upserts.longest_gap < outage + _RESUMED_SECONDS and set(upserts.statuses) <= {200, 503}
    assert not searches.wrong, searches.wrong
    assert searches.longest < _LONGEST_SECONDS


def test_no_stored_row_of_an_import_is_lost_in_a_failover(tmp_path: Path, pair: list[PostgresServer]) -> None:
    primary, standby = pair
    url = f"postgresql://letrics@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/letrics"
    filled(tmp_path, url)
    home, file = tmp_path / "home", tmp_path / "many.jsonl"
    rows = (
        {"id": f"i{number}", "full_name": f"I {number}", "company_domain": "a.example"} for number in range(_IMPORTED)
    )
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    with psycopg.connect(primary.url_of("letrics"), autocommit=True) as connection:
        process = start(home, "import", file, "--json", database=url, batch_size=_BATCH)
        # Commits are seen here after the standby has them.
        wait_for(lambda: count(connection) >= 2 + 4 * _BATCH, PATIENCE)
        seen = count(connection)
    primary.stop("immediate")
    standby.promote()
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, 3) and "Traceback" not in err, err
    with psycopg.connect(standby.url_of("letrics"), autocommit=True) as connection:
        stored = count(connection)
    record = json.loads(run_here(home, "imports", "--limit", "1", "--json", database=url))[0]
    assert stored >= seen and record["changes"]["new"] == stored - 2
    assert process.returncode == 3 or json.loads(out)["new"] == stored - 2 == _IMPORTED
    again = json.loads(run_here(home, "import", file, "--json", database=url))
    assert (again["new"], again["changed"], again["unchanged"]) == (2 + _IMPORTED - stored, 0, stored - 2)
    run_here(home, "check", database=url)
    sys.stderr.write(f"\nimport ended with {process.returncode} after {stored - 2:,} of {_IMPORTED:,} rows\n")


def count(connection: psycopg.Connection[tuple[int]]) -> int:
    """The number of contacts that other transactions see."""
    row = connection.execute("SELECT count(*) FROM contact").fetchone()
    assert row is not None
    return row[0]


def test_a_standby_that_lacks_changes_has_its_index_built_again(tmp_path: Path, servers: list[PostgresServer]) -> None:
    primary, standby = servers
    url = f"postgresql://letrics@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/letrics"
    token = filled(tmp_path, url)
    with serving(tmp_path / "home", url, token) as client:
        wait_for(lambda: total(client.http) == 2, 30)
        time.sleep(1)  # the standby receives what there is
        standby.stop()
        for number in range(3):
            put(client.http, f"lost{number}")
        wait_for(lambda: total(client.http) == 5, 10)
        primary.stop("immediate")
        standby.start()
        standby.promote()
        wait_for(lambda: total(client.http) == 2, 10)
        for number in range(4):  # the same numbers in the log, for other records
            put(client.http, f"new{number}")
        wait_for(lambda: total(client.http) == 6, 10)
        reply = client.http.post("/v1/contacts", json={"per_page": 10, "fields": ["id"]})
        assert [record["id"] for record in reply.json()["data"]][2:] == [f"new{number}" for number in range(4)]


def put(client: httpx.Client, name: str) -> None:
    records = [{"id": name, "full_name": f"P {name}", "company_domain": "b.example"}]
    assert client.post("/v1/contacts/upsert", json={"records": records}).status_code == 200


def total(client: httpx.Client) -> int:
    reply = client.post("/v1/contacts", json={"per_page": 1})
    return int(reply.json()["meta"]["total"]) if reply.status_code == 200 else -1
