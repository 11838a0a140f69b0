"""Two servers with their own home directories, over one PostgreSQL database."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from letrics.accounts.sessions import Sessions
from letrics.backends.postgres_accounts import PostgresAccounts
from tests.reliability.running import run_here, until
from tests.reliability.test_postgres_outages import Client, serving
from tests.servers.postgres import new_database

USER = "tests@people.example"


class Hosts:
    """Two hosts that serve the same database."""

    def __init__(self, url: str, home: Path, clients: tuple[Client, Client]) -> None:
        self.url = url
        self.home = home
        self.clients = clients

    def command(self, *words: object) -> str:
        """Run a command on a third host; returns its output."""
        return run_here(self.home, *words, database=self.url)

    def token(self, *options: str) -> dict[str, Any]:
        made: dict[str, Any] = json.loads(
            self.command("token", "create", "--user", USER, "--name", "x", *options, "--json")
        )
        return made


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    url = new_database()
    run_here(tmp_path / "third", "user", "add", USER, database=url)
    words = ("token", "create", "--user", USER, "--name", "tests", "--scope", "write")
    token = run_here(tmp_path / "third", *words, database=url).strip()
    with ExitStack() as stack:
        first, second = (stack.enter_context(serving(tmp_path / name, url, token)) for name in ("first", "second"))
        for client in (first, second):
            until(lambda client=client: client.send("GET", "/readyz")[1].status_code == 200)
        yield Hosts(url, tmp_path / "third", (first, second))


def names(client: Client) -> list[str]:
    reply = client.http.post("/v1/contacts", json={"per_page": 100})
    return [record["full_name"] for record in reply.json()["data"]] if reply.status_code == 200 else []


def put(client: Client, name: str, key: str) -> httpx.Response:
    body = {"records": [{"id": key, "full_name": name}]}
    return client.http.post("/v1/contacts/upsert", json=body, headers={"Idempotency-Key": key})


def check_session(hosts: Hosts) -> None:
    """A session that one host began is one of the other, and ends there as well."""
    first, second = (f"http://127.0.0.1:{client.port}" for client in hosts.clients)
    link = hosts.command("user", "link", USER, "--url", first).strip()
    with httpx.Client() as browser:
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', browser.get(link).text))
        assert browser.post(link, data=fields).status_code == 303
        assert browser.get(f"{second}/settings").status_code == 200
        with PostgresAccounts(hosts.url).open() as accounts:
            Sessions(accounts).end_all(1)
        until(lambda: browser.get(f"{second}/settings").status_code == 303, 1)


@pytest.mark.slow
def test_hosts_share_records_keys_and_sessions(hosts: Hosts) -> None:
    first, second = hosts.clients
    assert put(first, "Ann Archer", "one").status_code == 200
    until(lambda: names(second) == ["Ann Archer"], 5)
    assert put(second, "Bob Bolt", "two").status_code == 200
    until(lambda: names(first) == names(second) == ["Ann Archer", "Bob Bolt"], 5)

    again = put(second, "Ann Archer", "one")
    assert again.headers["idempotent-replayed"] == "true", "the other host carried it out"

    page = first.http.post("/v1/contacts", json={"per_page": 1}).json()
    following = second.http.post("/v1/contacts", json={"per_page": 1, "cursor": page["meta"]["next_cursor"]}).json()
    assert [page["data"][0]["full_name"], following["data"][0]["full_name"]] == ["Ann Archer", "Bob Bolt"]

    made = hosts.token()
    revoked = {"Authorization": f"Bearer {made['token']}"}
    for client in hosts.clients:
        assert client.http.get("/v1/account", headers=revoked).status_code == 200
    hosts.command("token", "revoke", made["id"])
    since = time.monotonic()
    for client in hosts.clients:
        until(lambda client=client: client.http.get("/v1/account", headers=revoked).status_code == 401, 1)
    assert time.monotonic() - since < 1
    check_session(hosts)
