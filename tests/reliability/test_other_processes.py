"""A running server follows what other processes do: imports, deletions, and tokens that are revoked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.running import Server, letrics, make_token, serving, until

ATTEMPTS = 3
"""A busy machine may be slow once: one attempt in three within the second is enough."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("home") / "letrics", workers=2) as running:
        yield running


def people(path: Path, company: str, count: int) -> Path:
    rows = [{"id": f"{company}-{n}", "full_name": f"Jo {n}", "company_domain": company} for n in range(count)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.mark.slow
def test_an_import_is_seen_within_a_second_while_answers_go_on(server: Server, tmp_path: Path) -> None:
    stop = threading.Event()
    statuses: list[int] = []

    def ask() -> None:
        while not stop.wait(0.005):
            statuses.append(server.client.post("/v1/contacts", json={"per_page": 1}).status_code)

    asking = threading.Thread(target=ask)
    asking.start()
    lags = []
    try:
        for attempt in range(ATTEMPTS):
            company = f"fresh{attempt}.example"
            letrics(server.home, "import", people(tmp_path / "contacts.jsonl", company, 300))
            lags.append(until(lambda company=company: server.total("contacts", domains=[company]) == 300))
    finally:
        stop.set()
        asking.join()
    assert min(lags) <= 1.0, f"seen after {lags} seconds"
    assert set(statuses) == {200} and len(statuses) > 20


@pytest.mark.slow
def test_a_deletion_is_seen(server: Server, tmp_path: Path) -> None:
    letrics(server.home, "import", people(tmp_path / "contacts.jsonl", "gone.example", 3))
    until(lambda: server.total("contacts", domains=["gone.example"]) == 3)
    letrics(server.home, "delete", "companies", "gone.example", "--with-contacts", "--yes")
    until(lambda: server.total("contacts", domains=["gone.example"]) == 0)
    assert server.client.get("/v1/companies/gone.example").status_code == 404


@pytest.mark.slow
def test_revoked_token_is_refused_by_every_worker_in_a_second(server: Server) -> None:
    lags = []
    for attempt in range(ATTEMPTS):
        name = f"short-lived {attempt}"
        secret = make_token(server.home, name)
        headers = {"Authorization": f"Bearer {secret}", "Connection": "close"}

        def status(headers: dict[str, str] = headers) -> int:
            return server.client.post("/v1/contacts", json={}, headers=headers).status_code

        until(lambda status=status: status() == 200)
        tokens = json.loads(letrics(server.home, "token", "list", "--json"))
        (number,) = (token["id"] for token in tokens if token["name"] == name)
        letrics(server.home, "token", "revoke", number)
        lags.append(until(lambda status=status: all(status() == 401 for _ in range(12))))
    assert min(lags) <= 1.0, f"refused after {lags} seconds"


@pytest.mark.slow
def test_a_disabled_user_is_refused(server: Server) -> None:
    letrics(server.home, "user", "add", "leaver@people.example")
    secret = letrics(server.home, "token", "create", "--user", "leaver@people.example", "--name", "x").strip()
    headers = {"Authorization": f"Bearer {secret}"}
    until(lambda: server.client.get("/v1/contacts", headers=headers).status_code == 200)
    letrics(server.home, "user", "disable", "leaver@people.example")
    until(lambda: server.client.get("/v1/contacts", headers=headers).status_code == 401)
