"""Files that are removed or replaced under a running server: it refuses, and goes on with what was put there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.reliability.running import Server, letrics, make_token, run_here, serving, until


def people(path: Path, name: str, count: int) -> Path:
    rows = [{"id": f"{name}{n}", "full_name": f"{name} {n}", "company_domain": "a.example"} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    home = tmp_path / "home"
    run_here(home, "import", people(tmp_path / "contacts.jsonl", "old", 30))
    with serving(home, workers=request.param) as running:
        yield running


def asked(server: Server, method: str, path: str) -> httpx.Response:
    """A request on a new connection, so that every process is reached."""
    return server.client.request(method, path, headers={"Connection": "close"})


def all_are(server: Server, status: int, path: str = "/readyz", method: str = "GET") -> bool:
    return all(asked(server, method, path).status_code == status for _ in range(12))


@pytest.mark.slow
def test_a_removed_database_is_not_recreated(server: Server, tmp_path: Path) -> None:
    path = server.home / "letrics.db"
    path.rename(tmp_path / "away.db")
    until(lambda: all_are(server, 503))
    until(lambda: all_are(server, 503, "/v1/contacts?full_names=nobody"))
    for method, target in (("GET", "/v1/contacts"), ("GET", "/v1/contacts/old1"), ("DELETE", "/v1/contacts/old1")):
        reply = asked(server, method, target)
        assert (reply.status_code, reply.json()["errors"][0]["id"]) == (503, "unavailable")
        assert int(reply.headers["retry-after"]) > 0
    assert not path.exists() and server.alive()
    (tmp_path / "away.db").rename(path)
    until(lambda: all_are(server, 200))
    assert server.total("contacts") == 30
    assert asked(server, "DELETE", "/v1/contacts/old1").json()["data"] == {"deleted": 1}


@pytest.mark.slow
def test_a_replaced_database_is_served_once_it_is_indexed(server: Server, tmp_path: Path) -> None:
    other = tmp_path / "other"
    letrics(other, "import", people(tmp_path / "contacts.jsonl", "new", 50))
    (other / "letrics.db").replace(server.home / "letrics.db")
    seen = set()

    def served() -> bool:
        reply = asked(server, "GET", "/v1/contacts?per_page=100")
        if reply.status_code == 200:
            data, meta = reply.json()["data"], reply.json()["meta"]
            names = {record["id"][:3] for record in data}
            assert len(names) == 1 and meta["total"] == len(data) == {"old": 30, "new": 50}[next(iter(names))]
            return names == {"new"}
        seen.add(reply.status_code)
        return False

    until(lambda: all(served() for _ in range(12)))
    assert seen <= {503}
    until(lambda: all_are(server, 200))
    assert asked(server, "DELETE", "/v1/contacts/old1").status_code == 404
    assert asked(server, "DELETE", "/v1/contacts/new1").json()["data"] == {"deleted": 1}
    until(lambda: server.total("contacts") == 49)
    assert "49 contacts" in letrics(server.home, "check")


@pytest.mark.slow
def test_removed_accounts_are_not_recreated(server: Server, tmp_path: Path) -> None:
    path = server.home / "accounts.db"
    assert asked(server, "GET", "/v1/contacts").status_code == 200
    path.rename(tmp_path / "away.db")
    until(lambda: all_are(server, 503, "/v1/contacts"))
    until(lambda: all_are(server, 503))
    for page in ("/", "/signin", "/setup"):
        asked(server, "GET", page)
    assert not path.exists()
    other = tmp_path / "other"
    letrics(other, "user", "add", "tests@people.example")
    secret = make_token(other)
    (other / "accounts.db").replace(path)
    until(lambda: all_are(server, 401, "/v1/contacts"))
    server.client.headers["Authorization"] = f"Bearer {secret}"
    until(lambda: all_are(server, 200, "/v1/contacts"))
