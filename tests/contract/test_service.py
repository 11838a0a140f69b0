"""A service in separate processes: started by the command line, changed by other processes, stopped by signals."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from letrics.accounts.database import AccountsDatabase
from letrics.accounts.sessions import Sessions
from letrics.accounts.tokens import Tokens
from letrics.accounts.users import Users
from letrics.accounts.verifier import CHECK_SECONDS
from letrics.identity.patches import CompanyPatch, ContactPatch
from letrics.settings import Home
from tests.contract.running import LETRICS, PATIENCE, Running, running
from tests.default_backends import open_store
from tests.reliability.running import environment, until


@pytest.fixture(params=["1", "2"], ids=["one process", "two processes"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path / "home", "--workers", request.param) as service:
        yield service


def test_a_service_lives_follows_and_ends(service: Running) -> None:
    client = service.client
    assert client.get("/readyz").status_code == 200
    page = client.post("/v1/contacts", json={"job_titles": ["manager"]}).json()
    assert [record["id"] for record in page["data"]] == ["ann", "cyd"]

    with open_store(service.home.database) as store:
        store.put_companies([CompanyPatch(domain="new.example", industries=("Novelty",))])
    for _ in range(8):  # reach every process
        until(lambda: client.get("/v1/companies?industries=novelty").json()["meta"]["total"] == 1)

    deleted = client.delete("/v1/companies/acme.example", params={"with_contacts": "true"})
    assert deleted.json()["data"] == {"deleted": 3}
    assert client.get("/v1/contacts/ann").status_code == 404
    until(lambda: client.get("/v1/contacts").json()["meta"]["total"] == 3)

    requests = client.get("/metrics").text
    assert 'letrics_requests_total{method="DELETE",route="/v1/companies/{domain}",status="200"} 1.0' in requests

    with AccountsDatabase(service.home.accounts) as accounts:
        Tokens(accounts).revoke(service.token)
        time.sleep(1)
        for _ in range(8):
            with httpx.Client(base_url=client.base_url, headers=client.headers) as fresh:
                assert fresh.get("/v1/contacts").status_code == 401

    service.process.send_signal(signal.SIGTERM)
    assert service.process.wait(PATIENCE) == 0
    with AccountsDatabase(service.home.accounts) as accounts:
        assert Tokens(accounts).get(service.token).last_used_at is not None


def test_an_interrupt_ends_it_with_130(service: Running) -> None:
    service.process.send_signal(signal.SIGINT)
    assert service.process.wait(PATIENCE) == 130
    assert service.process.stderr is not None
    assert "Traceback" not in service.process.stderr.read()


def test_upserted_record_is_found_and_not_upserted_twice(service: Running) -> None:
    records = [{"id": "new", "full_name": "Nia New", "company": {"domain": "new.example", "industries": ["Novelty"]}}]
    headers = {**service.client.headers, "Idempotency-Key": "k1"}
    first = service.client.post("/v1/contacts/upsert", json={"records": records}, headers=headers)
    assert [result["status"] for result in first.json()["data"]] == ["new"], first.text
    for _ in range(8):  # reach every process
        with httpx.Client(base_url=service.client.base_url, headers=headers) as fresh:
            until(lambda client=fresh: client.get("/v1/contacts?industries=novelty").json()["meta"]["total"] == 1)
            again = fresh.post("/v1/contacts/upsert", json={"records": records})
            assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")


def test_a_process_that_dies_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--workers", "2") as service:
        before = service.workers()
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(service.workers()) == 2 and before[0] not in service.workers())
        for _ in range(8):
            with httpx.Client(base_url=service.client.base_url, headers=service.client.headers) as fresh:
                assert fresh.get("/v1/contacts").json()["meta"]["total"] == 5
        workers = service.workers()
        service.process.kill()
        service.process.wait(PATIENCE)
        until(lambda: not any(alive(pid) for pid in workers))


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.slow
def test_workers_save_an_index_that_had_to_be_built(tmp_path: Path) -> None:
    """The index is saved so that the next start need not rebuild it. 100,000 changes justify saving it."""
    home = Home(tmp_path).make()
    with open_store(home.database) as store:
        store.put_contacts([ContactPatch(company="one.example", external_id=f"c{n}") for n in range(100_000)])
    with running(tmp_path, "--workers", "2"):
        assert home.snapshot.exists()


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [*LETRICS, "serve", "--home", str(tmp_path), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False)
    assert done.returncode == 3
    assert f"127.0.0.1:{port} is in use by another program" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_that_cannot_be(tmp_path: Path) -> None:
    command = [*LETRICS, "serve", "--home", str(tmp_path), "--port", "70000"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=PATIENCE, check=False)
    assert done.returncode == 2
    assert "port" in done.stderr


def test_session_is_valid_and_ends_in_every_process(service: Running) -> None:
    with AccountsDatabase(service.home.accounts) as accounts:
        user = Users(accounts).get("ann@people.example").id
        cookies = {"letrics_session": Sessions(accounts).open(user)}
        for _ in range(8):  # reach every process, by separate connections
            assert httpx.get(f"{service.client.base_url}/settings", cookies=cookies).status_code == 200
        Sessions(accounts).end_all(user)
        ended = time.monotonic()
        until(lambda: httpx.get(f"{service.client.base_url}/settings", cookies=cookies).status_code == 303)
        time.sleep(max(0.0, ended + CHECK_SECONDS - time.monotonic()))
        for _ in range(8):
            assert httpx.get(f"{service.client.base_url}/settings", cookies=cookies).status_code == 303
